import { describe, expect, test } from "vitest";
import {
  callbackPath,
  type ProviderVariables,
  readProvider,
  readProviders,
} from "../../../../src/auth/oidc/settings.ts";

const KEYCLOAK = {
  OIDC_ISSUER: "https://login.lab.example/realms/lab",
  OIDC_CLIENT_ID: "registry",
  OIDC_CLIENT_SECRET: "secret",
};

const read = (more: ProviderVariables = {}) => readProvider({ ...KEYCLOAK, ...more }, 1);

describe("the configuration of a provider", () => {
  test("needs an issuer, a client and its secret; the rest has defaults", () => {
    expect(read()).toEqual({
      number: 1,
      name: "login.lab.example",
      issuer: "https://login.lab.example/realms/lab",
      clientId: "registry",
      clientSecret: "secret",
      scopes: "openid email profile",
      knownBy: "email",
      trustsEmail: false,
      createUsers: [],
      faults: [],
    });
  });

  test("is absent without an issuer", () => {
    expect(readProviders({})).toEqual([]);
    expect(read({ OIDC_ISSUER: " " })).toBeUndefined();
  });

  test("may be there for three providers, each with a callback of its own", () => {
    const providers = readProviders({
      OIDC_3_ISSUER: "https://accounts.google.com",
      OIDC_2_ISSUER: "https://orcid.org",
      ...KEYCLOAK,
    });
    expect(providers.map(({ number, issuer }) => [number, issuer])).toEqual([
      [1, KEYCLOAK.OIDC_ISSUER],
      [2, "https://orcid.org"],
      [3, "https://accounts.google.com"],
    ]);
    expect(providers.map(({ number }) => callbackPath(number))).toEqual([
      "/account/callback",
      "/account/callback/2",
      "/account/callback/3",
    ]);
    // Nothing of the first one counts for another.
    expect(providers[1]?.faults).toEqual([
      "OIDC_2_CLIENT_ID is not set",
      "OIDC_2_CLIENT_SECRET is not set: npx wrangler secret put",
    ]);
  });

  test.each([
    ["https://orcid.org", "orcid", "openid"],
    ["https://orcid.org/", "orcid", "openid"],
    ["https://sandbox.orcid.org", "orcid", "openid"],
    ["https://orcid.org.other.example", "email", "openid email profile"],
    ["https://login.lab.example/orcid.org", "email", "openid email profile"],
  ])("of the issuer %s knows people by %s", (issuer, knownBy, scopes) => {
    expect(read({ OIDC_ISSUER: issuer })).toMatchObject({ knownBy, scopes, faults: [] });
  });

  test("may begin with the address of the discovery document", () => {
    const issuer = `${KEYCLOAK.OIDC_ISSUER}/.well-known/openid-configuration`;
    expect(read({ OIDC_ISSUER: issuer })?.issuer).toBe(KEYCLOAK.OIDC_ISSUER);
  });

  test.each([
    ["", "openid email profile"],
    ["email", "openid email"],
    ["openid  openid,email", "openid email"],
  ])("has in its scopes %j always openid", (scopes, read_) => {
    expect(read({ OIDC_SCOPES: scopes })?.scopes).toBe(read_);
  });

  test("lists the domains whose people become users", () => {
    expect(read({ OIDC_CREATE_USERS: " Lab.Example,@other.example\n" })?.createUsers).toEqual([
      "lab.example",
      "other.example",
    ]);
  });

  test.each<[ProviderVariables, string]>([
    [{ OIDC_ISSUER: "login.lab.example" }, "OIDC_ISSUER is not an https:// address"],
    [{ OIDC_ISSUER: "http://login.lab.example" }, "OIDC_ISSUER is not an https:// address"],
    [{ OIDC_ISSUER: "http://127.0.0.1.other.example" }, "OIDC_ISSUER is not an https:// address"],
    [{ OIDC_ISSUER: "https://login.lab.example/?a=b" }, "OIDC_ISSUER is not an https:// address"],
    [{ OIDC_ISSUER: "https://login.lab.example/#a" }, "OIDC_ISSUER is not an https:// address"],
    [{ OIDC_ISSUER: "https://a:b@login.lab.example" }, "OIDC_ISSUER is not an https:// address"],
    [{ OIDC_ISSUER: "javascript:alert(1)" }, "OIDC_ISSUER is not an https:// address"],
    [{ OIDC_CLIENT_ID: " " }, "OIDC_CLIENT_ID is not set"],
    [{ OIDC_CLIENT_SECRET: "" }, "OIDC_CLIENT_SECRET is not set"],
    [{ OIDC_KNOWN_BY: "name" }, "OIDC_KNOWN_BY is neither email nor orcid"],
    [{ OIDC_TRUST_EMAIL: "yes" }, "OIDC_TRUST_EMAIL is neither true nor false"],
  ])("with %j has a fault, and never the secret in it", (more, fault) => {
    const faults = read({ OIDC_CLIENT_SECRET: "hush-hush", ...more })?.faults ?? [];
    expect(faults).toEqual([expect.stringContaining(fault)]);
    expect(faults.join()).not.toContain("hush-hush");
  });

  test.each(["http://127.0.0.1:9000", "http://localhost:9000/realm", "http://[::1]:9000"])(
    "may have the provider on this machine without encryption: %s",
    (issuer) => {
      expect(read({ OIDC_ISSUER: issuer })?.faults).toEqual([]);
    },
  );
});

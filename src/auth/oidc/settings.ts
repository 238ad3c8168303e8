import { isLoopback } from "../loopback.ts";

// The OpenID Connect providers that the operator has configured. The first one has variables such as
// OIDC_ISSUER, the others OIDC_2_ISSUER and OIDC_3_ISSUER.

/** The numbers of the providers that can be configured. */
export const PROVIDER_NUMBERS = [1, 2, 3] as const;

export type ProviderNumber = (typeof PROVIDER_NUMBERS)[number];

type Setting =
  | "ISSUER"
  | "CLIENT_ID"
  | "CLIENT_SECRET"
  | "SCOPES"
  | "NAME"
  | "KNOWN_BY"
  | "TRUST_EMAIL"
  | "CREATE_USERS";

type Prefix = "OIDC" | "OIDC_2" | "OIDC_3";

/** The variables and secrets of the Worker that configure the providers. */
export type ProviderVariables = { readonly [Name in `${Prefix}_${Setting}`]?: string };

/** A configured provider. */
export interface Provider {
  readonly number: ProviderNumber;
  /** What people call it: the label of its button, and the way of a sign-in in the history. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Separated by spaces; `openid` is one of them. */
  readonly scopes: string;
  /** What tells its users apart: the verified email, or the ORCID iD that is the subject of its tokens. */
  readonly knownBy: "email" | "orcid";
  /** Whether an email counts as verified when the provider does not say. */
  readonly trustsEmail: boolean;
  /** The email domains, in lower case, whose people become users with their first sign-in. */
  readonly createUsers: readonly string[];
  /** What is wrong with the configuration, for the log. With a fault nobody can sign in here. */
  readonly faults: readonly string[];
}

/** The path without a closing slash to which a provider sends the browser back. Each has one of its own. */
export function callbackPath(number: ProviderNumber): `/${string}` {
  return number === 1 ? "/account/callback" : `/account/callback/${number}`;
}

/** The providers that have an issuer, in their order. */
export function readProviders(variables: ProviderVariables): readonly Provider[] {
  return PROVIDER_NUMBERS.flatMap((number) => readProvider(variables, number) ?? []);
}

/** @returns undefined when no provider is configured under this number */
export function readProvider(
  variables: ProviderVariables,
  number: ProviderNumber,
): Provider | undefined {
  const prefix: Prefix = number === 1 ? "OIDC" : `OIDC_${number}`;
  const setting = (name: Setting) => (variables[`${prefix}_${name}`] ?? "").trim();
  // People copy the address of the discovery document, too.
  const issuer = setting("ISSUER").replace(/\/\.well-known\/openid-configuration$/, "");
  if (issuer === "") return undefined;
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const isOrcid = ["https://orcid.org", "https://sandbox.orcid.org"].includes(url?.origin ?? "");
  const knownBy = setting("KNOWN_BY") || (isOrcid ? "orcid" : "email");
  const trust = setting("TRUST_EMAIL");
  const clientId = setting("CLIENT_ID");
  const clientSecret = setting("CLIENT_SECRET");
  const isIssuer = url !== undefined && isPlainAddress(url);
  const checks: readonly (readonly [boolean, string])[] = [
    [isIssuer, "ISSUER is not an https:// address without a query"],
    [clientId !== "", "CLIENT_ID is not set"],
    [clientSecret !== "", "CLIENT_SECRET is not set: npx wrangler secret put"],
    [["email", "orcid"].includes(knownBy), "KNOWN_BY is neither email nor orcid"],
    [["", "true", "false"].includes(trust), "TRUST_EMAIL is neither true nor false"],
  ];
  return {
    number,
    name: [...setting("NAME")].slice(0, 60).join("") || (url?.host ?? issuer),
    issuer,
    clientId,
    clientSecret,
    scopes: readScopes(setting("SCOPES"), isOrcid),
    knownBy: knownBy === "orcid" ? "orcid" : "email",
    trustsEmail: trust === "true",
    createUsers: words(setting("CREATE_USERS")).map((domain) =>
      domain.replace(/^@/, "").toLowerCase(),
    ),
    faults: checks.filter(([holds]) => !holds).map(([, fault]) => `${prefix}_${fault}`),
  };
}

/** Plain http is for providers on this machine, in tests. */
function isPlainAddress({ protocol, hostname, search, hash, username, password }: URL): boolean {
  const isSecure = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
  return isSecure && search + hash + username + password === "";
}

function readScopes(written: string, isOrcid: boolean): string {
  const scopes = words(written || (isOrcid ? "openid" : "openid email profile"));
  return [...new Set(["openid", ...scopes])].join(" ");
}

const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== "");

import { describe, expect, test } from "vitest";
import { type Claims, mayJoin, readPerson } from "../../../../src/auth/oidc/person.ts";

const BY_EMAIL = { knownBy: "email", trustsEmail: false } as const;
const TRUSTED = { knownBy: "email", trustsEmail: true } as const;
const BY_ORCID = { knownBy: "orcid", trustsEmail: true } as const;

const email = "ada@lab.example";

describe("the person of an ID token", () => {
  test.each<[Claims, { readonly firstName: string; readonly lastName: string }]>([
    [
      { given_name: "Ada", family_name: "Lovelace", name: "A. L." },
      { firstName: "Ada", lastName: "Lovelace" },
    ],
    [{ name: "Ada Lovelace" }, { firstName: "Ada Lovelace", lastName: "" }],
    [
      { family_name: "Lovelace", name: "Ada Lovelace" },
      { firstName: "", lastName: "Lovelace" },
    ],
    [
      { given_name: 1, family_name: ["x"] },
      { firstName: "", lastName: "" },
    ],
  ])("has the names in %j", (claims, names) => {
    const person = readPerson(BY_EMAIL, { email, email_verified: true, ...claims });
    expect(person).toEqual({ knownBy: "email", email, ...names });
  });

  test.each<[unknown, boolean, boolean]>([
    [true, true, true],
    ["true", true, true],
    [undefined, false, true],
    [false, false, false],
    ["false", false, false],
    [null, false, false],
    [1, false, false],
    ["TRUE", false, false],
    [["true"], false, false],
  ])(
    "with email_verified %j is known: %j; where the operator vouches: %j",
    (claim, known, trusted) => {
      const claims = { email, email_verified: claim };
      for (const [provider, isKnown] of [
        [BY_EMAIL, known],
        [TRUSTED, trusted],
      ] as const) {
        const person = readPerson(provider, claims);
        expect(person).toMatchObject(isKnown ? { email } : { lacks: "verification", email });
      }
    },
  );

  test.each([
    ["ADA@LAB.example", "ada@lab.example"],
    ["é@lab.example", "é@lab.example"],
    ["É@lab.example", "É@lab.example"],
    ["\u212aay@lab.example", "\u212aay@lab.example"],
    ["\u0130@lab.example", "\u0130@lab.example"],
  ])("with the email %j is looked up as %j", (written, lookedUp) => {
    expect(readPerson(BY_EMAIL, { email: written, email_verified: true })).toMatchObject({
      email: lookedUp,
    });
  });

  test.each([
    undefined,
    null,
    "",
    "@lab.example",
    "ada",
    "ada@",
    "a@b@c",
    " ada@lab.example",
    "ada@lab.example\n",
    "ada\u00a0@lab.example",
    "ada\u200b@lab.example",
    "ada\0@lab.example",
    "\ud800@lab.example",
    `${"x".repeat(65)}@lab.example`,
    `x@${"y".repeat(190)}`,
    ["ada@lab.example"],
    { email },
  ])("with the email %j has none", (written) => {
    expect(readPerson(TRUSTED, { email: written, email_verified: true })).toEqual({
      lacks: "email",
    });
  });

  test("of ORCID is the subject alone", () => {
    const claims = { sub: "0000-0002-1825-0097", email, email_verified: true };
    expect(readPerson(BY_ORCID, claims)).toEqual({
      knownBy: "orcid",
      orcid: "0000-0002-1825-0097",
    });
    expect(readPerson(BY_ORCID, { ...claims, sub: "ada" })).toEqual({ lacks: "orcid" });
    expect(readPerson(BY_EMAIL, { sub: claims.sub, orcid: claims.sub })).toEqual({
      lacks: "email",
    });
  });
});

describe("who may become a user", () => {
  const createUsers = ["lab.example", "klinik.example"];

  test.each([
    ["ada@lab.example", true],
    ["ada@sub.lab.example", false],
    ["ada@lab.example.other.example", false],
    ["ada@xlab.example", false],
    ["lab.example@other.example", false],
    ["ada@lab.example.", false],
    ["ada@", false],
    ["é@lab.example", true],
    ["É@lab.example", false],
    ["\u212aay@lab.example", false],
    ["ada@\u212alinik.example", false],
  ])("%j: %j", (address, may) => {
    expect(mayJoin({ createUsers }, address)).toBe(may);
  });
});

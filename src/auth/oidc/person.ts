import { foldEmail } from "../../model/membership.ts";
import { parseOrcid } from "../../values/orcid.ts";
import type { Provider } from "./settings.ts";

/** What a provider has said of a person: the claims of an ID token or of the userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>>;

/** By what the service knows a person whom a provider has identified. */
export type Person =
  | {
      readonly knownBy: "email";
      /** Verified, with its ASCII letters in lower case. */
      readonly email: string;
      readonly firstName: string;
      readonly lastName: string;
    }
  | { readonly knownBy: "orcid"; readonly orcid: string };

/** Why nobody is known by what a provider has said. */
export type Unidentified =
  | { readonly lacks: "email" }
  | { readonly lacks: "verification"; readonly email: string }
  | { readonly lacks: "orcid" };

/** An email of the lengths that mail allows, without invisible characters. */
const EMAIL = /^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,189}$/u;

/**
 * Reads who a person is from the claims of a provider. All of the claims have one source: the email of one
 * says nothing about the verification in another.
 */
export function readPerson(
  { knownBy, trustsEmail }: Pick<Provider, "knownBy" | "trustsEmail">,
  claims: Claims,
): Person | Unidentified {
  if (knownBy === "orcid") {
    const orcid = parseOrcid(textOf(claims.sub));
    return orcid === undefined ? { lacks: "orcid" } : { knownBy, orcid };
  }
  const email = lowerAscii(textOf(claims.email));
  if (!EMAIL.test(email)) return { lacks: "email" };
  if (!isVerified(claims.email_verified, trustsEmail)) return { lacks: "verification", email };
  const [given, family] = [textOf(claims.given_name), textOf(claims.family_name)];
  const firstName = given === "" && family === "" ? textOf(claims.name) : given;
  return { knownBy, email, firstName, lastName: family };
}

/**
 * Without the claim an email is not verified, unless the operator vouches for the provider: some providers let
 * people write any email into their account. An email that is said not to be verified never counts. Some
 * providers send the boolean as a text.
 */
function isVerified(claim: unknown, trustsEmail: boolean): boolean {
  return claim === true || claim === "true" || (claim === undefined && trustsEmail);
}

const textOf = (claim: unknown) => (typeof claim === "string" ? claim : "");

/**
 * ASCII alone: the lower case of other letters can be an ASCII letter (that of the Kelvin sign is `k`), and
 * would make one address of two.
 */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Whether the people of this email's domain become users with their first sign-in. The operator enters an email
 * that would be stored as another one.
 */
export function mayJoin({ createUsers }: Pick<Provider, "createUsers">, email: string): boolean {
  return (
    foldEmail(email) === email && createUsers.includes(email.slice(email.lastIndexOf("@") + 1))
  );
}

import { type SQL, sql } from "drizzle-orm";
import { users } from "../../db/schema/users.ts";

/** By what a user who signs in through an identity provider is known. */
export type Identity =
  | { readonly knownBy: "email"; readonly email: string }
  | { readonly knownBy: "orcid"; readonly orcid: string };

/**
 * The `id` of the user with this email, or with this ORCID iD as the operator has entered it. The iD in the
 * profile does not count: anybody may write any iD there.
 */
export function findUser(identity: Identity): SQL {
  const condition =
    identity.knownBy === "email"
      ? sql`${users.email} = ${identity.email}`
      : sql`${users.signInOrcid} = ${identity.orcid}`;
  return sql`SELECT ${users.id} FROM ${users} WHERE ${condition}`;
}

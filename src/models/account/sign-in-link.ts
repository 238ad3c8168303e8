import { eq, type SQL, sql } from "drizzle-orm";
import { shownName } from "../../db/access.ts";
import { builder } from "../../db/builder.ts";
import { signInLinks } from "../../db/schema/sign-in.ts";
import { users } from "../../db/schema/users.ts";
import type { Precondition } from "../../model/precondition.ts";

/** A sign-in link that the administrator's command makes. */
export interface NewLink {
  readonly id: string;
  readonly email: string;
  readonly secretHash: string;
  /** Instants in their stored form. */
  readonly createdDate: string;
  readonly expiresDate: string;
}

/** Inserts a link. There is a user with its email. */
export function insertLink({ id, email, secretHash, createdDate, expiresDate }: NewLink): SQL {
  const userId = sql`(SELECT ${users.id} FROM ${users} WHERE ${users.email} = ${email})`;
  return builder
    .insert(signInLinks)
    .values({ id, userId, secretHash, createdDate, expiresDate })
    .getSQL();
}

/** The id of the user of a link, used or not: a query in parentheses. */
export function userOfLink(secretHash: string): SQL {
  return sql`(SELECT ${signInLinks.userId} FROM ${signInLinks}
    WHERE ${signInLinks.secretHash} = ${secretHash})`;
}

/** Uses a link up. */
export function useLink(secretHash: string, now: string): SQL {
  return builder
    .update(signInLinks)
    .set({ usedDate: now })
    .where(eq(signInLinks.secretHash, secretHash))
    .getSQL();
}

const ASK = "Please ask the administrator of the service for a new one.";

/** Why links open nothing, for a person. */
const FAULTS = {
  unknown: `This sign-in link is not known here. Look whether the address is complete. ${ASK}`,
  used: `This sign-in link has been used already. ${ASK}`,
  expired: `This sign-in link has expired. ${ASK}`,
} as const;

/** The fault of the link with this hash, one of the keys of `FAULTS`; null for a good one: an expression. */
const faultOf = (secretHash: string, now: string) => sql`CASE
    WHEN NOT EXISTS (SELECT 1 FROM ${signInLinks} WHERE ${signInLinks.secretHash} = ${secretHash})
      THEN 'unknown'
    ELSE (SELECT CASE WHEN ${signInLinks.usedDate} IS NOT NULL THEN 'used'
        WHEN ${signInLinks.expiresDate} <= ${now} THEN 'expired' END
      FROM ${signInLinks} WHERE ${signInLinks.secretHash} = ${secretHash}) END`;

/** A link is known, unused and has not expired. */
export function linkIsGood(secretHash: string, now: string): Precondition {
  const messages = JSON.stringify(FAULTS);
  return () => sql`SELECT
      json_object('kind', 'blocked', 'message', ${messages} ->> link.fault) AS violation
    FROM (SELECT ${faultOf(secretHash, now)} AS fault) AS link WHERE link.fault IS NOT NULL`;
}

/**
 * What a page shows of a link before it is used: `userName`, and `fault`, the sentence for a link that opens
 * nothing, else null. An unknown link has no name.
 */
export function findLink(secretHash: string, now: string): SQL {
  const messages = JSON.stringify(FAULTS);
  return sql`SELECT ${messages} ->> ${faultOf(secretHash, now)} AS fault,
    (SELECT ${shownName} FROM ${users} WHERE ${users.id} = ${userOfLink(secretHash)}) AS "userName"`;
}

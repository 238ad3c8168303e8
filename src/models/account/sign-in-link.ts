import { type SQL, sql } from "drizzle-orm";
import { shownName } from "../../db/access.ts";
import { bareName, columnNames } from "../../db/names.ts";
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

export function insertLink({ id, email, secretHash, createdDate, expiresDate }: NewLink): SQL {
  const columns = columnNames([
    signInLinks.id,
    signInLinks.userId,
    signInLinks.secretHash,
    signInLinks.createdDate,
    signInLinks.expiresDate,
  ]);
  return sql`INSERT INTO ${signInLinks} (${columns})
    SELECT ${id}, ${users.id}, ${secretHash}, ${createdDate}, ${expiresDate}
    FROM ${users} WHERE ${users.email} = ${email}`;
}

/** The id of the user of a link, used or not: a query in parentheses. */
export function userOfLink(secretHash: string): SQL {
  return sql`(SELECT ${signInLinks.userId} FROM ${signInLinks}
    WHERE ${signInLinks.secretHash} = ${secretHash})`;
}

/** Uses a link up. */
export function useLink(secretHash: string, now: string): SQL {
  return sql`UPDATE ${signInLinks} SET ${bareName(signInLinks.usedDate)} = ${now}
    WHERE ${signInLinks.secretHash} = ${secretHash}`;
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
  return () => sql`SELECT json_object('kind', 'blocked', 'message', ${messages} ->> link.fault) AS fault
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

import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable } from "../../db/access.ts";
import type { Expression } from "../../db/expression.ts";
import { bareName, columnNames } from "../../db/names.ts";
import { accessTokens, users } from "../../db/schema/users.ts";
import { Plan } from "../../model/plan.ts";
import { violationWhere } from "../../model/precondition.ts";
import { daysAfter, toInstant } from "../../values/instant.ts";
import { accountEntry } from "./history.ts";

/** How many days a token is valid after its last use, by default. */
export const TOKEN_DAYS = 365;

/** How many valid tokens a user has at most by making them on the page. */
const MAX_TOKENS = 100;

/** A token that is made. Instants are in their stored form. */
export interface NewToken {
  readonly id: string;
  readonly name: Expression | string;
  readonly tokenHash: string;
  readonly lifetimeDays: number;
  readonly createdDate: string;
  readonly expiresDate: string;
}

/** A token with the default lifetime that is made now, without its name. */
export function newToken(id: string, tokenHash: string, now: Date): Omit<NewToken, "name"> {
  return {
    id,
    tokenHash,
    lifetimeDays: TOKEN_DAYS,
    createdDate: toInstant(now),
    expiresDate: daysAfter(now, TOKEN_DAYS),
  };
}

/**
 * Inserts a token for the user that is found. Returns a row with its id.
 *
 * @param from what follows `FROM`: `users`, and the condition that finds the user
 */
export function insertToken(token: NewToken, from: SQL): SQL {
  const { id, name, tokenHash, lifetimeDays, createdDate, expiresDate } = token;
  const columns = columnNames([
    accessTokens.id,
    accessTokens.userId,
    accessTokens.name,
    accessTokens.tokenHash,
    accessTokens.lifetimeDays,
    accessTokens.createdDate,
    accessTokens.expiresDate,
  ]);
  return sql`INSERT INTO ${accessTokens} (${columns})
    SELECT ${id}, ${users.id}, ${name}, ${tokenHash}, ${lifetimeDays}, ${createdDate}, ${expiresDate}
    FROM ${from} RETURNING ${bareName(accessTokens.id)}`;
}

const isValid = (now: string) =>
  sql`${accessTokens.revokedDate} IS NULL AND ${accessTokens.expiresDate} > ${now}`;

/**
 * The valid tokens of the caller, the newest first: `id`, `name`, `createdDate`, `lastUsedDate` and
 * `expiresDate`.
 */
export function listOwnTokens(caller: Caller, now: string): SQL {
  return sql`WITH ${callerTable(caller)}
    SELECT ${accessTokens.id}, ${accessTokens.name}, ${accessTokens.createdDate} AS "createdDate",
      ${accessTokens.lastUsedDate} AS "lastUsedDate", ${accessTokens.expiresDate} AS "expiresDate"
    FROM ${accessTokens} JOIN caller ON ${accessTokens.userId} = caller.id WHERE ${isValid(now)}
    ORDER BY ${accessTokens.createdDate} DESC, ${accessTokens.id}`;
}

const ownId = sql`(SELECT id FROM caller)`;

/** Makes a token of the caller. The same id a second time, from a form that was sent again, is refused. */
export function makeOwnToken(caller: Caller, token: NewToken & { readonly name: string }): Plan {
  const { id, name, createdDate } = token;
  return new Plan({
    preconditions: [
      violationWhere(
        {
          kind: "blocked",
          message:
            "This token has been made already, and is shown only once. Make another one, and delete this one if you have not kept it.",
        },
        sql`EXISTS (SELECT 1 FROM ${accessTokens} WHERE ${accessTokens.id} = ${id})`,
      ),
      violationWhere(
        {
          kind: "blocked",
          message: `You have ${MAX_TOKENS} tokens, which is the most: delete those that you do not need.`,
        },
        sql`(SELECT count(*) FROM ${accessTokens} WHERE ${accessTokens.userId} = ${ownId}
          AND ${isValid(createdDate)}) >= ${MAX_TOKENS}`,
      ),
    ],
    statements: [
      sql`WITH ${callerTable(caller)} ${insertToken(token, sql`${users} WHERE ${users.id} = ${ownId}`)}`,
    ],
    audit: [accountEntry(ownId, "made_token", sql`json_object('name', ${name}, 'token', ${id})`)],
    reply: { show: "nothing" },
  });
}

/** Revokes a token of the caller. */
export function revokeOwnToken(caller: Caller, id: string, now: string): Plan {
  const own = sql`${accessTokens.id} = ${id} AND ${accessTokens.userId} = ${ownId} AND ${isValid(now)}`;
  return new Plan({
    preconditions: [
      violationWhere(
        { kind: "blocked", message: "You have no token of this kind: it may be deleted already." },
        sql`NOT EXISTS (SELECT 1 FROM ${accessTokens} WHERE ${own})`,
      ),
    ],
    statements: [
      sql`WITH ${callerTable(caller)} UPDATE ${accessTokens}
        SET ${bareName(accessTokens.revokedDate)} = ${now} WHERE ${own}`,
    ],
    audit: [
      accountEntry(
        ownId,
        "deleted_token",
        sql`(SELECT json_object('name', ${accessTokens.name}, 'token', ${accessTokens.id})
          FROM ${accessTokens} WHERE ${own})`,
      ),
    ],
    reply: { show: "nothing" },
  });
}

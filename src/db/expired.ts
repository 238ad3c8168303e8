import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { daysAfter, toInstant } from "../values/instant.ts";
import type { Connection } from "./connection.ts";
import { idempotencyKeys } from "./schema/history.ts";
import {
  browserSessions,
  codeGuesses,
  deviceAuthorizations,
  signInLinks,
} from "./schema/sign-in.ts";
import { accessTokens } from "./schema/users.ts";

/** How many minutes a wrong user code counts against the address that it came from. */
const GUESS_MINUTES = 15;

/** The instant before which a wrong user code does not count any more. */
export const oldestGuess = (now: Date): string => daysAfter(now, -GUESS_MINUTES / 1440);

/** How many days a client may repeat a request with its `Idempotency-Key`. */
const ANSWER_DAYS = 1;

/** The instant before which an idempotency answer is expired: it is not replayed, and it is deleted. */
export const oldestAnswer = (now: Date): string => daysAfter(now, -ANSWER_DAYS);

/** How many rows one statement deletes. The bound lets other writes run in between. */
const ROWS = 1_000;

/**
 * How many statements of one kind a run sends, because the platform bounds them. The next run deletes the
 * rest.
 */
const BATCHES = 10;

/**
 * The kinds of rows that expire: the name in the log, and the statement that deletes up to `ROWS` of them at
 * an instant. No request can ask for the answers of a user who has no valid token, so these are deleted too.
 */
const EXPIRED = {
  idempotencyAnswers: (now: Date) =>
    deleteAnswers(sql`${idempotencyKeys.createdDate} < ${oldestAnswer(now)}`),
  idempotencyAnswersOfNobody: (now: Date) =>
    deleteAnswers(sql`NOT EXISTS (SELECT 1 FROM ${accessTokens}
      WHERE ${accessTokens.userId} = ${idempotencyKeys.userId}
      AND ${accessTokens.revokedDate} IS NULL AND ${accessTokens.expiresDate} > ${toInstant(now)})`),
  browserSessions: (now: Date) =>
    deleteRows(browserSessions, sql`${browserSessions.expiresDate} <= ${toInstant(now)}`),
  signInLinks: (now: Date) =>
    deleteRows(signInLinks, sql`${signInLinks.expiresDate} <= ${toInstant(now)}`),
  deviceAuthorizations: (now: Date) =>
    deleteRows(deviceAuthorizations, sql`${deviceAuthorizations.expiresDate} <= ${toInstant(now)}`),
  codeGuesses: (now: Date) =>
    deleteRows(codeGuesses, sql`${codeGuesses.createdDate} <= ${oldestGuess(now)}`),
} as const satisfies Record<string, (now: Date) => SQL>;

/**
 * Deletes expired rows, in batches of a bounded size.
 *
 * @returns the number of deleted rows of each kind
 */
export async function deleteExpired(
  connection: Connection,
  now: Date,
): Promise<Readonly<Record<string, number>>> {
  const deleted: Record<string, number> = {};
  for (const [kind, statementAt] of Object.entries(EXPIRED)) {
    deleted[kind] = await deleteInBatches(connection, statementAt(now));
  }
  return deleted;
}

/** Each batch runs the same statement. It deletes up to `ROWS` rows and returns one row for each. */
async function deleteInBatches(connection: Connection, statement: SQL): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const [deleted = []] = await connection.batch([statement]);
    total += deleted.length;
    if (deleted.length < ROWS) break;
  }
  return total;
}

function deleteRows(table: SQLiteTable & { readonly id: SQLiteColumn }, condition: SQL): SQL {
  return sql`DELETE FROM ${table} WHERE ${table.id} IN (
    SELECT ${table.id} FROM ${table} WHERE ${condition} LIMIT ${ROWS}) RETURNING 1 AS deleted`;
}

function deleteAnswers(condition: SQL): SQL {
  const { userId, key } = idempotencyKeys;
  return sql`DELETE FROM ${idempotencyKeys} WHERE (${userId}, ${key}) IN (
    SELECT ${userId}, ${key} FROM ${idempotencyKeys} WHERE ${condition} LIMIT ${ROWS})
    RETURNING 1 AS deleted`;
}

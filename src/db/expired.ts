import { type SQL, sql } from "drizzle-orm";
import { daysAfter, toInstant } from "../domain/instant.ts";
import type { Connection } from "./connection.ts";
import { idempotencyKeys } from "./schema/history.ts";
import { accessTokens } from "./schema/users.ts";

/** For how many days a client may repeat a request under its `Idempotency-Key`. */
const ANSWER_DAYS = 1;

/** An idempotency answer that was given before this instant is expired: it is not replayed, and deleted. */
export const oldestAnswer = (now: Date): string => daysAfter(now, -ANSWER_DAYS);

/** How many rows of a kind one statement deletes: others write in between. */
const ROWS = 500;

/** How many statements of a kind one run has: the platform bounds both. The rest is left to the next run. */
const BATCHES = 20;

/** What goes by itself: under its name in the log, the statement that deletes up to so many rows of it. */
const KINDS: Readonly<Record<string, (now: Date, rows: number) => SQL>> = {
  idempotencyAnswers: deleteIdempotencyAnswers,
};

/**
 * Deletes what has expired, in batches of a bounded size.
 *
 * @returns how many rows of each kind are gone
 */
export async function deleteExpired(
  connection: Connection,
  now: Date,
): Promise<Readonly<Record<string, number>>> {
  const deleted: Record<string, number> = {};
  for (const [kind, statement] of Object.entries(KINDS)) {
    deleted[kind] = await deleteInBatches(connection, statement(now, ROWS));
  }
  return deleted;
}

async function deleteInBatches(connection: Connection, statement: SQL): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const [, counts] = await connection.batch([statement, sql`SELECT changes() AS deleted`]);
    const deleted = Number(counts?.[0]?.deleted);
    total += deleted;
    if (deleted < ROWS) break;
  }
  return total;
}

/** The answers that have had their day, and those to users none of whose tokens opens anything. */
function deleteIdempotencyAnswers(now: Date, rows: number): SQL {
  const { userId, key, createdDate } = idempotencyKeys;
  return sql`DELETE FROM ${idempotencyKeys} WHERE (${userId}, ${key}) IN (
    SELECT ${userId}, ${key} FROM ${idempotencyKeys}
    WHERE ${createdDate} < ${oldestAnswer(now)} OR NOT EXISTS (
      SELECT 1 FROM ${accessTokens} WHERE ${accessTokens.userId} = ${userId}
      AND ${accessTokens.revokedDate} IS NULL AND ${accessTokens.expiresDate} > ${toInstant(now)})
    LIMIT ${rows})`;
}

import { type SQL, sql } from "drizzle-orm";
import { daysAfter, toInstant } from "../values/instant.ts";
import type { Connection } from "./connection.ts";
import { idempotencyKeys } from "./schema/history.ts";
import { accessTokens } from "./schema/users.ts";

/** For how many days a client may repeat a request under its `Idempotency-Key`. */
const ANSWER_DAYS = 1;

/** An idempotency answer that was given before this instant is expired: it is not replayed, and deleted. */
export const oldestAnswer = (now: Date): string => daysAfter(now, -ANSWER_DAYS);

/** How many rows one statement deletes: others write in between. */
const ROWS = 1_000;

/** How many statements of a kind one run has: the platform bounds them. The rest is left to the next run. */
const BATCHES = 10;

/**
 * What goes by itself: its name in the log, and the statement that deletes up to `ROWS` of it at an instant.
 * Answers to users none of whose tokens is valid are nobody's: no request can ask for them.
 */
const EXPIRED = {
  idempotencyAnswers: (now: Date) =>
    deleteAnswers(sql`${idempotencyKeys.createdDate} < ${oldestAnswer(now)}`),
  idempotencyAnswersOfNobody: (now: Date) =>
    deleteAnswers(sql`NOT EXISTS (SELECT 1 FROM ${accessTokens}
      WHERE ${accessTokens.userId} = ${idempotencyKeys.userId}
      AND ${accessTokens.revokedDate} IS NULL AND ${accessTokens.expiresDate} > ${toInstant(now)})`),
} as const satisfies Record<string, (now: Date) => SQL>;

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
  for (const [kind, statementAt] of Object.entries(EXPIRED)) {
    deleted[kind] = await deleteInBatches(connection, statementAt(now));
  }
  return deleted;
}

/** Each batch runs the same statement, which deletes up to so many rows and returns one for each. */
async function deleteInBatches(connection: Connection, statement: SQL): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const [deleted = []] = await connection.batch([statement]);
    total += deleted.length;
    if (deleted.length < ROWS) break;
  }
  return total;
}

function deleteAnswers(condition: SQL): SQL {
  const { userId, key } = idempotencyKeys;
  return sql`DELETE FROM ${idempotencyKeys} WHERE (${userId}, ${key}) IN (
    SELECT ${userId}, ${key} FROM ${idempotencyKeys} WHERE ${condition} LIMIT ${ROWS})
    RETURNING 1 AS deleted`;
}

import { sql } from "drizzle-orm";
import type { Connection } from "../../src/db/connection.ts";
import { history } from "../../src/db/schema/history.ts";

/** How many entries are deleted at once. */
const PAGE = 5_000;

const isBefore = (instant: string) => sql`${history.dateTime} < ${instant}`;

/** How many audit entries there are from before an instant in the stored form, and about how many bytes. */
export async function countEntries(
  connection: Connection,
  instant: string,
): Promise<{ readonly entries: number; readonly bytes: number }> {
  const [rows = []] = await connection.batch([
    sql`SELECT count(*) AS entries, coalesce(sum(octet_length(${history.changes})
      + octet_length(${history.projects}) + octet_length(${history.recordId})), 0) AS bytes
      FROM ${history} WHERE ${isBefore(instant)}`,
  ]);
  return { entries: Number(rows[0]?.entries), bytes: Number(rows[0]?.bytes) };
}

/**
 * Deletes the audit entries from before an instant, some thousand in a transaction. What is left of the
 * history of a record stays readable.
 *
 * @param onDeleted is told how many are gone so far
 * @returns how many were deleted
 */
export async function pruneEntries(
  connection: Connection,
  instant: string,
  onDeleted: (count: number) => void = () => {},
): Promise<number> {
  const some = sql`SELECT ${history.id} FROM ${history} WHERE ${isBefore(instant)}
    ORDER BY ${history.id} LIMIT ${PAGE}`;
  for (let deleted = 0; ; onDeleted(deleted)) {
    const [, rows = []] = await connection.batch([
      sql`DELETE FROM ${history} WHERE ${history.id} IN (${some})`,
      sql`SELECT changes() AS deleted`,
    ]);
    const count = Number(rows[0]?.deleted);
    deleted += count;
    if (count < PAGE) return deleted;
  }
}

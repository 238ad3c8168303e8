import { sql } from "drizzle-orm";
import type { Connection } from "../../src/db/connection.ts";
import { history } from "../../src/db/schema/history.ts";

/** How many entries one transaction deletes. */
const PAGE = 5_000;

const isBefore = (instant: string) => sql`${history.dateTime} < ${instant}`;

/** The number of audit entries before an instant in the stored form, and their approximate size in bytes. */
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
 * Deletes the audit entries before an instant in the stored form, some thousand in each transaction. The
 * remaining history of a record stays readable.
 *
 * @param onDeleted receives the number of entries that are deleted so far
 * @returns the number of deleted entries
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

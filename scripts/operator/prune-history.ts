import { asc, inArray, lt, sql } from "drizzle-orm";
import { builder } from "../../src/db/builder.ts";
import type { Connection } from "../../src/db/connection.ts";
import { history } from "../../src/db/schema/history.ts";
import { selectList, typedRows } from "../../src/db/typed-rows.ts";

/** How many entries one transaction deletes. */
const PAGE = 5_000;

const COUNTED = {
  entries: sql<number>`count(*)`,
  bytes: sql<number>`coalesce(sum(octet_length(${history.changes})
    + octet_length(${history.projects}) + octet_length(${history.recordId})), 0)`,
};

const DELETED = { deleted: sql<number>`changes()` };

/** The number of audit entries before an instant in the stored form, and their approximate size in bytes. */
export async function countEntries(
  connection: Connection,
  instant: string,
): Promise<{ readonly entries: number; readonly bytes: number }> {
  const [rows = []] = await connection.batch([
    sql`SELECT ${selectList(COUNTED)} FROM ${history} WHERE ${lt(history.dateTime, instant)}`,
  ]);
  const [counted = { entries: 0, bytes: 0 }] = typedRows(COUNTED, rows);
  return counted;
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
  const some = builder
    .select({ id: history.id })
    .from(history)
    .where(lt(history.dateTime, instant))
    .orderBy(asc(history.id))
    .limit(PAGE);
  const deletion = builder.delete(history).where(inArray(history.id, some)).getSQL();
  for (let deleted = 0; ; onDeleted(deleted)) {
    const [, rows] = await connection.batch([deletion, sql`SELECT ${selectList(DELETED)}`]);
    const count = typedRows(DELETED, rows)[0]?.deleted ?? 0;
    deleted += count;
    if (count < PAGE) return deleted;
  }
}

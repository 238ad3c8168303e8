import { type SQL, sql } from "drizzle-orm";
import type { Search } from "../query/read-model.ts";

/**
 * The statements that write a record's own row and then rows of other tables. The search index is updated once,
 * after the last of them. Triggers alone would update it for each row.
 */
export function indexedOnce(
  search: Search | undefined,
  id: string,
  own: SQL,
  others: readonly SQL[],
): readonly SQL[] {
  if (others.length === 0) return [own];
  return whileDeferred(search, sql`VALUES (${id})`, [own, ...others]);
}

/**
 * The statements, with the search index updated after them for the records with these ids.
 *
 * @param ids a query of one column
 */
export function whileDeferred(
  search: Search | undefined,
  ids: SQL,
  statements: readonly SQL[],
): readonly SQL[] {
  if (search?.index === undefined) return statements;
  const deferred = sql.identifier(`${search.index.table}_deferred`);
  return [
    sql`INSERT INTO ${deferred} (id) ${ids}`,
    ...statements,
    // The table has the rows of this transaction only.
    sql`DELETE FROM ${deferred}`,
  ];
}

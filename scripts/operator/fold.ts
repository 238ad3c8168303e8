import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Connection } from "../../src/db/connection.ts";
import { bareName } from "../../src/db/names.ts";
import {
  EXPORTED_TABLES,
  type ExportedTable,
  type FoldedColumn,
} from "./export/exported-tables.ts";

/** How many rows one batch folds. */
const PAGE = 500;

/**
 * Fills the columns of folded text in rows that are older than the migration that added these columns,
 * because SQL cannot fold the case of Unicode. It skips rows whose columns are filled. It can be repeated.
 *
 * @returns the number of filled rows
 */
export async function fillFolded(connection: Connection): Promise<number> {
  let filled = 0;
  for (const table of EXPORTED_TABLES) {
    for (const column of table.folded) filled += await fillColumn(connection, table, column);
  }
  return filled;
}

async function fillColumn(
  connection: Connection,
  { table }: ExportedTable,
  { column, source, fold }: FoldedColumn,
): Promise<number> {
  // The value of the column in an older row: the default of the migration that added the column.
  const unfilled = emptyOf(column);
  const find = sql`SELECT ${table}.rowid AS "row", ${source} AS "text" FROM ${table}
    WHERE ${column} = ${unfilled} AND ${source} <> ${unfilled} LIMIT ${PAGE}`;
  for (let filled = 0; ; ) {
    const [rows = []] = await connection.batch([find]);
    if (rows.length === 0) return filled;
    const texts = rows.map(({ row, text }) => [row, fold(String(text))]);
    await connection.batch([updateAll(table, column, JSON.stringify(texts))]);
    filled += rows.length;
  }
}

const emptyOf = (column: SQLiteColumn) => (column.default === "{}" ? "{}" : "");

function updateAll(table: ExportedTable["table"], column: SQLiteColumn, rows: string): SQL {
  return sql`UPDATE ${table} SET ${bareName(column)} = each.value ->> 1
    FROM json_each(${rows}) AS each WHERE ${table}.rowid = each.value ->> 0`;
}

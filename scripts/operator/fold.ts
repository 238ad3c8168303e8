import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Connection } from "../../src/db/connection.ts";
import { bareName } from "../../src/db/names.ts";
import { selectList, typedRows } from "../../src/db/typed-rows.ts";
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
  const selected = { row: sql<number>`${table}.rowid`, text: source };
  let filled = 0;
  for (let last = 0; ; ) {
    const [found] = await connection.batch([
      sql`SELECT ${selectList(selected)} FROM ${table}
        WHERE ${table}.rowid > ${last} AND ${column} = ${unfilled} AND ${source} <> ${unfilled}
        ORDER BY ${table}.rowid LIMIT ${PAGE}`,
    ]);
    const rows = typedRows(selected, found);
    // A text such as `{ }` folds to the value of an unfilled column: its column is filled already.
    const folded = rows
      .map(({ row, text }) => [row, fold(String(text))] as const)
      .filter(([, text]) => text !== unfilled);
    if (folded.length > 0) {
      await connection.batch([updateAll(table, column, JSON.stringify(folded))]);
    }
    filled += folded.length;
    last = rows.at(-1)?.row ?? last;
    if (rows.length < PAGE) return filled;
  }
}

const emptyOf = (column: SQLiteColumn) => (column.default === "{}" ? "{}" : "");

function updateAll(table: ExportedTable["table"], column: SQLiteColumn, rows: string): SQL {
  return sql`UPDATE ${table} SET ${bareName(column)} = each.value ->> 1
    FROM json_each(${rows}) AS each WHERE ${table}.rowid = each.value ->> 0`;
}

import { type SQL, sql, type Value } from "../db/sql.ts";
import type { Column, Table } from "../db/tables.ts";

// Many rows with few statements: in D1 a statement costs more than the rows that it writes.

/** One column of a row, and what goes into it. */
export type Cell = readonly [column: Column, value: Value];

/** How much JSON one statement takes, in UTF-16 units; D1 binds text of at most 2,000,000 bytes. */
const MOST_TEXT = 500_000;

/** JSON lists of JSON texts, each list short enough for one parameter. */
export function chunksOf(texts: readonly string[]): readonly string[] {
  const chunks: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    if (length + text.length > MOST_TEXT) {
      chunks.push([]);
      length = 0;
    }
    chunks.at(-1)?.push(text);
    length += text.length;
  }
  return chunks.map((chunk) => `[${chunk.join(",")}]`);
}

/** Inserts rows whose cells are of the same columns. */
export function insertRows(table: Table, rows: readonly (readonly Cell[])[]): readonly SQL[] {
  const [first = []] = rows;
  const names = first.map(([column]) => sql.identifier(column.name));
  const values = first.map((_, index) => sql`value ->> ${sql.raw(String(index))}`);
  const texts = rows.map((cells) => JSON.stringify(cells.map(([, value]) => value)));
  return chunksOf(texts).map(
    (chunk) => sql`INSERT INTO ${table} (${sql.join(names, sql`, `)})
      SELECT ${sql.join(values, sql`, `)} FROM json_each(${chunk})`,
  );
}

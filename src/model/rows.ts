import { eq, SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { builder } from "../db/builder.ts";
import type { Value } from "../db/connection.ts";
import { bareName, columnNames } from "../db/names.ts";
import type { Cell, Fields, Target, Writing } from "./field.ts";
import type { Precondition, RecordTable } from "./precondition.ts";

// The statements that write a record's own row.

type Input = Readonly<Record<string, unknown>>;

/**
 * The values of an input as cells of the record's own row. A field that is stored elsewhere gives no cells.
 */
export function cellsOf(fields: Fields, input: Input): readonly Cell[] {
  return ofEach(fields, input, (write, value) => write.cells?.(value));
}

/** The preconditions of the fields in an input. */
export function preconditionsOf(
  fields: Fields,
  input: Input,
  target: Target,
): readonly Precondition[] {
  return ofEach(fields, input, (write, value, name) => write.preconditions?.(value, target, name));
}

/** The statements for rows of other tables that the record's own row will refer to. */
export function rowsBefore(fields: Fields, input: Input): readonly SQL[] {
  return ofEach(fields, input, (write, value) => write.before?.(value));
}

/** The statements for rows of other tables that refer to the record. */
export function rowsAfter(fields: Fields, input: Input, target: Target): readonly SQL[] {
  return ofEach(fields, input, (write, value) => write.after?.(value, target));
}

function ofEach<Part>(
  fields: Fields,
  input: Input,
  partsOf: (write: Writing<unknown>, value: unknown, name: string) => readonly Part[] | undefined,
): readonly Part[] {
  return Object.entries(fields).flatMap(([name, { write }]) =>
    write === undefined || input[name] === undefined
      ? []
      : (partsOf(write, input[name], name) ?? []),
  );
}

/** The cells of the instants that the service stores: of the creation, and of the last change. */
export function stampsOf(fields: Fields, now: string, isNew: boolean): readonly Cell[] {
  return Object.values(fields).flatMap(({ stamp }) =>
    stamp !== undefined && (isNew || stamp.on === "change") ? [[stamp.column, now] as const] : [],
  );
}

/** The cells of a new record: its id, the values of its input, and its instants. */
export function newCells(
  { id, fields }: { readonly id: SQLiteColumn; readonly fields: Fields },
  record: string,
  input: Input,
  now: string,
): readonly Cell[] {
  return [[id, record], ...cellsOf(fields, input), ...stampsOf(fields, now, true)];
}

export function insertRow(table: SQLiteTable, cells: readonly Cell[]): SQL {
  const names = columnNames(cells.map(([column]) => column));
  const values = cells.map(([, value]) => sql`${value}`);
  return sql`INSERT INTO ${table} (${names}) VALUES (${sql.join(values, sql`, `)})`;
}

export function updateRow(table: RecordTable, id: string, cells: readonly Cell[]): SQL {
  const sets = cells.map(([column, value]) => sql`${bareName(column)} = ${value}`);
  return sql`UPDATE ${table} SET ${sql.join(sets, sql`, `)} WHERE ${table.id} = ${id}`;
}

export function deleteRow(table: RecordTable, id: string): SQL {
  return builder.delete(table).where(eq(table.id, id)).getSQL();
}

// Many rows with few statements: in D1 a statement costs more than the rows that it writes.

/** How much JSON one statement binds, in UTF-16 units. D1 binds text of at most 2,000,000 bytes. */
const MAX_TEXT = 500_000;

/** Splits JSON texts into JSON lists, each short enough for one bound parameter. */
export function chunksOf(texts: readonly string[]): readonly string[] {
  const chunks: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    if (length + text.length > MAX_TEXT) {
      chunks.push([]);
      length = 0;
    }
    chunks.at(-1)?.push(text);
    length += text.length;
  }
  return chunks.map((chunk) => `[${chunk.join(",")}]`);
}

/**
 * The statements that insert rows. All rows have cells of the same columns, and the cells contain values, not
 * SQL.
 *
 * @throws Error when a cell is SQL
 */
export function insertRows(table: SQLiteTable, rows: readonly (readonly Cell[])[]): readonly SQL[] {
  const [first = []] = rows;
  const names = columnNames(first.map(([column]) => column));
  const values = first.map((_, index) => sql`value ->> ${sql.raw(String(index))}`);
  const texts = rows.map((cells) => JSON.stringify(cells.map(([, value]) => plain(value))));
  return chunksOf(texts).map(
    (chunk) => sql`INSERT INTO ${table} (${names})
      SELECT ${sql.join(values, sql`, `)} FROM json_each(${chunk})`,
  );
}

function plain(value: Value | SQL): Value {
  if (value instanceof SQL) throw new Error("Many rows are inserted from values alone.");
  return value;
}

import { type SQL, sql, type Value } from "../db/sql.ts";
import type { Column } from "../db/tables.ts";
import { foldCase } from "../domain/fold.ts";
import { writeJson } from "../domain/json.ts";
import { type Cell, insertRows } from "./bulk.ts";
import type { RecordTable } from "./checks.ts";

/** What becomes of each field of an input: the columns that hold it. Fields kept elsewhere are absent. */
export type ColumnTable<Input> = {
  readonly [Name in keyof Input]?: (value: Input[Name]) => readonly Cell[];
};

/** A value that is stored as it is. */
export const asIs =
  (column: Column) =>
  (value: Value): readonly Cell[] => [[column, value]];

/** True or false, stored as 1 or 0. */
export const asFlag =
  (column: Column) =>
  (value: boolean): readonly Cell[] => [[column, value ? 1 : 0]];

/** Text, and its case folded in the column beside it. */
export const withFold =
  (column: Column, folded: Column) =>
  (value: string): readonly Cell[] => [
    [column, value],
    [folded, foldCase(value)],
  ];

/** Lists and objects, stored as JSON text. */
export const asJson =
  (column: Column) =>
  (value: unknown): readonly Cell[] => [[column, writeJson(value)]];

/** The statements that write records of one kind; `now` is an instant in the stored form. */
export interface RecordStore<Input> {
  readonly insert: (id: string, input: Input, now: string) => readonly SQL[];
  /** Changes what the input names, and nothing else. */
  readonly update: (id: string, input: Partial<Input>, now: string) => readonly SQL[];
  readonly remove: (id: string) => readonly SQL[];
}

/** A table of records that know when they were made and last changed. */
export type DatedTable = RecordTable & Record<"createdDate" | "updatedDate", Column>;

/** The statements for records that are one row each. */
export interface RowStore<Input> extends RecordStore<Input> {
  /** As `insert`, with a statement for some hundred records. */
  readonly insertMany: (
    records: readonly (readonly [id: string, input: Input])[],
    now: string,
  ) => readonly SQL[];
}

/** The statements for the records of one table. */
export function storeOf<Input extends object>(
  table: DatedTable,
  columns: ColumnTable<Input>,
): RowStore<Input> {
  const newRow = (id: string, input: Input, now: string): readonly Cell[] => [
    [table.id, id],
    ...cellsOf(columns, input),
    [table.createdDate, now],
    [table.updatedDate, now],
  ];
  return {
    insert: (id, input, now) => [insertRow(table, newRow(id, input, now))],
    insertMany: (records, now) =>
      insertRows(
        table,
        records.map(([id, input]) => newRow(id, input, now)),
      ),
    update: (id, input, now) => [
      updateRow(table, id, [...cellsOf(columns, input), [table.updatedDate, now]]),
    ],
    remove: (id) => [sql`DELETE FROM ${table} WHERE ${table.id} = ${id}`],
  };
}

/** What the input names, as cells of the columns that hold it. */
export function cellsOf<Input extends object>(
  columns: ColumnTable<Input>,
  input: Partial<Input>,
): readonly Cell[] {
  const cellsOfField = <Name extends keyof Input>(name: Name): readonly Cell[] => {
    const value: Input[Name] | undefined = input[name];
    return value === undefined ? [] : (columns[name]?.(value) ?? []);
  };
  // Object.keys forgets whose keys they are.
  return (Object.keys(columns) as (keyof Input)[]).flatMap(cellsOfField);
}

/** A cell, or one whose value the database finds. */
type FoundCell = Cell | readonly [column: Column, value: SQL];

export function insertRow(table: DatedTable, cells: readonly FoundCell[]): SQL {
  const names = cells.map(([column]) => sql.identifier(column.name));
  const values = cells.map(([, value]) => sql`${value}`);
  return sql`INSERT INTO ${table} (${sql.join(names, sql`, `)}) VALUES (${sql.join(values, sql`, `)})`;
}

export function updateRow(table: DatedTable, id: string, cells: readonly FoundCell[]): SQL {
  const sets = cells.map(([column, value]) => sql`${sql.identifier(column.name)} = ${value}`);
  return sql`UPDATE ${table} SET ${sql.join(sets, sql`, `)} WHERE ${table.id} = ${id}`;
}

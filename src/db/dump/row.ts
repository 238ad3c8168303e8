import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Value } from "../connection.ts";
import type { DumpTable } from "./tables.ts";

/** The values of a row: those that a dump keeps, and those that are made from them. */
export type Cells = readonly Value[];

/** Reads a row of a dump; a sentence when it is not one of this table. */
export function readCells(
  { kept, folded }: DumpTable,
  row: Readonly<Record<string, unknown>>,
): Cells | string {
  const known = new Set(kept.map(({ name }) => name));
  const unknown = Object.keys(row).find((name) => !known.has(name));
  if (unknown !== undefined) return `there is no column ${unknown} in an export.`;
  const cells: Value[] = [];
  for (const column of kept) {
    const value = row[column.name];
    if (!isCell(column, value)) return `${column.name} is not ${wordFor(column)}.`;
    cells.push(value);
  }
  for (const { source, fold } of folded) {
    // A column that is folded is text, and never null: it has just been read.
    const text = String(cells[kept.indexOf(source)]);
    try {
      cells.push(fold(text));
    } catch {
      return `${source.name} is not JSON.`;
    }
  }
  return cells;
}

function isCell(column: SQLiteColumn, value: unknown): value is Value {
  if (value === null) return !column.notNull;
  if (column.getSQLType() === "text") return typeof value === "string";
  return column.getSQLType() === "integer"
    ? Number.isSafeInteger(value)
    : typeof value === "number";
}

function wordFor(column: SQLiteColumn): string {
  const type = column.getSQLType();
  const word = type === "text" ? "text" : type === "integer" ? "a whole number" : "a number";
  return column.notNull ? word : `${word} or null`;
}

import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Value } from "../../../src/db/connection.ts";
import { parseInstant } from "../../../src/values/instant.ts";
import type { ExportedTable } from "./exported-tables.ts";

/** The values of a row: the exported values, then the values that are computed from them. */
export type Cells = readonly Value[];

/**
 * Reads a row of an export.
 *
 * @returns the values, or a sentence that says why the row is not one of this table
 */
export function readCells(
  { kept, folded, json }: ExportedTable,
  row: Readonly<Record<string, unknown>>,
): Cells | string {
  const known = new Set(kept.map(({ name }) => name));
  const unknown = Object.keys(row).find((name) => !known.has(name));
  if (unknown !== undefined) return `there is no column ${unknown} in an export.`;
  const cells: Value[] = [];
  for (const column of kept) {
    const value = row[column.name];
    if (!isCell(column, value)) return `${column.name} is not ${wordFor(column)}.`;
    const problem = typeof value === "string" ? textProblem(column, value, json) : undefined;
    if (problem !== undefined) return `${column.name} ${problem}.`;
    cells.push(value);
  }
  for (const { source, fold } of folded) {
    // The source of a folded column is never null, and the loop above has checked it.
    const text = String(cells[kept.indexOf(source)]);
    try {
      cells.push(fold(text));
    } catch {
      return `${source.name} is not JSON.`;
    }
  }
  return cells;
}

/** Why a text cannot come from the service; undefined when it can. */
function textProblem(
  column: SQLiteColumn,
  text: string,
  json: ExportedTable["json"],
): string | undefined {
  if (!text.isWellFormed()) return "has unpaired surrogates";
  if (INSTANT.test(column.name) && !isStoredInstant(text)) {
    return "is not a date-time in UTC, without a zone, that exists";
  }
  return json.has(column) && hasLoneSurrogate(text)
    ? "has unpaired surrogates in its JSON"
    : undefined;
}

/** The names of columns that contain an instant. */
const INSTANT = /(^|_)date(_time)?$/;

/** The stored form has no zone. With a closing `Z` it is a date-time that the API accepts. */
const isStoredInstant = (text: string) =>
  /^[\d:.T-]+$/.test(text) && parseInstant(`${text}Z`) !== undefined;

/** Whether a JSON text contains an unpaired surrogate as an escape. Invalid JSON is reported elsewhere. */
function hasLoneSurrogate(text: string): boolean {
  if (!/\\ud[89a-f]/i.test(text)) return false;
  try {
    // JSON.stringify writes a complete pair as a character, so an escape that remains is an unpaired
    // surrogate.
    return /(?<!\\)(\\\\)*\\ud[89a-f]/.test(JSON.stringify(JSON.parse(text)));
  } catch {
    return false;
  }
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

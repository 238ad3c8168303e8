import type { Row } from "../../../src/db/connection.ts";

// The lines of an export, as docs/export-format.md describes them.

/** Raised when a program that reads an older form would misunderstand a newer one. */
export const VERSION = 1;

const FORMAT = "brainstem-session-api";

/** The first line. */
export interface Header {
  readonly version: number;
  /** The last migration of the database that was exported. */
  readonly schema: string;
  /** How many lines follow, by which a file that was cut off is known. */
  readonly records: number;
}

export function writeHeader({ version, schema, records }: Header): string {
  return `${JSON.stringify({ format: FORMAT, version, schema, records })}\n`;
}

export function writeRecord(table: string, row: Row): string {
  return `${JSON.stringify({ table, row })}\n`;
}

/** Reads a first line; undefined when it is none. */
export function readHeader(line: string): Header | undefined {
  const { format, version, schema, records } = readObject(line) ?? {};
  if (format !== FORMAT || typeof version !== "number") return undefined;
  return {
    version,
    schema: typeof schema === "string" ? schema : "",
    records: typeof records === "number" ? records : Number.NaN,
  };
}

/** Reads any other line; undefined when it is none. */
export function readRecord(
  line: string,
): { readonly table: string; readonly row: Readonly<Record<string, unknown>> } | undefined {
  const { table, row } = readObject(line) ?? {};
  return typeof table === "string" && isObject(row) ? { table, row } : undefined;
}

function readObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { Row } from "../../../src/db/connection.ts";

// The lines of an export; docs/export-format.md describes them.

/**
 * The version of the form. It is raised when a program that reads an older form would misunderstand a newer
 * one.
 */
export const VERSION = 1;

const FORMAT = "brainstem-session-api";

/** The first line. */
export interface Header {
  readonly version: number;
  /** The name of the last migration of the exported database. */
  readonly schema: string;
  /** How many lines follow, so that a reader detects a truncated file. */
  readonly records: number;
}

export function writeHeader({ version, schema, records }: Header): string {
  return `${JSON.stringify({ format: FORMAT, version, schema, records })}\n`;
}

export function writeRecord(table: string, row: Row): string {
  return `${JSON.stringify({ table, row })}\n`;
}

/** Parses the first line; undefined when it is not a header. */
export function readHeader(line: string): Header | undefined {
  const { format, version, schema, records } = readObject(line) ?? {};
  if (format !== FORMAT || typeof version !== "number") return undefined;
  return {
    version,
    schema: typeof schema === "string" ? schema : "",
    records: typeof records === "number" ? records : Number.NaN,
  };
}

/** Parses any other line; undefined when it is not a record. */
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

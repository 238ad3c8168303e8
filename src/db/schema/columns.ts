import { type SQL, sql } from "drizzle-orm";
import { type AnySQLiteColumn, check, index, integer, text } from "drizzle-orm/sqlite-core";

/** A UUID in its 36-character lower-case form. */
export const id = () => text("id").primaryKey();

/**
 * An instant in UTC as `YYYY-MM-DDThh:mm:ss[.ffffff]`, with microseconds only when they are not zero. Without
 * the closing `Z` the text order is the order in time, so an index on the column serves ranges and sorts.
 */
export const instant = (name: string) => text(name);

const now = sql`(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000')`;

export const createdDate = () => instant("created_date").notNull().default(now);
export const updatedDate = () => instant("updated_date").notNull().default(now);

export const flag = (name: string) => integer(name, { mode: "boolean" }).notNull().default(false);

export const checkUuid = (name: string, column: AnySQLiteColumn) =>
  check(name, sql`length(${column}) = 36 AND ${column} = lower(${column})`);

export const checkFlag = (name: string, column: AnySQLiteColumn) =>
  check(name, sql`${column} IN (0, 1)`);

export const checkLength = (name: string, column: AnySQLiteColumn, least: number, most: number) =>
  check(name, sql`length(${column}) BETWEEN ${sql.raw(`${least} AND ${most}`)}`);

export const checkJson = (name: string, column: AnySQLiteColumn, type: "object" | "array") =>
  check(name, sql`json_valid(${column}) AND json_type(${column}) = ${sql.raw(`'${type}'`)}`);

/** The four permission levels of `values/permission.ts`, lowest first. */
export const level = () => integer("level").notNull();

export const checkLevel = (name: string, column: AnySQLiteColumn, levels: SQL) =>
  check(name, sql`${column} IN (${levels})`);

/**
 * The indexes for a sort by `key`; the id breaks ties, in the direction of the sort. The first one serves a
 * caller who sees few of the rows, the second one a caller who sees many.
 */
export const sortIndexes = (
  table: string,
  scope: AnySQLiteColumn,
  key: AnySQLiteColumn,
  id: AnySQLiteColumn,
) => [
  index(`${table}_project_set_${key.name}`).on(scope, key, id),
  index(`${table}_${key.name}`).on(key, id),
];

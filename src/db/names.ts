import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";

/** A column by its name without the table, as a SET and an `excluded` value need it. */
export function bareName(column: SQLiteColumn): SQL {
  return sql`${sql.identifier(column.name)}`;
}

/** The names of columns without the table, as an INSERT lists them. */
export function columnNames(columns: readonly SQLiteColumn[]): SQL {
  return sql.join(columns.map(bareName), sql`, `);
}

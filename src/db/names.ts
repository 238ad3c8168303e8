import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";

/** A column by its bare name, as the target of a SET or an excluded value is written. */
export function bareName(column: SQLiteColumn): SQL {
  return sql`${sql.identifier(column.name)}`;
}

/** The bare names of columns, as an INSERT lists them. */
export function columnNames(columns: readonly SQLiteColumn[]): SQL {
  return sql.join(columns.map(bareName), sql`, `);
}

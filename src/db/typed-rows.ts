import { type GetColumnData, is, type SQL, sql } from "drizzle-orm";
import { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Row, Value } from "./connection.ts";

/** The columns and the typed expressions (`sql<number>`) of a SELECT, by the keys of its rows. */
export type Selected = Readonly<Record<string, SQLiteColumn | SQL<Value>>>;

/** A row of a SELECT of these columns. */
export type TypedRow<Of extends Selected> = {
  readonly [Key in keyof Of]: Of[Key] extends SQLiteColumn
    ? GetColumnData<Of[Key]>
    : Of[Key] extends SQL<infer Type>
      ? Type
      : never;
};

/** The list after `SELECT`, in which each column has its key as its name. */
export function selectList(selected: Selected): SQL {
  const items = Object.entries(selected).map(
    ([key, value]) => sql`${value} AS ${sql.identifier(key)}`,
  );
  return sql.join(items, sql`, `);
}

/** The rows of a statement with `selectList(selected)`, in the types of their columns. */
export function typedRows<Of extends Selected>(
  selected: Of,
  rows: readonly Row[] = [],
): readonly TypedRow<Of>[] {
  return rows.map((row) => {
    const entries = Object.entries(selected).map(([key, source]) => {
      const value = row[key] ?? null;
      return [
        key,
        is(source, SQLiteColumn) && value !== null ? source.mapFromDriverValue(value) : value,
      ];
    });
    // Each key has the value of its own column.
    return Object.fromEntries(entries) as TypedRow<Of>;
  });
}

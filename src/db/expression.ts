import type { SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";

/** An expression of a statement: a column, or a piece of SQL. */
export type Expression = SQL | SQLiteColumn;

import { drizzle } from "drizzle-orm/sqlite-proxy";

/**
 * Drizzle's query builder, for plain inserts, updates and deletes on one table. It only builds statements
 * (`getSQL()`): a `Connection` runs them. A statement whose table or columns are not known before it runs, and
 * an `INSERT ... SELECT ... WHERE`, are written with `sql`.
 */
export const builder = drizzle(() => {
  throw new Error("The builder runs no statements.");
});

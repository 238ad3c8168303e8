import { sql } from "drizzle-orm";
import type { Connection } from "./connection.ts";

/**
 * The names of the migrations that wrangler has applied to the database, in order; none for an empty
 * database.
 */
export async function findMigrations(connection: Connection): Promise<readonly string[]> {
  if (!(await hasTable(connection, "d1_migrations"))) return [];
  const [rows = []] = await connection.batch([sql`SELECT name FROM d1_migrations ORDER BY id`]);
  return rows.map((row) => String(row.name));
}

/** Whether the database has a table: one that has not all migrations may be without it. */
export async function hasTable(connection: Connection, name: string): Promise<boolean> {
  const [tables = []] = await connection.batch([
    sql`SELECT name FROM sqlite_master WHERE type = 'table' AND name = ${name}`,
  ]);
  return tables.length > 0;
}

import { sql } from "drizzle-orm";
import type { Connection } from "./connection.ts";

/**
 * The names of the migrations that wrangler has applied to the database, in order; none for an empty
 * database.
 */
export async function findMigrations(connection: Connection): Promise<readonly string[]> {
  const [tables = []] = await connection.batch([
    sql`SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'd1_migrations'`,
  ]);
  if (tables.length === 0) return [];
  const [rows = []] = await connection.batch([sql`SELECT name FROM d1_migrations ORDER BY id`]);
  return rows.map((row) => String(row.name));
}

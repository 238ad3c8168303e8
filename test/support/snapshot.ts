import { env } from "cloudflare:workers";
import { getTableName } from "drizzle-orm";
import { SHARED_TABLES } from "../../src/db/shared-tables.ts";
import { SHARED_KINDS } from "../../src/values/permission.ts";

/** Every row of every table but the search index, each row as text. */
export type Snapshot = Readonly<Record<string, readonly string[]>>;

let tables: readonly string[] | undefined;

async function findTables(): Promise<readonly string[]> {
  const { results } = await env.DB.prepare(
    `SELECT name FROM sqlite_schema WHERE type = 'table'
      AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*' AND name NOT GLOB '*_search*'`,
  ).all<{ name: string }>();
  return results.map(({ name }) => name);
}

export async function takeSnapshot(): Promise<Snapshot> {
  tables ??= await findTables();
  const answers = await env.DB.batch(
    tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`)),
  );
  return Object.fromEntries(
    tables.map((table, index) => [
      table,
      (answers[index]?.results ?? []).map((row) => JSON.stringify(row)).sort(),
    ]),
  );
}

/** How many rows of each table have come or gone; a changed row has done both. */
export function changeBetween(before: Snapshot, after: Snapshot): Readonly<Record<string, number>> {
  const changes = Object.keys(after).map((table) => {
    const old = before[table] ?? [];
    const now = after[table] ?? [];
    const stays = new Set(old.filter((row) => now.includes(row))).size;
    return [table, old.length + now.length - 2 * stays] as const;
  });
  return Object.fromEntries(changes.filter(([, rows]) => rows > 0));
}

/** Takes everything out of the tables; what refers to it goes with it. */
export async function emptyTables(): Promise<void> {
  const shared = SHARED_KINDS.map((kind) => getTableName(SHARED_TABLES[kind].records));
  await env.DB.batch(
    ["history", "idempotency_keys", "sessions", "subjects", ...shared, "users"].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
}

import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { ROOT } from "../scripts/platform/wrangler.ts";
import { hashToken } from "../src/auth/token.ts";
import { makeSessions, makeWorld, type Row, type Tables, TOKEN } from "./dataset.ts";

export const CACHE = join(ROOT, "bench", ".cache");

/** How miniflare names the database; it finds it again under the same name only. */
export const DATABASE_ID = "bench";

const MIGRATIONS = join(ROOT, "drizzle");
const SESSIONS_A_BATCH = 500;

/**
 * A directory of miniflare's with a seeded database, for this run to change and throw away. Seeding is
 * done once for a schema and a size; what was seeded for another schema is removed.
 */
export async function openDatabase(size: number, say: (text: string) => void): Promise<string> {
  const kept = join(CACHE, `${size}-${await fingerprint()}`);
  await mkdir(CACHE, { recursive: true });
  const entries = await readdir(CACHE);
  if (!entries.some((entry) => join(CACHE, entry) === kept)) {
    for (const entry of entries.filter((name) => name.startsWith(`${size}-`))) {
      await rm(join(CACHE, entry), { recursive: true });
    }
    say(`Seeding ${size.toLocaleString("en")} sessions ...`);
    const unfinished = join(CACHE, `unfinished-${process.pid}`);
    await seedDatabase(unfinished, size);
    await rename(unfinished, kept);
  }
  const own = join(CACHE, `run-${process.pid}`);
  await rm(own, { recursive: true, force: true });
  await cp(kept, own, { recursive: true });
  return own;
}

/** Changes with whatever decides what is in a seeded database. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  const files = [
    ...(await migrationFiles()),
    ...["dataset.ts", "random.ts", "database.ts"].map((name) => join(import.meta.dirname, name)),
  ];
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 12);
}

async function migrationFiles(): Promise<string[]> {
  const names = await readdir(MIGRATIONS);
  return names
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => join(MIGRATIONS, name));
}

async function seedDatabase(directory: string, size: number): Promise<void> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: "export default {}",
      d1Databases: { DB: DATABASE_ID },
      resourcePersistencePath: directory,
    }),
  );
  try {
    const database = await miniflare.getD1Database("DB");
    for (const file of await migrationFiles())
      await migrate(database, await readFile(file, "utf8"));
    const world = makeWorld(await hashToken(TOKEN));
    await insertTables(database, world.tables);
    for (let from = 0; from < size; from += SESSIONS_A_BATCH) {
      const to = Math.min(size, from + SESSIONS_A_BATCH);
      await insertTables(database, makeSessions(world, from, to));
    }
  } finally {
    await miniflare.dispose();
  }
}

/** The type in miniflare's own copy of the platform's types. */
type Database = Awaited<ReturnType<Miniflare["getD1Database"]>>;

async function migrate(database: Database, migration: string): Promise<void> {
  const statements = migration.split("--> statement-breakpoint");
  await database.batch(statements.map((statement) => database.prepare(statement)));
}

async function insertTables(database: Database, tables: Tables): Promise<void> {
  const statements = Object.entries(tables).flatMap(([table, rows]) =>
    rows.length === 0 ? [] : [insertRows(database, table, rows)],
  );
  await database.batch(statements);
}

/** All rows of a table travel as one JSON text. */
function insertRows(database: Database, table: string, rows: readonly Row[]) {
  const columns = Object.keys(rows[0] ?? {});
  const values = columns.map((column, index) =>
    column === "project_set_id"
      ? `(SELECT id FROM project_sets WHERE project_ids = value ->> ${index})`
      : `value ->> ${index}`,
  );
  const cells = JSON.stringify(rows.map((row) => columns.map((column) => row[column])));
  return database
    .prepare(
      `INSERT INTO ${table} (${columns.map((column) => `"${column}"`).join(", ")})
       SELECT ${values.join(", ")} FROM json_each(?) WHERE true
       ${table === "project_sets" ? "ON CONFLICT DO NOTHING" : ""}`,
    )
    .bind(cells);
}

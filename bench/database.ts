import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { ROOT } from "../scripts/platform/wrangler.ts";
import { hashToken } from "../src/values/token.ts";
import { makeSessions, makeWorld, type Row, type Shape, type Tables, TOKEN } from "./dataset.ts";

const CACHE = join(ROOT, "bench", ".cache");

/** The name of the database in miniflare, which finds it again only under the same name. */
export const DATABASE_ID = "bench";

const MIGRATIONS = join(ROOT, "drizzle");
const SESSIONS_A_BATCH = 1000;

/**
 * Returns a directory of miniflare with a seeded database, which the run may change and delete. Each schema,
 * shape and size is seeded once. Databases of another schema are removed.
 */
export async function openDatabase(
  shape: Shape,
  size: number,
  say: (text: string) => void,
): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const kind = `${shape.name.replaceAll(" ", "-")}-${size}`;
  const name = `${kind}-${await fingerprint()}`;
  const entries = await readdir(CACHE);
  const own = join(CACHE, `run-${kind}`);
  await rm(own, { recursive: true, force: true });
  if (!entries.includes(name)) {
    const outdated = entries.filter((entry) => entry.startsWith(`${kind}-`));
    for (const entry of outdated) await rm(join(CACHE, entry), { recursive: true });
    say(`Seeding ${size.toLocaleString("en")} sessions in ${shape.name} ...`);
    await seedDatabase(own, shape, size);
    await rename(own, join(CACHE, name));
  }
  await cp(join(CACHE, name), own, { recursive: true });
  return own;
}

/** A hash of everything that determines the content of a seeded database. */
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

/** The text of a statement, followed by the values of its parameters. */
type Statement = readonly [sql: string, ...values: string[]];

/**
 * A Worker that runs the statements in a request. It is several times as fast as the binding that miniflare
 * gives to Node.
 */
const SEEDER = `export default {
  async fetch(request, { DB }) {
    const statements = await request.json();
    await DB.batch(statements.map(([sql, ...values]) => DB.prepare(sql).bind(...values)));
    return new Response();
  },
}`;

async function seedDatabase(directory: string, shape: Shape, size: number): Promise<void> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: SEEDER,
      d1Databases: { DB: DATABASE_ID },
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      resourcePersistencePath: directory,
    }),
  );
  try {
    const seeder = await miniflare.unsafeGetDirectURL();
    for (const file of await migrationFiles()) {
      const statements = (await readFile(file, "utf8")).split("--> statement-breakpoint");
      await runBatch(
        seeder,
        statements.map((statement) => [statement]),
      );
    }
    const world = makeWorld(await hashToken(TOKEN), shape);
    await runBatch(seeder, insertTables(world.tables));
    for (let from = 0; from < size; from += SESSIONS_A_BATCH) {
      const to = Math.min(size, from + SESSIONS_A_BATCH);
      await runBatch(seeder, insertTables(makeSessions(world, from, to)));
    }
  } finally {
    await miniflare.dispose();
  }
}

async function runBatch(seeder: URL, statements: readonly Statement[]): Promise<void> {
  const answer = await fetch(seeder, { method: "POST", body: JSON.stringify(statements) });
  if (!answer.ok) throw new Error(`The database cannot be seeded: ${await answer.text()}`);
}

function insertTables(tables: Tables): readonly Statement[] {
  return Object.entries(tables).flatMap(([table, rows]) =>
    rows.length === 0 ? [] : [insertRows(table, rows)],
  );
}

/** The statement that inserts rows, which are bound as one JSON text. */
function insertRows(table: string, rows: readonly Row[]): Statement {
  const columns = Object.keys(rows[0] ?? {});
  const values = columns.map((column, index) =>
    column === "project_set_id"
      ? `(SELECT id FROM project_sets WHERE project_ids = value ->> ${index})`
      : `value ->> ${index}`,
  );
  return [
    `INSERT INTO ${table} (${columns.map((column) => `"${column}"`).join(", ")})
     SELECT ${values.join(", ")} FROM json_each(?) WHERE true
     ${table === "project_sets" ? "ON CONFLICT DO NOTHING" : ""}`,
    JSON.stringify(rows.map((row) => columns.map((column) => row[column]))),
  ];
}

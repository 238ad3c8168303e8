import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Unstable_Config } from "wrangler";
import { Connection } from "../../src/db/connection.ts";
import { findMigrations } from "../../src/db/migrations.ts";
import { DatabaseUnavailableError } from "../../src/values/errors.ts";
import { Failure } from "./failure.ts";
import { ROOT, type Running, runWrangler } from "./wrangler.ts";

/** Which database is meant: the local one that is kept in a directory, or the deployed one. */
export type Place =
  | { readonly kind: "local"; readonly directory: string }
  | { readonly kind: "remote" };

export interface Database {
  readonly connection: Connection;
  close(): Promise<void>;
}

const CONFIGURATION = join(ROOT, "wrangler.toml");

/** Opens the database that the service has as its binding; locally also while the service runs on it. */
export async function openDatabase(place: Place): Promise<Database> {
  if (place.kind === "local") {
    const { env, dispose } = await openLocal(place.directory);
    return { connection: new PatientConnection(env.DB), close: dispose };
  }
  const { env, dispose } = await openRemote();
  return { connection: new Connection(env.DB), close: dispose };
}

/** For how long a command waits for its turn, and when it says so, in milliseconds. */
const PATIENCE = 30_000;
const SILENCE = 5_000;

/**
 * What is said where another process is writing, so that nothing was done. When the commit meets it, the
 * runtime tells of an internal error, and of its reason on the terminal alone.
 */
const BUSY = /SQLITE_(BUSY|LOCKED)|internal error; reference/;

/**
 * A connection that waits while someone else writes. Two processes that have one local database open, as
 * the service and a command do, refuse each other's writes where they meet, and neither waits by itself.
 */
class PatientConnection extends Connection {
  #saysSo = true;

  override async batch(...statements: Parameters<Connection["batch"]>) {
    for (const start = Date.now(); ; await sleep(50 + 100 * Math.random())) {
      try {
        return await super.batch(...statements);
      } catch (error) {
        const isBusy = error instanceof DatabaseUnavailableError && BUSY.test(error.message);
        if (!isBusy || Date.now() - start > PATIENCE) throw error;
      }
      if (this.#saysSo && Date.now() - start > SILENCE) {
        this.#saysSo = false;
        process.stderr.write("Waiting for another process that writes to this database ...\n");
      }
    }
  }
}

async function openLocal(directory: string) {
  const [{ unstable_getMiniflareWorkerOptions }, { convertV4MiniflareOptions, Miniflare }] =
    await Promise.all([loadWrangler(), import("miniflare")]);
  const { modulesRules: _, ...bindings } =
    unstable_getMiniflareWorkerOptions(CONFIGURATION).workerOptions;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [{ ...bindings, modules: true, script: "" }],
      // wrangler keeps its state in a subdirectory of what it is given as --persist-to.
      resourcePersistencePath: join(directory, "v3"),
      handleStructuredLogs: showTrouble,
    }),
  );
  const dispose = () => miniflare.dispose();
  try {
    return { env: await miniflare.getBindings<Cloudflare.Env>(), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** That another process writes is waited for, and nothing to be told of at length. */
function showTrouble({ message }: { readonly message: string }): void {
  if (!BUSY.test(message)) process.stderr.write(`${message}\n`);
}

/** Goes through a session that wrangler opens at Cloudflare, with the rights of who is logged in. */
async function openRemote() {
  const { getPlatformProxy } = await loadWrangler();
  const configPath = await writeRemoteConfiguration();
  try {
    return await getPlatformProxy<Cloudflare.Env>({ configPath, persist: false });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure(
      `The deployed database cannot be reached. Log in with "npx wrangler login", or set CLOUDFLARE_API_TOKEN. (${message})`,
    );
  }
}

/** Not at the head of the file: it takes a second that `--help` and a wrong argument need not wait for. */
function loadWrangler() {
  return import("wrangler");
}

/**
 * The configuration by which the binding leads to the deployed database. It stands in a file of its own,
 * because `remote` in wrangler.toml would send `wrangler dev` there too.
 */
async function writeRemoteConfiguration(): Promise<string> {
  const { unstable_readConfig } = await loadWrangler();
  const configuration: Unstable_Config = unstable_readConfig({ config: CONFIGURATION });
  const { name, account_id, compatibility_date, d1_databases } = configuration;
  const databases = d1_databases.map((database) => ({ ...database, remote: true }));
  const path = join(ROOT, ".wrangler", "remote.json");
  await mkdir(join(ROOT, ".wrangler"), { recursive: true });
  await writeFile(
    path,
    JSON.stringify({ name, account_id, compatibility_date, d1_databases: databases }),
  );
  return path;
}

/**
 * Brings a local database to the newest schema; a deployed one is migrated when it is deployed, and by
 * nothing else.
 *
 * @param started is told of the wrangler command that migrates, so that it can be stopped
 * @returns whether there was something to do
 */
export async function migrateDatabase(
  { connection }: Database,
  place: Place,
  started: (running: Running) => void = () => {},
): Promise<boolean> {
  const applied = await findMigrations(connection);
  const pending = (await migrationFiles()).filter((file) => !applied.includes(file));
  if (pending.length === 0) return false;
  if (place.kind === "remote") {
    throw new Failure(
      `The deployed database lacks the migrations ${pending.join(", ")}: deploy the service first (npm run deploy).`,
    );
  }
  const migrating = runWrangler([
    "d1",
    "migrations",
    "apply",
    "DB",
    "--local",
    "--persist-to",
    place.directory,
  ]);
  started(migrating);
  const { code, output } = await migrating.ended;
  if (code !== 0) {
    throw new Failure(`The database in ${place.directory} could not be migrated:\n${output}`);
  }
  return true;
}

async function migrationFiles(): Promise<readonly string[]> {
  const files = await readdir(join(ROOT, "drizzle"));
  return files.filter((file) => file.endsWith(".sql")).sort();
}

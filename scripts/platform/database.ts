import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Unstable_Config } from "wrangler";
import { Connection } from "../../src/db/connection.ts";
import { findMigrations } from "../../src/db/migrations.ts";
import { DatabaseUnavailableError } from "../../src/values/errors.ts";
import { Failure } from "./failure.ts";
import { ROOT, type Running, runWrangler } from "./wrangler.ts";

/** The selected database: the local one in a directory, or the deployed one. */
export type Place =
  | { readonly kind: "local"; readonly directory: string }
  | { readonly kind: "remote" };

export interface Database {
  readonly connection: Connection;
  close(): Promise<void>;
}

const CONFIGURATION = join(ROOT, "wrangler.toml");

/**
 * Opens the database to which the service is bound. The local database can be opened while the service runs
 * on it.
 */
export async function openDatabase(place: Place): Promise<Database> {
  if (place.kind === "local") {
    const { env, dispose } = await openLocal(place.directory);
    return { connection: new PatientConnection(env.DB), close: dispose };
  }
  const { env, dispose } = await openRemote();
  return { connection: new Connection(env.DB), close: dispose };
}

/**
 * How long a command waits for another process, and after which time it prints that it waits, in
 * milliseconds.
 */
const PATIENCE = 30_000;
const SILENCE = 5_000;

/**
 * The error when another process is writing, in which case nothing was written. When the commit meets it, the
 * runtime reports an internal error and prints the reason only on the terminal.
 */
const BUSY = /SQLITE_(BUSY|LOCKED)|internal error; reference/;

/**
 * A connection that waits while another process writes. When two processes (the service and a command) have
 * the same local database open, a write fails during a write of the other, and SQLite does not wait by
 * itself.
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
      // wrangler stores its state in a subdirectory of the directory in --persist-to.
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

/** Prints a log line of the runtime, except for writes of another process, which the connection waits for. */
function showTrouble({ message }: { readonly message: string }): void {
  if (!BUSY.test(message)) process.stderr.write(`${message}\n`);
}

/**
 * Opens the deployed database through a remote session of wrangler, with the rights of the logged-in user.
 */
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

/** The address of the deployment: the variable `SERVICE_URL` of wrangler.toml, empty when it is not set. */
export async function readServiceUrl(): Promise<string> {
  const { unstable_readConfig } = await loadWrangler();
  const { vars } = unstable_readConfig({ config: CONFIGURATION });
  return typeof vars.SERVICE_URL === "string" ? vars.SERVICE_URL : "";
}

/** The import is dynamic: it takes a second, which `--help` and a wrong argument do not need. */
function loadWrangler() {
  return import("wrangler");
}

/**
 * The configuration that binds the deployed database. It is in a separate file, because `remote` in
 * wrangler.toml would connect `wrangler dev` to the deployed database too.
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
 * Brings a local database to the newest schema. A deployed database is migrated only by a deployment.
 *
 * @param started receives the running migration command, so that it can be stopped
 * @returns whether there was a migration to apply
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
  // A migration that meets a write of another process changes nothing, so that it can begin again.
  for (const first = Date.now(); ; await sleep(500)) {
    const start = Date.now();
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
    if (code === 0) return true;
    if (!BUSY.test(output) || start - first > PATIENCE) {
      throw new Failure(`The database in ${place.directory} could not be migrated:\n${output}`);
    }
  }
}

async function migrationFiles(): Promise<readonly string[]> {
  const files = await readdir(join(ROOT, "drizzle"));
  return files.filter((file) => file.endsWith(".sql")).sort();
}

import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { OPERATOR, runAs } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { parseUuid } from "../../src/values/uuid.ts";
import { finishMigrations } from "../operator/after-migration.ts";
import { migrateDatabase, openDatabase, type Place, readServiceUrl } from "../platform/database.ts";
import { Failure } from "../platform/failure.ts";
import { ROOT } from "../platform/wrangler.ts";
import { say } from "./words.ts";

/** Adds the options that select the database. */
export function addPlaceOptions(program: Command): Command {
  return program
    .option(
      "--persist-to <directory>",
      "the local database, as wrangler dev and npm start have it",
      join(ROOT, ".wrangler", "state"),
    )
    .option("--remote", "the deployed database in place of the local one");
}

/**
 * The action of a command on the database that the command line selects. It brings a local database to the
 * newest schema. With `whileFilling` it also runs while an import is filling the database.
 *
 * @throws DatabaseBeingFilledError while an import runs, unless `whileFilling` is set
 */
export function onDatabase<Args extends readonly unknown[]>(
  work: (connection: Connection, ...args: Args) => Promise<void>,
  { whileFilling = false }: { readonly whileFilling?: boolean } = {},
): (this: Command, ...args: Args) => Promise<void> {
  return async function (...args) {
    const place = placeOf(this);
    const database = await openDatabase(place);
    try {
      if (await migrateDatabase(database, place)) {
        say("The database has been brought to the newest schema.");
        for (const sentence of await finishMigrations(database.connection)) say(sentence);
      }
      if (!whileFilling) await runAs(database.connection, OPERATOR, []);
      await work(database.connection, ...args);
    } finally {
      await database.close();
    }
  };
}

function placeOf(command: Command): Place {
  const { persistTo, remote } = command.optsWithGlobals<{ persistTo: string; remote?: true }>();
  return remote === true ? { kind: "remote" } : { kind: "local", directory: resolve(persistTo) };
}

/** Where the service of `npm start` answers. */
const LOCAL_URL = "http://127.0.0.1:8787/";

/**
 * The address of the service, with which links to its pages begin: the given one, else that of `npm start` for
 * a local database, and `SERVICE_URL` of wrangler.toml for the deployed one.
 *
 * @throws Failure when the address is not known, or is none
 */
export async function serviceUrl(command: Command, given?: string): Promise<string> {
  const isRemote = placeOf(command).kind === "remote";
  const url = given ?? (isRemote ? await readServiceUrl() : LOCAL_URL);
  if (url === "") {
    throw new Failure(
      "Where does the service answer? Set SERVICE_URL in wrangler.toml, or add --url https://...",
    );
  }
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Failure(
      `"${url}" is not the address of a service: it begins with https:// or http://.`,
    );
  }
  return new URL("/", url).href;
}

/** Parses an id on the command line. */
export function readId(text: string): string {
  const id = parseUuid(text);
  if (id === undefined) throw new InvalidArgumentError("An id is a UUID.");
  return id;
}

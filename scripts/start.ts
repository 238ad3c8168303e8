import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { DatabaseBeingFilledError } from "../src/values/errors.ts";
import { explain, say } from "./admin/words.ts";
import { loadDemo } from "./demo/load.ts";
import { findDemoToken, makeDemoLink } from "./demo/token.ts";
import { finishMigrations } from "./operator/after-migration.ts";
import { migrateDatabase, openDatabase } from "./platform/database.ts";
import { Failure } from "./platform/failure.ts";
import { findPort } from "./platform/port.ts";
import { LOG_LEVELS, type LogLevel, type Service, startService } from "./platform/service.ts";
import { ROOT, type Running } from "./platform/wrangler.ts";

// `npm start`: prepares the local database and serves the API on it until it is stopped.

// Of what wrangler says by itself only trouble is for the person at the terminal.
process.env.WRANGLER_LOG ??= "warn";

interface Options {
  readonly ip: string;
  readonly port: number;
  readonly persistTo: string;
  readonly env?: string;
  readonly var?: Readonly<Record<string, string>>;
  readonly logLevel: LogLevel;
}

const program = new Command("npm start --")
  .description("Serves the Session API on this machine, with demo data when its database is empty.")
  .option("--port <number>", "port to listen on, 0 for any that is free", readPort, 8787)
  .option("--ip <address>", "address to listen on", "127.0.0.1")
  .option(
    "--persist-to <directory>",
    "where the database is kept",
    join(ROOT, ".wrangler", "state"),
  )
  .option("--env <name>", "environment of wrangler.toml")
  .option("--var <name:value...>", "variable in place of that of wrangler.toml", readVariable)
  .addOption(
    new Option("--log-level <level>", "how much of the log is shown")
      .choices(LOG_LEVELS)
      .default("log"),
  )
  // Options of wrangler dev without an effect here: everything is local, and there is no debugger.
  .addOption(new Option("--local").hideHelp())
  .addOption(new Option("--inspector-port <number>").hideHelp())
  .addOption(new Option("--inspector-ip <address>").hideHelp())
  .showHelpAfterError(
    '("npm start -- --help" names all options: not every one of wrangler dev is among them.)',
  )
  .action(start);

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
}

function readVariable(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^(\w+):(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { ...before, [name]: value };
  throw new InvalidArgumentError("A variable is written NAME:VALUE.");
}

/** The current child process or service, and whether this process was told to stop. */
const state: { running?: Running; stopped: boolean } = { stopped: false };

function stop(): void {
  state.stopped = true;
  state.running?.stop();
}

async function start(options: Options): Promise<void> {
  const { ip, port, persistTo, env, var: variables, logLevel } = options;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  process.on("exit", () => {
    // Miniflare ends the process on a signal. A requested stop is not a failure.
    if (state.stopped) process.exitCode = 0;
  });
  stopWithNpm();
  const directory = resolve(persistTo);
  const freePort = await findPort(ip, port);
  const url = `http://${hostInUrl(ip)}:${freePort}`;
  const demo = await prepareDatabase(directory, url);
  if (state.stopped) return;
  const service = await startService({
    ip,
    port: freePort,
    directory,
    logLevel,
    ...(env !== undefined && { environment: env }),
    ...(variables !== undefined && { variables }),
  });
  const running = run(runService(service));
  const isAnswering = await Promise.race([running.ended, firstAnswer(url)]);
  if (isAnswering === "answered") welcome(url, demo);
  await running.ended;
}

/** The service as a `Running`. */
function runService(service: Service): Running {
  const {
    promise: ended,
    resolve,
    reject,
  } = Promise.withResolvers<{ code: number; output: string }>();
  const stop = () => service.stop().then(() => resolve({ code: 0, output: "" }), reject);
  return { ended, stop };
}

/** The host in URLs that reach, from this machine, a server that listens on `ip`. */
function hostInUrl(ip: string): string {
  if (ip === "0.0.0.0" || ip === "*") return "127.0.0.1";
  if (ip === "::") return "[::1]";
  return ip.includes(":") ? `[${ip}]` : ip;
}

/**
 * Registers a running process, so that `stop` reaches it. It is stopped at once when `stop` has already been
 * called.
 */
function run(running: Running): Running {
  state.running = running;
  if (state.stopped) running.stop();
  return running;
}

/**
 * Stops when npm ends. npm does not forward every signal, but when it ends, this process gets another parent.
 */
function stopWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), 500).unref();
}

/** How the demo user gets in. */
interface Demo {
  readonly token: string;
  /** The address of a sign-in link. */
  readonly link: string;
}

/**
 * Brings the database to the newest schema, and loads the demo data into an empty one.
 *
 * @param url the address of the service
 * @returns undefined when the data are not the demo data
 */
async function prepareDatabase(directory: string, url: string): Promise<Demo | undefined> {
  await mkdir(directory, { recursive: true }).catch((error: Error) => {
    throw new Failure(`The database cannot be kept in ${directory}: ${error.message}.`);
  });
  const place = { kind: "local", directory } as const;
  const database = await openDatabase(place);
  try {
    const isMigrated = await migrateDatabase(database, place, run);
    if (state.stopped) return undefined;
    if (isMigrated) {
      for (const sentence of await finishMigrations(database.connection)) say(sentence);
    }
    await loadDemo(database.connection);
    const token = await findDemoToken(database.connection, directory);
    if (token === undefined) return undefined;
    return { token, link: await makeDemoLink(database.connection, url) };
  } catch (error) {
    if (!(error instanceof DatabaseBeingFilledError)) throw error;
    say(explain(error) ?? error.message);
    return undefined;
  } finally {
    await database.close();
  }
}

/** The `Retry-After` of the service while an import is filling the database, in seconds. */
const FILLING = "30";

/** Waits until the service answers for the first time, which takes a second longer than later answers. */
async function firstAnswer(url: string): Promise<"answered"> {
  for (;;) {
    const response = await fetch(`${url}/api/public/stem/session/?limit=1`).catch(() => undefined);
    // During an import the service answers 503, which shows that it is running.
    if (response?.ok || response?.headers.get("retry-after") === FILLING) return "answered";
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function welcome(url: string, demo: Demo | undefined): void {
  const lines =
    demo === undefined
      ? [
          `Make a sign-in link for yourself:  npm run -s admin -- user link EMAIL --url ${url}`,
          "Or a token:  npm run -s admin -- token create EMAIL",
          "",
          "Try it, without a token:",
          `  curl '${url}/api/public/stem/session/?limit=2'`,
        ]
      : [
          "Sign in as the demo user, with a link that works once:",
          `  ${demo.link}`,
          "",
          `Token of the demo user:  ${demo.token}`,
          "",
          "Try it:",
          `  curl -H 'Authorization: Bearer ${demo.token}' '${url}/api/private/stem/session/?limit=2'`,
        ];
  process.stdout.write(
    ["", `The Session API answers at ${url}`, ...lines, "", "Ctrl-C stops it.", ""].join("\n"),
  );
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  // A requested stop is not a failure.
  if (!state.stopped) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

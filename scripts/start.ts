import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { loadDemo } from "./demo/load.ts";
import { findDemoToken } from "./demo/token.ts";
import { migrateDatabase, openDatabase } from "./platform/database.ts";
import { Failure } from "./platform/failure.ts";
import { findPort } from "./platform/port.ts";
import { ROOT, type Running, runWrangler } from "./platform/wrangler.ts";

// `npm start`: makes the local database ready and serves the API on it until told to stop.

interface Options {
  readonly ip: string;
  readonly port: number;
  readonly persistTo: string;
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
  .argument("[wrangler...]", "anything else is passed on to wrangler dev")
  .allowUnknownOption()
  .action(start);

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
}

/** What runs at the moment, and whether we were asked to end. */
const state: { running?: Running; stopped: boolean } = { stopped: false };

function stop(): void {
  state.stopped = true;
  state.running?.stop();
}

async function start(passedOn: readonly string[], { ip, port, persistTo }: Options): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  stopWithNpm();
  const directory = resolve(persistTo);
  const freePort = await findPort(ip, port);
  const token = await prepareDatabase(directory);
  if (state.stopped) return;
  const place = ["--ip", ip, "--port", String(freePort), "--persist-to", directory];
  const service = run(runWrangler(["dev", ...place, ...passedOn], "shown"));
  const url = `http://${ip === "0.0.0.0" || ip === "*" ? "127.0.0.1" : ip}:${freePort}`;
  const ended = service.ended.then(({ code }) => code);
  if ((await Promise.race([ended, firstAnswer(url)])) === "answered") welcome(url, token);
  const code = await ended;
  // What ends because it was told to has not failed.
  process.exitCode = state.stopped ? 0 : code;
}

/** Keeps what was started within reach of `stop`, also when that was called a moment ago. */
function run(running: Running): Running {
  state.running = running;
  if (state.stopped) running.stop();
  return running;
}

/** npm does not pass on every signal that ends it, but then we lose it as our parent. */
function stopWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), 500).unref();
}

/** @returns the token to show: the demo user's, where there are demo data */
async function prepareDatabase(directory: string): Promise<string | undefined> {
  await mkdir(directory, { recursive: true }).catch((error: Error) => {
    throw new Failure(`The database cannot be kept in ${directory}: ${error.message}.`);
  });
  const place = { kind: "local", directory } as const;
  const database = await openDatabase(place);
  try {
    await migrateDatabase(database, place, run);
    if (state.stopped) return undefined;
    await loadDemo(database.connection);
    return await findDemoToken(database.connection, directory);
  } finally {
    await database.close();
  }
}

/** Waits until the service has answered once: its first answer takes a second longer than those that follow. */
async function firstAnswer(url: string): Promise<"answered"> {
  for (;;) {
    const response = await fetch(`${url}/api/public/stem/session/?limit=1`).catch(() => undefined);
    if (response?.ok) return "answered";
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function welcome(url: string, token: string | undefined): void {
  const lines =
    token === undefined
      ? [
          "Make a token for yourself:  npm run -s admin -- token create EMAIL",
          "",
          "Try it, without a token:",
          `  curl '${url}/api/public/stem/session/?limit=2'`,
        ]
      : [
          `Token of the demo user:  ${token}`,
          "",
          "Try it:",
          `  curl -H 'Authorization: Bearer ${token}' '${url}/api/private/stem/session/?limit=2'`,
        ];
  process.stdout.write(
    ["", `The Session API answers at ${url}`, ...lines, "", "Ctrl-C stops it.", ""].join("\n"),
  );
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  // What was cut short because it was told to has not failed.
  if (!state.stopped) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findPort } from "../../../scripts/platform/port.ts";
import { ROOT } from "../../../scripts/platform/wrangler.ts";

/** What `npm start` serves, in a process group of its own. */
export interface Service {
  /** The address that `/api/...` follows. */
  readonly base: string;
  /** Ends it when its work is done. */
  stop(): Promise<void>;
  /** Ends all its processes at once, whatever they are doing. */
  kill(): Promise<void>;
}

export const HOST = "127.0.0.1";

/** What is said of the service is kept beside its database. */
export const logFile = (directory: string) => join(directory, "service.log");

/** Within how many milliseconds it answers for the first time, on a machine that is busy. */
const MAX_TO_START = 60_000;

/** The process groups that end with us. */
const groups = new Set<number>();

process.on("exit", () => groups.forEach(killGroup));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.exit(1));
}

function killGroup(group: number): void {
  groups.delete(group);
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    // It may have ended by itself.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Serves the API on the database in a directory, and waits until it answers. */
export async function startService(directory: string, port: number): Promise<Service> {
  const child = spawnService(directory, port);
  const ended = once(child, "exit");
  const group = child.pid;
  if (group === undefined) throw new Error("The service cannot be run.");
  groups.add(group);
  const base = `http://${HOST}:${port}`;
  const startedToEnd = ended.then(() => "ended" as const);
  if ((await Promise.race([firstAnswer(base), startedToEnd])) !== "answered") {
    throw new Error(`The service does not start: see ${logFile(directory)}.`);
  }
  return {
    base,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      groups.delete(group);
    },
    kill: async () => {
      killGroup(group);
      await ended;
      await portIsFree(port);
    },
  };
}

function spawnService(directory: string, port: number) {
  const log = openSync(logFile(directory), "a");
  const script = join(import.meta.dirname, "serve.ts");
  const child = spawn(process.execPath, [script, HOST, String(port), directory], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  return child;
}

async function firstAnswer(base: string): Promise<"answered" | "late"> {
  for (const end = Date.now() + MAX_TO_START; Date.now() < end; await sleep(20)) {
    const answer = await fetch(`${base}/api/health`).catch(() => undefined);
    if (answer?.ok) return "answered";
  }
  return "late";
}

/** The last of the processes lets go of it a moment after it was killed. */
async function portIsFree(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await findPort(HOST, port).catch(() => undefined)) return;
    await sleep(20);
  }
  throw new Error(`Port ${port} is still taken after the service was killed.`);
}

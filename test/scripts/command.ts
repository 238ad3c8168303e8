import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

/** What a command did. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is under way. */
export interface Command {
  readonly process: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** What it has said on stdout, once that matches. */
  readonly said: (pattern: RegExp) => Promise<string>;
}

/** Starts a script of the project, as npm does. */
export function startScript(script: string, args: readonly string[]): Command {
  const child = spawn(process.execPath, [join(ROOT, "scripts", script), ...args], {
    cwd: ROOT,
    // As under npm the service ends with its parent, so that a test run that is cut short leaves none behind.
    env: { ...process.env, npm_lifecycle_event: "start" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Outcome>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  const said = async (pattern: RegExp) => {
    while (!pattern.test(stdout)) {
      if (child.exitCode !== null) throw new Error(`It ended with: ${stdout}${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return stdout;
  };
  return { process: child, ended, said };
}

/** Runs `npm run admin` on the database in a directory. */
export function admin(directory: string, ...args: readonly string[]): Promise<Outcome> {
  return startScript("admin.ts", [...args, "--persist-to", directory]).ended;
}

/** The service on a database of its own, as `npm start` leaves it when it is ready. */
export interface Service {
  readonly url: string;
  readonly stdout: string;
  readonly process: ChildProcess;
  /** Ends it, and answers when it is gone. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Outcome>;
}

export async function startService(
  directory: string,
  ...args: readonly string[]
): Promise<Service> {
  const {
    process: child,
    said,
    ended,
  } = startScript("start.ts", ["--port", "0", `--persist-to=${directory}`, ...args]);
  const stdout = await said(/Ctrl-C stops it/).catch((error: Error) => error);
  // Another program can take the free port before the service listens on it.
  if (stdout instanceof Error) {
    if (stdout.message.includes("EADDRINUSE")) return startService(directory, ...args);
    throw stdout;
  }
  const url = /answers at (\S+)/.exec(stdout)?.[1] ?? "";
  const stop = (signal: NodeJS.Signals = "SIGTERM") => {
    child.kill(signal);
    return ended;
  };
  return { url, stdout, process: child, stop };
}

/** A directory that is gone when the test file or the test is over. */
export async function makeDirectory(): Promise<{
  readonly path: string;
  readonly remove: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), "session-api-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** As `makeDirectory`, for one test. */
export async function directoryOfTest(): Promise<string> {
  const { path, remove } = await makeDirectory();
  onTestFinished(remove);
  return path;
}

/** Sends a request with a token; `body` goes as JSON. */
export async function request(
  url: string,
  token: string,
  { method = "GET", body }: { readonly method?: string; readonly body?: unknown } = {},
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever JSON came.
): Promise<{ readonly status: number; readonly body: any }> {
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

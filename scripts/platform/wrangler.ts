import { spawn } from "node:child_process";
import { enableCompileCache } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The directory of the repository, in which wrangler finds its configuration. */
export const ROOT = join(import.meta.dirname, "..", "..");

/**
 * Turns off wrangler's banner, telemetry and network requests, and its tracing, which interferes with D1,
 * unless the environment sets these variables.
 */
const SETTINGS = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  X_LOCAL_OBSERVABILITY: "false",
};

for (const [name, value] of Object.entries(SETTINGS)) process.env[name] ??= value;

// Always off, whatever the environment says: wrangler's explorer runs any SQL for any caller on the port of
// the API.
process.env.X_LOCAL_EXPLORER = "false";

// Loading wrangler takes most of the time of a command. With a compile cache it loads in half the time.
const { directory } = enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;

/** A running wrangler process, or anything else that runs until it ends or is stopped. */
export interface Running {
  /** Resolves to the exit code and the output when the process ends. */
  readonly ended: Promise<{ readonly code: number; readonly output: string }>;
  stop(): void;
}

/** Starts a wrangler command. Its output is collected, to show it when the command fails. */
export function runWrangler(args: readonly string[]): Running {
  const child = spawn(process.execPath, [wranglerFile(), ...args], {
    cwd: ROOT,
    // In CI mode wrangler asks no questions and reads no keys.
    env: { CI: "1", ...process.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<{ code: number; output: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
  // Always SIGTERM, whatever signal stops this process: wrangler cleans up on it.
  return { ended, stop: () => child.kill("SIGTERM") };
}

/** The path of wrangler's script. */
function wranglerFile(): string {
  const manifest = fileURLToPath(import.meta.resolve("wrangler/package.json"));
  return join(dirname(manifest), "bin", "wrangler.js");
}

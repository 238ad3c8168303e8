import { spawn } from "node:child_process";
import { enableCompileCache } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository, where wrangler finds its configuration. */
export const ROOT = join(import.meta.dirname, "..", "..");

/**
 * Keeps wrangler quiet and off the network, and its tracing out of the way of D1, where the environment
 * does not say otherwise.
 */
const SETTINGS = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  X_LOCAL_OBSERVABILITY: "false",
};

for (const [name, value] of Object.entries(SETTINGS)) process.env[name] ??= value;

// Whatever the environment says: wrangler's explorer runs any SQL for any caller, on the port of the API.
process.env.X_LOCAL_EXPLORER = "false";

// Loading wrangler takes longer than what it then does; compiled once, it loads in half the time.
const { directory } = enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;

/** A wrangler process that is under way. */
export interface Running {
  /** Its exit code and its output, when it has ended. */
  readonly ended: Promise<{ readonly code: number; readonly output: string }>;
  stop(): void;
}

/** Runs a wrangler command. Its output is kept, for the case that it fails. */
export function runWrangler(args: readonly string[]): Running {
  const child = spawn(process.execPath, [wranglerFile(), ...args], {
    cwd: ROOT,
    // It asks no questions and reads no keys.
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
  // Whatever the signal was that ends us: wrangler cleans up after itself on this one.
  return { ended, stop: () => child.kill("SIGTERM") };
}

/** What `node` runs as wrangler. */
function wranglerFile(): string {
  const manifest = fileURLToPath(import.meta.resolve("wrangler/package.json"));
  return join(dirname(manifest), "bin", "wrangler.js");
}

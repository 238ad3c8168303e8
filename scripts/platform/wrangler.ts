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

// Loading wrangler takes longer than what it then does; compiled once, it loads in half the time.
const { directory } = enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;

/** A wrangler process that is under way. */
export interface Running {
  /** What it ended with: its exit code, and what it had to say where that was kept. */
  readonly ended: Promise<{ readonly code: number; readonly output: string }>;
  stop(): void;
}

/** Runs a wrangler command, its words on the terminal (`"shown"`) or kept for the case that it fails. */
export function runWrangler(args: readonly string[], words: "shown" | "kept"): Running {
  const stdio = words === "shown" ? "inherit" : "pipe";
  const child = spawn(process.execPath, [wranglerFile(), ...args], {
    cwd: ROOT,
    // It asks no questions and reads no keys.
    env: { CI: "1", ...process.env },
    stdio: ["ignore", stdio, stdio],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
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
export function wranglerFile(): string {
  const manifest = fileURLToPath(import.meta.resolve("wrangler/package.json"));
  return join(dirname(manifest), "bin", "wrangler.js");
}

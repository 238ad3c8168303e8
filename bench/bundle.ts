import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig } from "wrangler";
import { ROOT, runWrangler } from "../scripts/platform/wrangler.ts";

/** A bundled Worker: its module, and the multipart form of its upload. */
export interface Bundle {
  readonly module: string;
  readonly upload: string;
}

/** The Workers of the benchmark. `service` is what `wrangler deploy` uploads, minified. */
export interface Bundles {
  readonly service: Bundle;
  readonly floor: Bundle;
  readonly counted: Bundle;
  readonly empty: Bundle;
}

/** Bundles the Workers into a new directory. `remove` deletes it. */
export async function bundleWorkers(): Promise<Bundles & { remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  const bundle = (entry: string, ...args: string[]) => bundleWorker(directory, entry, args);
  const [service, floor, empty] = await Promise.all([
    bundle("src/index.ts"),
    bundle("bench/floor.ts"),
    bundle("bench/empty.ts"),
  ]);
  const counted = await bundle(
    "bench/counted.ts",
    "--alias",
    `service-under-test:${service.module}`,
  );
  return { service, floor, counted, empty, remove: () => rm(directory, { recursive: true }) };
}

async function bundleWorker(
  directory: string,
  entry: string,
  args: readonly string[],
): Promise<Bundle> {
  const name = entry.replace(/.*\/|\.ts$/g, "");
  const upload = join(directory, `${name}.bundle`);
  await wrangler([
    "deploy",
    join(ROOT, entry),
    "--dry-run",
    "--minify",
    "--outdir",
    join(directory, name),
    "--outfile",
    upload,
    ...args,
  ]);
  return { module: join(directory, name, `${name}.js`), upload };
}

async function wrangler(args: readonly string[]): Promise<void> {
  const { code, output } = await runWrangler(args).ended;
  if (code !== 0) throw new Error(`wrangler ${args.join(" ")} failed:\n${output}`);
}

/**
 * The size and the start-up of a Worker: the bytes of its module, the bytes after compression, the
 * milliseconds of start-up, and the milliseconds until a new isolate gives its first answer. The fastest of
 * several starts counts, because every disturbance makes a start longer. The profiler takes one sample each
 * millisecond, so shorter starts do not show.
 */
export interface Weight {
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly startupMs: number;
  readonly firstAnswerMs: number;
}

export interface Weights {
  readonly service: Weight;
  readonly empty: Weight;
}

/** Measures the service and the empty Worker in alternating starts. */
export async function weighBundles({ service, empty }: Bundles, starts: number): Promise<Weights> {
  const profiled = { service: [] as number[], empty: [] as number[] };
  const answered = { service: [] as number[], empty: [] as number[] };
  for (let start = 0; start < starts; start += 1) {
    profiled.service.push(await profileStartup(service));
    profiled.empty.push(await profileStartup(empty));
    answered.service.push(await timeFirstAnswer(service));
    answered.empty.push(await timeFirstAnswer(empty));
  }
  const weigh = async (name: "service" | "empty", bundle: Bundle) => ({
    ...(await sizeOf(bundle)),
    startupMs: fastest(profiled[name]),
    firstAnswerMs: fastest(answered[name]),
  });
  return { service: await weigh("service", service), empty: await weigh("empty", empty) };
}

async function sizeOf({ module }: Bundle) {
  const code = await readFile(module);
  return { bytes: code.length, gzipBytes: gzipSync(code).length };
}

const fastest = (milliseconds: readonly number[]) => Math.max(1, Math.min(...milliseconds));

/** The used part of V8's profile format. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { functionName: string } }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** The milliseconds of computation before a Worker accepts a request, without idle time. */
async function profileStartup({ upload }: Bundle): Promise<number> {
  const file = `${upload}.cpuprofile`;
  await wrangler(["check", "startup", "--workerBundle", upload, "--outfile", file]);
  // The format of the profiler, which V8 has not changed for a decade.
  const profile = JSON.parse(await readFile(file, "utf8")) as Profile;
  const idle = new Set(
    profile.nodes.filter((node) => node.callFrame.functionName === "(idle)").map(({ id }) => id),
  );
  const active = profile.timeDeltas.filter((_, index) => !idle.has(profile.samples[index] ?? 0));
  return active.reduce((sum, delta) => sum + delta, 0) / 1000;
}

/** The milliseconds until the first answer of a new isolate, on a path that does not use the database. */
async function timeFirstAnswer({ module }: Bundle): Promise<number> {
  const { compatibility_date } = unstable_readConfig({ config: join(ROOT, "wrangler.toml") });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: await readFile(module, "utf8"),
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      cf: false,
      logRequests: false,
      handleStructuredLogs: () => {},
      ...(compatibility_date !== undefined && { compatibilityDate: compatibility_date }),
    }),
  );
  try {
    const url = await miniflare.unsafeGetDirectURL();
    const start = performance.now();
    const answer = await fetch(url);
    await answer.text();
    return performance.now() - start;
  } finally {
    await miniflare.dispose();
  }
}

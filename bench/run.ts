import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { ROOT } from "../scripts/platform/wrangler.ts";
import { type Bundles, bundleWorkers, weighBundles } from "./bundle.ts";
import { openDatabase } from "./database.ts";
import { FEW, MANY, makeWorld, type Shape, TOKEN } from "./dataset.ts";
import { type Cost, measureCost, measureLoad, type Plan, shareOf } from "./load.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { drawPlot } from "./plot.ts";
import { type Measurement, printTable, type Results, writeMarkdown } from "./report.ts";
import { startServers } from "./servers.ts";
import { type Access, removeOwnSessions, surveyTarget, type Target } from "./target.ts";
import { verifyFloor } from "./verify.ts";

const SIZES = [1_000, 10_000, 100_000];
const QUICK_SIZES = [1_000, 10_000];
const SHAPES = [FEW, MANY];

/** How many requests give the average cost of an operation. */
const COSTED = 10;

const RESULTS = join(ROOT, "bench", "results");
const LATEST = join(RESULTS, "latest.json");
const PAGE = join(ROOT, "docs", "performance.md");
const PLOT = join(ROOT, "docs", "performance.svg");
const TABLE = /(<!-- table -->\n)[\s\S]*(<!-- end of table -->)/;

interface Options {
  readonly quick?: true;
  readonly size?: readonly number[];
  readonly seconds?: number;
  readonly url?: string;
  readonly token?: string;
  readonly project?: readonly string[];
  readonly docs?: true;
}

const say = (text: string) => process.stderr.write(`${text}\n`);

await new Command("bench")
  .description(
    "Measure the service: speed, rows and round trips of every operation, and its bundle.",
  )
  .option("--quick", "less of everything, in a few minutes")
  .option("--size <sessions...>", "how many sessions there are", collectSizes)
  .option("--seconds <number>", "how long a round lasts", readNumber)
  .option("--url <base>", "measure what runs at this address, with sessions of the benchmark's own")
  .option("--token <token>", "a bearer token for that address")
  .option("--project <ids...>", "projects there in which the token may create sessions")
  .option("--docs", "measure nothing: write the page and the plot again from the last full run")
  .action(run)
  .parseAsync();

function readNumber(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError("It is not a number above 0.");
  return number;
}

function collectSizes(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, Math.round(readNumber(text))];
}

async function run(options: Options): Promise<void> {
  if (options.docs) {
    await writeDocs(JSON.parse(await readFile(LATEST, "utf8")) as Results);
    return;
  }
  const plan: Plan = {
    connections: 16,
    warmUpSeconds: options.quick ? 0.2 : 0.3,
    seconds: options.seconds ?? (options.quick ? 0.3 : 0.8),
    rounds: 3,
  };
  const found = await (options.url === undefined
    ? measureLocally(options, plan)
    : measureAddress(options.url, options, plan));
  const results: Results = {
    date: new Date().toISOString(),
    machine: `${cpus().length} x ${cpus()[0]?.model ?? "?"}, Node ${process.versions.node}`,
    plan,
    ...found,
  };
  process.stdout.write(`${printTable(results)}\n`);
  await keepResults(results, options);
}

/** Stores the results: those of a full run in the repository, those of any other run only locally. */
async function keepResults(results: Results, { quick, size, url }: Options): Promise<void> {
  const whole = quick === undefined && size === undefined && url === undefined;
  const file = whole ? LATEST : join(RESULTS, "partial.json");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(results, undefined, 2)}\n`);
  say(`Written: ${file}`);
  if (whole) await writeDocs(results);
}

/** Writes the table of the page, and the plot. */
async function writeDocs(results: Results): Promise<void> {
  const page = await readFile(PAGE, "utf8");
  const table = writeMarkdown(results);
  await writeFile(
    PAGE,
    page.replace(TABLE, (_, start: string, end: string) => `${start}${table}\n${end}`),
  );
  await writeFile(PLOT, drawPlot(results.measurements));
  say(`Written: ${PAGE} and its plot`);
}

async function measureLocally(
  { quick, size, seconds }: Options,
  plan: Plan,
): Promise<Pick<Results, "bundle" | "measurements">> {
  say("Bundling ...");
  const bundles = await bundleWorkers();
  const places: LocalPlace[] = [];
  try {
    const bundle = await weighBundles(bundles, quick || size || seconds ? 3 : 7);
    for (const shape of SHAPES) {
      for (const sessions of size ?? (quick ? QUICK_SIZES : SIZES)) {
        places.push(await openPlace(bundles, shape, sessions));
      }
    }
    return { bundle, measurements: await measureOperations(places, plan) };
  } finally {
    for (const place of places) await place.close();
    await bundles.remove();
  }
}

/** Servers on a database with so many sessions. A local place also has the floor and the counting server. */
interface Place {
  /** The name of the shape of the data; absent for what somebody else has. */
  readonly shape?: string;
  readonly sessions: number;
  readonly target: Target;
  readonly servers?: { readonly floor: string; readonly counted: string };
}

interface LocalPlace extends Place {
  readonly close: () => Promise<void>;
}

async function openPlace(bundles: Bundles, shape: Shape, sessions: number): Promise<LocalPlace> {
  const directory = await openDatabase(shape, sessions, say);
  const servers = await startServers(bundles, directory);
  const close = async () => {
    await servers.close();
    await rm(directory, { recursive: true });
  };
  try {
    const { labs, map } = makeWorld("", shape);
    const access = { base: servers.service, token: TOKEN };
    const target = await surveyTarget(access, "bench", [labs[0]?.project ?? "", map]);
    await verifyFloor(servers, target);
    return { shape: shape.name, sessions, target, servers, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function measureAddress(
  url: string,
  { token, project = [] }: Options,
  plan: Plan,
): Promise<Pick<Results, "url" | "measurements">> {
  if (token === undefined) throw new Error("--url needs a --token.");
  const access: Access = { base: url.replace(/\/+$/, ""), token };
  const mark = `bench${Date.now().toString(36)}`;
  try {
    const target = await surveyTarget(access, mark, project);
    return {
      url,
      measurements: await measureOperations([{ sessions: target.count, target }], plan),
    };
  } finally {
    say("Removing the sessions that the benchmark created ...");
    await removeOwnSessions(access, mark);
  }
}

async function measureOperations(
  places: readonly Place[],
  plan: Plan,
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const operation of OPERATIONS) {
    const fitting = places.filter(({ target }) => operation.fits?.(target) !== false);
    say(
      fitting.length > 0
        ? `${operation.name} ...`
        : `${operation.name}: not measured, the service or the token does not allow it there.`,
    );
    measurements.push(...(await measureOperation(operation, fitting, plan)));
  }
  return measurements;
}

/**
 * Measures an operation in all places in turn, and on the floor and for its costs where these servers exist.
 */
async function measureOperation(
  operation: Operation,
  places: readonly Place[],
  plan: Plan,
): Promise<readonly Measurement[]> {
  const contenders = places.flatMap(({ target, servers }) => [
    { base: target.access.base, target },
    ...(servers && operation.onFloor ? [{ base: servers.floor, target }] : []),
  ]);
  const costs: (Cost | undefined)[] = [];
  for (const { target, servers } of places) {
    const base = servers?.counted ?? target.access.base;
    costs.push(await measureCost(base, target, operation, COSTED));
  }
  const loads = (await measureLoad(contenders, operation, plan)).values();
  return places.map(({ shape, sessions, servers }, index) => {
    const service = loads.next().value;
    if (service === undefined) throw new Error(`${operation.name} was not measured.`);
    const floor = servers && operation.onFloor ? loads.next().value : undefined;
    const cost = costs[index];
    return {
      operation: operation.name,
      ...(operation.isList && { isList: true as const }),
      ...(shape && { shape }),
      sessions,
      service,
      ...(floor && { floor, share: shareOf(service, floor) }),
      ...(cost && { cost }),
    };
  });
}

import type { Weights } from "./bundle.ts";
import { MANY } from "./dataset.ts";
import type { Cost, Load, Plan } from "./load.ts";

/** The results of one operation with one size of the database. */
export interface Measurement {
  readonly operation: string;
  readonly isList?: true;
  /** The shape of the data; absent for data that the benchmark has not made. */
  readonly shape?: string;
  readonly sessions: number;
  readonly service: Load;
  readonly floor?: Load;
  /** The throughput of the service as a share of the floor's. */
  readonly share?: number;
  readonly cost?: Cost;
}

/** The results of a run, which are stored as JSON. */
export interface Results {
  readonly date: string;
  readonly machine: string;
  readonly url?: string;
  readonly plan: Plan;
  readonly bundle?: Weights;
  readonly measurements: readonly Measurement[];
}

const HEADINGS = [
  "operation",
  "data",
  "sessions",
  "req/s",
  "p50 ms",
  "p95 ms",
  "p99 ms",
  "errors",
  "of floor",
  "growth",
  "trips",
  "rows read",
  "rows written",
];

const NONE = "";

/**
 * The rows of the table: each operation with each size, compared with the floor and with the smallest size.
 */
function rowsOf({ measurements }: Results): readonly (readonly string[])[] {
  return measurements.map((measurement) => {
    const { operation, shape, sessions, service, share, cost } = measurement;
    const growth = growthOf(measurement, measurements);
    return [
      operation,
      shape ?? NONE,
      whole(sessions),
      whole(service.requestsPerSecond),
      ...[service.p50, service.p95, service.p99].map((latency) => latency.toFixed(1)),
      whole(service.errors),
      share === undefined ? NONE : `${whole(100 * share)} %`,
      growth === undefined ? NONE : `${growth.toFixed(2)} x`,
      ...(cost
        ? [cost.roundTrips, cost.rowsRead, cost.rowsWritten].map(whole)
        : [NONE, NONE, NONE]),
    ];
  });
}

/** The ratio to the smallest size, by throughput or by median latency, whichever is worse. */
function growthOf(
  { operation, shape, sessions, service }: Measurement,
  all: readonly Measurement[],
): number | undefined {
  const least = all.find((other) => other.operation === operation && other.shape === shape);
  if (least === undefined || least.sessions === sessions) return undefined;
  return Math.max(
    least.service.requestsPerSecond / service.requestsPerSecond,
    service.p50 / least.service.p50,
  );
}

const whole = (number: number) => Math.round(number).toLocaleString("en");

/** The table for a terminal. */
export function printTable(results: Results): string {
  const rows = [HEADINGS, ...rowsOf(results)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  return [...lines, "", ...remarks(results), ...goals(results)].join("\n");
}

/** The same table in Markdown, for the documentation. */
export function writeMarkdown(results: Results): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    ...remarks(results),
    "",
    line(HEADINGS),
    line(HEADINGS.map((_, column) => (column < 2 ? "---" : "--:"))),
    ...rowsOf(results).map(line),
    "",
    ...goals(results).map((goal) => `- ${goal}`),
  ].join("\n");
}

function remarks({ date, machine, url, plan }: Results): readonly string[] {
  const { connections, rounds, seconds } = plan;
  return [
    `${date.slice(0, 10)}, ${url ?? "local"}, ${machine}; ${connections} connections, ${rounds} x ${seconds} s for each line.`,
  ];
}

/** What must cost the same at every size. With many projects, a list counts over more lists of projects. */
const STEADY = ["detail", "create", "change", "reorder"];
const STEADY_LISTS = ["first page", "filter by project", "after a cursor"];

/** The goals of the service, and whether the run met them. */
function goals(results: Results): readonly string[] {
  const { measurements, bundle } = results;
  const errors = measurements.reduce((sum, { service, floor }) => {
    return sum + service.errors + (floor?.errors ?? 0);
  }, 0);
  const shapes = [...new Set(measurements.map(({ shape }) => shape))];
  return [
    judge(`errors: ${errors}`, errors, 0),
    ...shapes.flatMap((shape) =>
      goalsOfShape(
        shape,
        measurements.filter((one) => one.shape === shape),
      ),
    ),
    ...(bundle === undefined ? [] : bundleGoals(bundle)),
  ];
}

function goalsOfShape(
  shape: string | undefined,
  measurements: readonly Measurement[],
): readonly string[] {
  const about = shape === undefined ? "" : `${shape}: `;
  const steady = shape === MANY.name ? STEADY : [...STEADY, ...STEADY_LISTS];
  const largest = Math.max(...measurements.map(({ sessions }) => sessions));
  const atLargest = measurements.filter(({ sessions }) => sessions === largest);
  const growths = atLargest.flatMap((one) =>
    steady.includes(one.operation) ? [growthOf(one, measurements) ?? 1] : [],
  );
  const shares = measurements.flatMap(({ operation, share }) =>
    share === undefined ? [] : [{ operation, share }],
  );
  const [least] = shares.toSorted((a, b) => a.share - b.share);
  const speed = (operation: string) =>
    atLargest.find((one) => one.operation === operation)?.service.requestsPerSecond ?? 0;
  return [
    ...(growths.length === 0 || measurements.length === atLargest.length
      ? []
      : [
          judgeRatio(
            `${about}growth of the operations that must not grow`,
            Math.max(...growths),
            1.5,
          ),
        ]),
    judgeRatio(
      `${about}page at 90 % against the first page`,
      speed("first page") / speed("page at 90 %"),
      5,
    ),
    ...(least === undefined
      ? []
      : [
          judgeRatio(
            `${about}floor against service, at its worst (${least.operation})`,
            1 / least.share,
            1 / 0.7,
          ),
        ]),
  ];
}

/**
 * The most that the bundle may weigh. Cloudflare takes 3 MiB on the free plan. The goal is there to notice what grows
 * by accident: the API with its models takes about 130 KiB, and the pages take the rest.
 */
const MOST_KIB = 256;

function bundleGoals({ service, empty }: Weights): readonly string[] {
  const kib = service.gzipBytes / 1024;
  const firstAnswer = service.firstAnswerMs / empty.firstAnswerMs;
  return [
    judge(`bundle: ${kib.toFixed(1)} KiB gzip, at most ${MOST_KIB}`, kib, MOST_KIB),
    judge(
      `first answer of a new isolate: ${service.firstAnswerMs.toFixed(1)} ms, of an empty Hono Worker ${empty.firstAnswerMs.toFixed(1)} ms: ${firstAnswer.toFixed(2)} x, at most 3.6`,
      firstAnswer,
      3.6,
    ),
    `told - start-up, for which Cloudflare allows a second: ${service.startupMs.toFixed(1)} ms, of an empty Hono Worker ${empty.startupMs.toFixed(1)} ms`,
  ];
}

function judgeRatio(what: string, ratio: number, most: number): string {
  return judge(`${what}: ${ratio.toFixed(2)} x, at most ${most.toFixed(2)}`, ratio, most);
}

function judge(what: string, value: number, most: number): string {
  return `${value <= most ? "held" : "MISSED"} - ${what}`;
}

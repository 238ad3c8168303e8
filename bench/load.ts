import autocannon from "autocannon";
import type { Operation, Request } from "./operations.ts";
import { send, type Target } from "./target.ts";

/** How long an operation is measured, and with how many concurrent clients. */
export interface Plan {
  readonly connections: number;
  readonly warmUpSeconds: number;
  /** The length of a round. Rounds of the service and of the floor alternate. */
  readonly seconds: number;
  readonly rounds: number;
}

/** The results for the clients. Latencies are in milliseconds; every unexpected answer is an error. */
export interface Load {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly requests: number;
  readonly errors: number;
  /** The requests per second of each round, in the order of the rounds. */
  readonly rounds: readonly number[];
}

/** The average cost of a request in D1. */
export interface Cost {
  readonly roundTrips: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

interface Round {
  readonly latencies: readonly number[];
  readonly seconds: number;
  readonly errors: number;
}

/** The most requests in a round of an operation that consumes records. */
const MAX_OF_SUPPLY = 600;

/** A server, and the data for the requests to it. */
export interface Contender {
  readonly base: string;
  readonly target: Target;
}

/**
 * Measures an operation on one or more servers, in alternating rounds, so that other work of the machine
 * affects all of them equally.
 */
export async function measureLoad(
  contenders: readonly Contender[],
  operation: Operation,
  plan: Plan,
): Promise<readonly Load[]> {
  const runs: { contender: Contender; measured: Length; rounds: Round[] }[] = [];
  for (const contender of contenders) {
    const { warmUp, measured } = await lengthsOf(operation, contender.target, plan);
    await runRound(contender, operation, plan.connections, warmUp);
    runs.push({ contender, measured, rounds: [] });
  }
  for (let turn = 0; turn < plan.rounds; turn += 1) {
    for (const { contender, measured, rounds } of runs) {
      rounds.push(await runRound(contender, operation, plan.connections, measured));
    }
  }
  return runs.map(({ rounds }) => summarise(rounds));
}

/** Runs the load generator, and reports each answer. */
function loadServer(
  options: autocannon.Options,
  onAnswer: (status: number, milliseconds: number) => void,
): Promise<autocannon.Result> {
  return new Promise((resolve, reject) => {
    const instance = autocannon(options, (error: Error | null, result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
    instance.on("response", (_client, status, _bytes, milliseconds) =>
      onAnswer(status, milliseconds),
    );
  });
}

/** The length of a round: a time in seconds, or a number of requests. */
type Length = { readonly duration: number } | { readonly amount: number };

async function lengthsOf(
  { supply }: Operation,
  target: Target,
  { connections, warmUpSeconds, seconds, rounds }: Plan,
): Promise<{ warmUp: Length; measured: Length }> {
  if (supply === undefined) {
    return { warmUp: { duration: warmUpSeconds }, measured: { duration: seconds } };
  }
  // Each connection prepares one request in each round that it does not send.
  const needed = connections * (2 + rounds * 4);
  const share =
    Math.floor(((await supply(target, needed)) - 2 * connections) / rounds) - connections;
  const amount = Math.min(share, MAX_OF_SUPPLY);
  return { warmUp: { amount: connections }, measured: { amount } };
}

async function runRound(
  { base, target }: Contender,
  operation: Operation,
  connections: number,
  length: Length,
): Promise<Round> {
  const latencies: number[] = [];
  let unexpected = 0;
  const started = performance.now();
  let last = started;
  const { errors } = await loadServer(
    {
      url: base,
      connections,
      ...length,
      // How often autocannon checks whether the time is over, in milliseconds.
      sampleInt: 100,
      requests: [
        {
          setupRequest: (request) => ({
            ...request,
            ...toWire(base, operation.request(target), target.access.token),
          }),
          onResponse: (status, body) => {
            if (status === operation.status) operation.collect?.(target, body);
          },
        },
      ],
    },
    (status, milliseconds) => {
      last = performance.now();
      if (status === operation.status) latencies.push(milliseconds);
      else unexpected += 1;
    },
  );
  return { latencies, seconds: (last - started) / 1000, errors: errors + unexpected };
}

function toWire(base: string, { method, path, body, token, headers }: Request, own: string | null) {
  const { pathname, search } = new URL(base + path);
  return {
    method,
    path: pathname + search,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token ?? own}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

/**
 * The results of the round with the median throughput, so that a disturbance affects at most the round in
 * which it occurs. The errors are those of all rounds.
 */
function summarise(rounds: readonly Round[]): Load {
  const inOrder = rounds.toSorted((a, b) => throughputOf(a) - throughputOf(b));
  const round = inOrder[Math.floor(inOrder.length / 2)];
  if (round === undefined) throw new Error("There was no round.");
  const latencies = round.latencies.toSorted((a, b) => a - b);
  const percentile = (part: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0;
  return {
    requestsPerSecond: throughputOf(round),
    p50: percentile(0.5),
    p95: percentile(0.95),
    p99: percentile(0.99),
    requests: rounds.reduce((sum, { latencies: { length } }) => sum + length, 0),
    errors: rounds.reduce((sum, { errors }) => sum + errors, 0),
    rounds: rounds.map(throughputOf),
  };
}

/**
 * The throughput of a server as a share of another one's: the median of the shares in each round, in which the two
 * take turns. Other work of the machine slows both in the same round, and a whole run in different rounds.
 */
export function shareOf({ rounds }: Load, other: Load): number {
  const shares = rounds.map((throughput, round) => throughput / (other.rounds[round] ?? 0));
  return shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)] ?? 0;
}

const throughputOf = ({ latencies, seconds }: Round) =>
  seconds > 0 ? latencies.length / seconds : 0;

/**
 * Sends a few requests, and reads their cost from the answers.
 *
 * @returns undefined when the server does not report its cost
 */
export async function measureCost(
  base: string,
  target: Target,
  operation: Operation,
  requests: number,
): Promise<Cost | undefined> {
  const costs: (Cost | undefined)[] = [];
  for (let sent = 0; sent < requests; sent += 1) {
    const { method, path, body, token, headers: sentHeaders } = operation.request(target);
    const access = { base, token: token === undefined ? target.access.token : token };
    const { status, text, headers } = await send(access, method, path, body, sentHeaders);
    if (status !== operation.status) {
      throw new Error(`${operation.name}: ${method} ${path} answered ${status}: ${text}`);
    }
    operation.collect?.(target, text);
    costs.push(readCost(headers));
  }
  const known = costs.filter((cost) => cost !== undefined);
  if (known.length === 0) return undefined;
  const mean = (name: keyof Cost) =>
    known.reduce((sum, cost) => sum + cost[name], 0) / known.length;
  return {
    roundTrips: mean("roundTrips"),
    rowsRead: mean("rowsRead"),
    rowsWritten: mean("rowsWritten"),
  };
}

/** The cost that the counting Worker reports; a deployment does not report it. */
function readCost(headers: Headers): Cost | undefined {
  const numbers = headers.get("X-Cost")?.split(" ");
  if (numbers === undefined) return undefined;
  const [roundTrips = 0, rowsRead = 0, rowsWritten = 0] = numbers.map(Number);
  return { roundTrips, rowsRead, rowsWritten };
}

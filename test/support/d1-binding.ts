import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { app } from "../../src/app.ts";
import { type Client, clientFor } from "./client.ts";

// The real Worker on the real D1, with something between the two: what a request cost there, or what
// somebody else did there while it ran.

/** A client whose requests run in a Worker with this D1 binding, until all that they started is done. */
export function clientOn(binding: D1Database, token: string | undefined): Client {
  return clientFor(token, async (request) => {
    const context = createExecutionContext();
    const answer = await app.fetch(request, { ...env, DB: binding }, context);
    await waitOnExecutionContext(context);
    return answer;
  });
}

/** What of the binding goes to the database, and what only prepares for it. */
const JOURNEYS = new Set<unknown>(["batch", "exec", "dump", "run", "all", "first", "raw"]);
const PREPARATIONS = new Set<unknown>(["prepare", "bind", "withSession"]);

/** A journey as the Worker asks for it, or with other arguments in place of its own. */
type Journey = (...others: unknown[]) => Promise<unknown>;

/** The binding with `around` in place of each journey to the database. */
function wrap<Binding extends object>(
  binding: Binding,
  around: (journey: Journey, given: readonly unknown[]) => Promise<unknown>,
): Binding {
  return new Proxy(binding, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        const journey: Journey = (...others) =>
          member.apply(target, others.length > 0 ? others : given);
        if (JOURNEYS.has(name)) return around(journey, given);
        const result = member.apply(target, given);
        return PREPARATIONS.has(name) ? wrap(result, around) : result;
      };
    },
  });
}

/** What a client's requests have cost at the D1 binding, in all. */
export interface Cost {
  /** Calls of the binding: each is a journey to the database. */
  roundTrips: number;
  rowsRead: number;
  rowsWritten: number;
}

/** The D1 binding, with a count of what goes through it. */
export function countedDatabase(): { readonly binding: D1Database; readonly cost: Cost } {
  const cost: Cost = { roundTrips: 0, rowsRead: 0, rowsWritten: 0 };
  const binding = wrap(env.DB, async (journey) => {
    cost.roundTrips += 1;
    const answer = await journey();
    for (const { meta } of [answer].flat() as D1Result[]) {
      cost.rowsRead += meta?.rows_read ?? 0;
      cost.rowsWritten += meta?.rows_written ?? 0;
    }
    return answer;
  });
  return { binding, cost };
}

/** A client whose requests are counted at the D1 binding. */
export function countingClient(token?: string): { readonly client: Client; readonly cost: Cost } {
  const { binding, cost } = countedDatabase();
  return { client: clientOn(binding, token), cost };
}

/** A client in whose request something happens just before one of its journeys to the database. */
export function interruptedClient(
  token: string | undefined,
  interrupt: () => Promise<unknown>,
  before: 1 | 2 = 1,
): Client {
  let journeys = 0;
  const binding = wrap(env.DB, async (journey) => {
    journeys += 1;
    if (journeys === before) await interrupt();
    return journey();
  });
  return clientOn(binding, token);
}

/** What can go wrong on a journey to the database. */
export type DatabaseFault = (journey: Journey, given: readonly unknown[]) => Promise<unknown>;

const LOST = "D1_ERROR: Network connection lost.";

/** The faults that a write must bear, each by what it is. */
export const DATABASE_FAULTS: Readonly<Record<string, DatabaseFault>> = {
  "is refused": () => Promise.reject(new Error(LOST)),
  "fails at its end": (journey, [statements]) =>
    journey([...(statements as D1PreparedStatement[]), env.DB.prepare("SELECT json('{')")]),
  "is done, but its answer is lost": async (journey) => {
    await journey();
    throw new Error(LOST);
  },
  "is answered late": async (journey) => {
    const answer = await journey();
    await scheduler.wait(20);
    return answer;
  },
};

/** A client in whose one request a journey to the database, counted from 1, meets a fault. */
export function faultyClient(
  token: string | undefined,
  place: number,
  fault: DatabaseFault,
): { readonly client: Client; readonly wasHit: () => boolean } {
  let journeys = 0;
  const binding = wrap(env.DB, (journey, given) => {
    journeys += 1;
    return journeys === place ? fault(journey, given) : journey();
  });
  return { client: clientOn(binding, token), wasHit: () => journeys >= place };
}

/** A database that fails every call with this error. */
export function brokenDatabase(error: Error): D1Database {
  return wrap(env.DB, () => Promise.reject(error));
}

/** A client whose requests find a database that is broken. */
export function brokenClient(token: string | undefined, error: Error): Client {
  return clientOn(brokenDatabase(error), token);
}

import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { app } from "../../src/app.ts";
import { type Client, clientFor } from "./client.ts";

// The real Worker on the real D1, with something between the two: what a request cost there, or what
// somebody else did there while it ran.

/** A client whose requests run in a Worker with this D1 binding, until all that they started is done. */
function clientOn(binding: D1Database, token: string | undefined): Client {
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

type Journey = () => Promise<unknown>;

/** The binding with `around` in place of each journey to the database. */
function wrap<Binding extends object>(
  binding: Binding,
  around: (journey: Journey) => Promise<unknown>,
): Binding {
  return new Proxy(binding, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        if (JOURNEYS.has(name)) return around(() => member.apply(target, given));
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

/** A client whose requests are counted at the D1 binding. */
export function countingClient(token?: string): { readonly client: Client; readonly cost: Cost } {
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

/** A client whose requests find a database that is broken. */
export function brokenClient(token: string | undefined, error: Error): Client {
  return clientOn(
    wrap(env.DB, () => Promise.reject(error)),
    token,
  );
}

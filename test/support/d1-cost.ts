import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { app } from "../../src/app.ts";
import { type Client, clientFor } from "./client.ts";

/** What a client's requests have cost at the D1 binding, in all. */
export interface Cost {
  /** Calls of the binding: each is a journey to the database. */
  roundTrips: number;
  rowsWritten: number;
}

/** A client whose requests run in a Worker with a counting D1 binding. */
export function countingClient(token?: string): { readonly client: Client; readonly cost: Cost } {
  const cost: Cost = { roundTrips: 0, rowsWritten: 0 };
  const bindings = { ...env, DB: counting(env.DB, cost) };
  const client = clientFor(token, async (request) => {
    const context = createExecutionContext();
    const answer = await app.fetch(request, bindings, context);
    await waitOnExecutionContext(context);
    return answer;
  });
  return { client, cost };
}

/** What of the binding goes to the database, and what only prepares for it. */
const JOURNEYS = new Set<unknown>(["batch", "exec", "dump", "run", "all", "first", "raw"]);
const PREPARATIONS = new Set<unknown>(["prepare", "bind", "withSession"]);

function counting<Binding extends object>(binding: Binding, cost: Cost): Binding {
  return new Proxy(binding, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        const result = member.apply(target, given);
        if (PREPARATIONS.has(name)) return counting(result, cost);
        if (!JOURNEYS.has(name)) return result;
        cost.roundTrips += 1;
        return result.then((answer: unknown) => {
          for (const { meta } of [answer].flat() as D1Result[]) {
            cost.rowsWritten += meta?.rows_written ?? 0;
          }
          return answer;
        });
      };
    },
  });
}

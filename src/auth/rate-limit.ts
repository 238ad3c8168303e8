import { createMiddleware } from "hono/factory";
import { TooManyRequests, Unauthenticated } from "../domain/errors.ts";
import type { Environment } from "./environment.ts";

/** In each window of an isolate, this many requests of a key are counted one by one, then each fiftieth. */
const SAMPLING = { window: 10_000, exact: 20, step: 50 } as const;

/** More keys than an isolate meets in a window, unless somebody makes them up. */
const MOST_KEYS = 10_000;

/** What this isolate has seen of a key in the present window. */
interface Client {
  requests: number;
  isRefused: boolean;
}

const clients = new Map<string, Client>();
let windowStart = 0;

function meet(key: string): Client {
  const now = Date.now();
  if (now - windowStart >= SAMPLING.window || clients.size >= MOST_KEYS) {
    clients.clear();
    windowStart = now;
  }
  const client = clients.get(key) ?? { requests: 0, isRefused: false };
  clients.set(key, client);
  client.requests += 1;
  return client;
}

/**
 * Counts a request against a limit of `wrangler.toml`. A deployment without the binding has no limit.
 *
 * To count is a call to another process, which costs as much as all else that a request computes. Of a
 * client in a loop a sample tells as much; one that is refused is asked about each time again.
 *
 * @throws TooManyRequests
 */
export async function countAgainst(limit: RateLimit | undefined, key: string): Promise<void> {
  if (limit === undefined) return;
  const client = meet(key);
  const isSkipped = client.requests > SAMPLING.exact && client.requests % SAMPLING.step !== 0;
  if (isSkipped && !client.isRefused) return;
  const { success } = await limit.limit({ key });
  client.isRefused = !success;
  if (!success) throw new TooManyRequests("Too many requests. Wait a moment, then go on.");
}

/**
 * The limit by address: for whoever shows no token, and for each token that opens nothing, so that none
 * is guessed. The bearer of a good one is counted by it alone (see `identify`).
 */
export const limitByAddress = createMiddleware<Environment>(async (context, next) => {
  const address = context.req.header("CF-Connecting-IP");
  const limit = context.env.RATE_LIMIT_BY_ADDRESS;
  if (address === undefined || limit === undefined) return next();
  const showsToken = context.req.header("Authorization") !== undefined;
  if (!showsToken) await countAgainst(limit, address);
  await next();
  if (showsToken && context.error instanceof Unauthenticated) await countAgainst(limit, address);
  return undefined;
});

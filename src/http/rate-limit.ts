import { createMiddleware } from "hono/factory";
import { TooManyRequests, Unauthenticated } from "../domain/errors.ts";
import type { Environment } from "./environment.ts";

/**
 * Counts a request against a limit of `wrangler.toml`. A deployment without the binding has no limit.
 *
 * @throws TooManyRequests
 */
export async function countAgainst(limit: RateLimit | undefined, key: string): Promise<void> {
  if (limit === undefined) return;
  const { success } = await limit.limit({ key });
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
  if (context.req.header("Authorization") === undefined) await countAgainst(limit, address);
  await next();
  if (context.error instanceof Unauthenticated) await countAgainst(limit, address);
  return undefined;
});

import { createMiddleware } from "hono/factory";
import { TooManyRequests } from "../domain/errors.ts";
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

/** The limit by address, which also slows down whoever guesses tokens. */
export const limitByAddress = createMiddleware<Environment>(async (context, next) => {
  const address = context.req.header("CF-Connecting-IP");
  if (address !== undefined) await countAgainst(context.env.RATE_LIMIT_BY_ADDRESS, address);
  return next();
});

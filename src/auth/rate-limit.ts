import { createMiddleware } from "hono/factory";
import { TooManyRequestsError, UnauthenticatedError } from "../values/errors.ts";
import { hashToken } from "../values/token.ts";
import { callerOfAddress } from "./address.ts";
import { readBearerToken } from "./bearer-token.ts";
import type { Environment } from "./environment.ts";
import { KnownTokens } from "./known-tokens.ts";

const knownTokens = new KnownTokens();

/**
 * Counts each request once, before any call to the database. A request to the private portal counts against
 * the limit of its token when the token is known to be valid. Every other request counts against the limit of
 * its address. Guessing tokens therefore costs the database no more than sending none.
 */
export const limitRequests = createMiddleware<Environment>(async (context, next) => {
  const { RATE_LIMIT_BY_ADDRESS, RATE_LIMIT_BY_TOKEN } = context.env;
  const tokenHash = await privateTokenHash(context.req.path, context.req.header("Authorization"));
  const isKnown = tokenHash !== undefined && knownTokens.has(tokenHash);
  const [limit, key] = isKnown
    ? [RATE_LIMIT_BY_TOKEN, tokenHash]
    : [RATE_LIMIT_BY_ADDRESS, callerOfAddress(context.req.header("CF-Connecting-IP"))];
  if (!(await isWithin(limit, key, context.get("requestId")))) {
    throw new TooManyRequestsError("Too many requests. Wait a moment, then go on.");
  }
  if (tokenHash === undefined) return next();
  context.set("tokenHash", tokenHash);
  await next();
  if (context.get("connection").tokenHolder !== undefined) knownTokens.add(tokenHash);
  else if (context.error instanceof UnauthenticatedError) knownTokens.delete(tokenHash);
  return undefined;
});

/** The hash of the token in a request to the private portal. Other paths do not use a token. */
async function privateTokenHash(path: string, header: string | undefined) {
  if (!path.startsWith("/api/private/")) return undefined;
  const token = readBearerToken(header);
  return token === undefined ? undefined : hashToken(token);
}

/**
 * A deployment without the binding has no limit. When the limit itself fails, the request continues: the
 * limit protects the service from overload and grants no access, so its failure must not stop the service.
 */
async function isWithin(
  limit: RateLimit | undefined,
  key: string,
  requestId: string,
): Promise<boolean> {
  if (limit === undefined) return true;
  try {
    return (await limit.limit({ key })).success;
  } catch (error) {
    const message = `The rate limit does not answer: ${error instanceof Error ? error.message : error}`;
    console.error(JSON.stringify({ requestId, error: message }));
    return true;
  }
}

import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { TooManyRequestsError, UnauthenticatedError } from "../values/errors.ts";
import { hashToken } from "../values/token.ts";
import { callerOfAddress } from "./address.ts";
import { readBearerToken } from "./bearer-token.ts";
import { readSecret } from "./cookies.ts";
import type { Environment, SentCredential } from "./environment.ts";
import { KnownCredentials } from "./known-credentials.ts";

const knownCredentials = new KnownCredentials();

/**
 * Counts each request once, before any call to the database. A request with a token or a browser session that
 * is known to be valid counts against the limit of that. Every other request counts against the limit of its
 * address. Guessing tokens therefore costs the database no more than sending none.
 */
export const limitRequests = createMiddleware<Environment>(async (context, next) => {
  const { RATE_LIMIT_BY_ADDRESS, RATE_LIMIT_BY_TOKEN } = context.env;
  const sent = await sentCredential(context);
  const isKnown = sent !== undefined && knownCredentials.has(sent.hash);
  const [limit, key] = isKnown
    ? [RATE_LIMIT_BY_TOKEN, sent.hash]
    : [RATE_LIMIT_BY_ADDRESS, callerOfAddress(context.req.header("CF-Connecting-IP"))];
  // A download asks the database many times, and counts each time.
  context.set("countRequest", () => isWithin(limit, key, context.get("requestId")));
  if (!(await context.get("countRequest")())) {
    throw new TooManyRequestsError("Too many requests. Wait a moment, then go on.");
  }
  if (sent === undefined) return next();
  context.set("sentCredential", sent);
  await next();
  if (context.get("connection").credential !== undefined) knownCredentials.add(sent.hash);
  else if (context.error instanceof UnauthenticatedError) knownCredentials.delete(sent.hash);
  return undefined;
});

/** The reference of the API is a page. */
const IS_DOCS = /^\/api\/docs\/?$/;

/**
 * The credential that a request uses: in the private portal its token, or without an `Authorization` header
 * its browser session; on a page its browser session. The other paths of the API use none.
 */
async function sentCredential(context: Context<Environment>): Promise<SentCredential | undefined> {
  const { path } = context.req;
  const isPrivate = path.startsWith("/api/private/");
  if (path.startsWith("/api/") && !isPrivate && !IS_DOCS.test(path)) return undefined;
  const header = context.req.header("Authorization");
  if (isPrivate && header !== undefined) {
    const token = readBearerToken(header);
    return token === undefined ? undefined : { kind: "token", hash: await hashToken(token) };
  }
  const secret = readSecret(context, "session");
  return secret === undefined
    ? undefined
    : { kind: "browser-session", hash: await hashToken(secret) };
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

import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { BrowserSession, Caller } from "../db/access.ts";
import { Connection, type Credential } from "../db/connection.ts";
import { extendCredential } from "../db/credential.ts";
import type { Portal } from "../model/define.ts";
import { UnauthenticatedError } from "../values/errors.ts";
import { toInstant } from "../values/instant.ts";
import { readSecret, writeCookie } from "./cookies.ts";
import type { Environment } from "./environment.ts";

/**
 * Sets the caller of a request to the API. The token or the browser session is not looked up here: the first
 * batch of the request does that (see `runAs`), so that a read needs one round trip.
 *
 * A browser session reads and never writes. A page of another origin could make the browser send the cookie
 * with a request that writes, but it cannot read an answer.
 *
 * @throws UnauthenticatedError when a request to the private portal has no credential that fits
 */
export const identify = (portal: Portal, kind: "read" | "write") =>
  createMiddleware<Environment>((context, next) => {
    if (portal === "public") {
      context.set("caller", { kind: "public" });
      return next();
    }
    const now = toInstant(new Date());
    return actAs(context, next, now, apiCaller(context, kind, now));
  });

/**
 * Sets the caller of a page. A page for people who are signed in acts as the browser session. Any other page
 * acts as the public, and shows the name of the visitor when there is a session.
 *
 * @throws UnauthenticatedError when a page for people who are signed in gets no cookie
 */
export const identifyVisitor = (access: "signed-in" | "anyone") =>
  createMiddleware<Environment>((context, next) => {
    const now = toInstant(new Date());
    const visitor = browserSession(context, now);
    if (access === "anyone") {
      return actAs(context, next, now, { kind: "public", ...(visitor && { visitor }) });
    }
    if (visitor === undefined) throw new UnauthenticatedError("You are not signed in.");
    return actAs(context, next, now, visitor);
  });

function apiCaller(context: Context<Environment>, kind: "read" | "write", now: string): Caller {
  const sent = context.get("sentCredential");
  if (sent?.kind === "token") return { kind: "bearer", tokenHash: sent.hash, now };
  const header = context.req.header("Authorization");
  if (header !== undefined) {
    throw new UnauthenticatedError(
      'The Authorization header is not understood. It reads "Authorization: Bearer <token>".',
    );
  }
  const session = browserSession(context, now);
  if (session === undefined) {
    throw new UnauthenticatedError(
      'Authentication credentials were not provided. Send the header "Authorization: Bearer <token>".',
    );
  }
  if (kind === "read") return session;
  throw new UnauthenticatedError(
    'A browser session only reads through the API. To write, send the header "Authorization: Bearer <token>".',
  );
}

function browserSession(context: Context<Environment>, now: string): BrowserSession | undefined {
  const sent = context.get("sentCredential");
  return sent?.kind === "browser-session"
    ? { kind: "browser-session", secretHash: sent.hash, now }
    : undefined;
}

/**
 * Runs the request as a caller. After the response, a credential that was not used before today is extended.
 * The lifetimes count in days, so one update a day is enough, and all other requests write nothing.
 */
async function actAs(
  context: Context<Environment>,
  next: () => Promise<void>,
  now: string,
  caller: Caller,
): Promise<void> {
  context.set("caller", caller);
  try {
    await next();
  } finally {
    const { credential } = context.get("connection");
    if (credential !== undefined && lastUsedBeforeToday(credential, now)) {
      renewCookie(context, credential);
      context.executionCtx.waitUntil(
        extendCredential(new Connection(context.env.DB), credential, now),
      );
    }
  }
}

/** The browser keeps the cookie as long as the service keeps the session. */
function renewCookie(context: Context<Environment>, { kind }: Credential): void {
  const secret = readSecret(context, "session");
  if (kind === "browser-session" && secret !== undefined) writeCookie(context, "session", secret);
}

function lastUsedBeforeToday({ lastUsedDate }: Credential, now: string): boolean {
  return lastUsedDate === null || lastUsedDate.slice(0, 10) < now.slice(0, 10);
}

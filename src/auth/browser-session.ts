import type { Context } from "hono";
import { PUBLIC } from "../db/access.ts";
import { execute } from "../model/execute.ts";
import type { Plan } from "../model/plan.ts";
import {
  endSession,
  type NewSession,
  signInByLink,
  signInUser,
} from "../models/account/browser-session.ts";
import { toInstant } from "../values/instant.ts";
import { hashToken, makeSecret } from "../values/token.ts";
import { dropCookie, readSecret, writeCookie } from "./cookies.ts";
import type { Environment } from "./environment.ts";

/**
 * Signs a user in whom an identity provider has identified: starts a new browser session with a new secret,
 * and ends the one that the browser had.
 *
 * @param way the name of the provider, for the history
 * @throws BadRequestError when the user is deactivated, or over plain http from another machine
 */
export function signIn(context: Context<Environment>, userId: string, way: string): Promise<void> {
  return start(context, way, (session) => signInUser(userId, session));
}

/**
 * Signs in the user of a sign-in link, which is then used up. Of two requests with the same link one fails.
 *
 * @param link the secret of the link
 * @throws BadRequestError when the link is not good, and as `signIn` does
 */
export async function signInWithLink(context: Context<Environment>, link: string): Promise<void> {
  const linkHash = await hashToken(link);
  await start(context, "sign-in link", (session) => signInByLink(linkHash, session));
}

async function start(
  context: Context<Environment>,
  way: string,
  plan: (session: NewSession) => Plan,
): Promise<void> {
  const secret = makeSecret();
  const now = new Date();
  const id = crypto.randomUUID();
  const replaced = readSecret(context, "session");
  const session: NewSession = {
    id,
    secretHash: await hashToken(secret),
    way,
    now,
    ...(replaced !== undefined && { replacedHash: await hashToken(replaced) }),
  };
  const { connection } = context.var;
  await execute(connection, { caller: PUBLIC, now: toInstant(now) }, plan(session));
  writeCookie(context, "session", secret);
  // The session that the browser had is not extended.
  connection.credential = undefined;
  dropCookie(context, "form");
}

/** Signs out: ends the browser session in the database, or every browser session of its user. */
export async function signOut(context: Context<Environment>, everywhere: boolean): Promise<void> {
  const { connection } = context.var;
  const secret = readSecret(context, "session") ?? "";
  const plan = endSession(await hashToken(secret), everywhere);
  await execute(connection, { caller: PUBLIC, now: toInstant(new Date()) }, plan);
  connection.credential = undefined;
  dropCookie(context, "session");
}

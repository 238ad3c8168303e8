import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { SESSION_DAYS } from "../db/credential.ts";
import { BadRequestError } from "../values/errors.ts";
import { isSecret } from "../values/token.ts";
import type { Environment } from "./environment.ts";
import { isLoopback } from "./loopback.ts";

/**
 * The cookies of the service and their lifetimes in seconds. `session` has the secret of a browser session,
 * `form` the secret behind the forms of somebody who is not signed in, `next` the page to open after the
 * sign-in, `oidc` the sign-in that is under way at an OpenID Connect provider.
 */
const COOKIES = {
  session: { name: "brainstem", maxAge: SESSION_DAYS * 86_400 },
  form: { name: "brainstem-form", maxAge: 3_600 },
  next: { name: "brainstem-next", maxAge: 900 },
  oidc: { name: "brainstem-oidc", maxAge: 900 },
} as const;

export type Cookie = keyof typeof COOKIES;

/**
 * Over https every cookie has the prefix `__Host-`, which binds it to this host: no other host, not even a
 * subdomain, can set it. Over plain http only a service on the same machine has cookies, without the prefix,
 * because browsers refuse it there.
 *
 * @returns undefined for an address without encryption on another machine
 */
function scopeOf(context: Context<Environment>) {
  const { protocol } = new URL(context.req.url);
  if (protocol === "https:") return { prefix: "host" as const, secure: true };
  return isLocalHttp(context) ? { secure: false } : undefined;
}

/** Whether the service was reached over plain http on its own machine, where browsers take no secure cookie. */
export function isLocalHttp(context: Context<Environment>): boolean {
  const { protocol, hostname } = new URL(context.req.url);
  return protocol === "http:" && isLoopback(hostname);
}

/** The value of a cookie; undefined when the browser sent none. */
export function readCookie(context: Context<Environment>, cookie: Cookie): string | undefined {
  const scope = scopeOf(context);
  if (scope === undefined) return undefined;
  const { name } = COOKIES[cookie];
  return scope.prefix === undefined ? getCookie(context, name) : getCookie(context, name, "host");
}

/** The value of a cookie that has a secret; undefined when there is none, or it has another form. */
export function readSecret(context: Context<Environment>, cookie: Cookie): string | undefined {
  const value = readCookie(context, cookie);
  return value !== undefined && isSecret(value) ? value : undefined;
}

/**
 * Sets a cookie.
 *
 * @throws BadRequestError over plain http from another machine
 */
export function writeCookie(context: Context<Environment>, cookie: Cookie, value: string): void {
  const scope = scopeOf(context);
  if (scope === undefined) {
    throw new BadRequestError(
      "This address is not encrypted, so nobody can sign in here. Open the service with https://, or on its own machine with http://127.0.0.1.",
    );
  }
  const { name, maxAge } = COOKIES[cookie];
  setCookie(context, name, value, { ...scope, httpOnly: true, sameSite: "Lax", maxAge, path: "/" });
}

/** Makes the browser forget a cookie. */
export function dropCookie(context: Context<Environment>, cookie: Cookie): void {
  const scope = scopeOf(context);
  if (scope === undefined) return;
  const { name } = COOKIES[cookie];
  setCookie(context, name, "", {
    ...scope,
    httpOnly: true,
    sameSite: "Lax",
    maxAge: 0,
    path: "/",
  });
}

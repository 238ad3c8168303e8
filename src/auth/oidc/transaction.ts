import type { Context } from "hono";
import { dropCookie, readCookie, writeCookie } from "../cookies.ts";
import type { Environment } from "../environment.ts";

/**
 * A sign-in under way at a provider. It lives in a cookie of this browser, so that nobody can finish in one
 * browser what was started in another.
 */
export interface Transaction {
  /** Comes back with the browser. */
  readonly state: string;
  /** Comes back in the ID token. */
  readonly nonce: string;
  /** Proves to the provider that who has started also finishes (PKCE). */
  readonly verifier: string;
  /** The issuer that it was started with. */
  readonly issuer: string;
}

const FORM = /^([\w-]{43})\.([\w-]{43})\.([\w-]{43})\.(.+)$/;

export function keepTransaction(context: Context<Environment>, transaction: Transaction): void {
  const { state, nonce, verifier, issuer } = transaction;
  writeCookie(context, "oidc", `${state}.${nonce}.${verifier}.${issuer}`);
}

/** The transaction of this browser; undefined when there is none. */
export function readTransaction(context: Context<Environment>): Transaction | undefined {
  const found = FORM.exec(readCookie(context, "oidc") ?? "");
  if (found === null) return undefined;
  const [, state = "", nonce = "", verifier = "", issuer = ""] = found;
  return { state, nonce, verifier, issuer };
}

export function dropTransaction(context: Context<Environment>): void {
  dropCookie(context, "oidc");
}

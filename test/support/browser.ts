import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { app } from "../../src/app.ts";
import { daysAfter, toInstant } from "../../src/values/instant.ts";
import { hashToken, makeSecret } from "../../src/values/token.ts";
import { ORIGIN } from "./client.ts";

// What a browser does with the pages, without a browser: it keeps cookies and sends forms.

/** What a test reads of a page. */
export interface Opened {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where the page sends the browser, as path and query; undefined where it does not. */
  readonly location: string | undefined;
}

export interface Browser {
  readonly cookies: Map<string, string>;
  open(path: string, headers?: HeadersInit, method?: "GET" | "HEAD"): Promise<Opened>;
  /** Sends any request with the cookies, as a page of this origin could. */
  send(method: string, path: string, body: string, headers?: HeadersInit): Promise<Opened>;
  /** Sends a form with the token of the last page that had one, unless `fields` has another. */
  submit(
    path: string,
    fields?: Readonly<Record<string, string>>,
    headers?: HeadersInit,
    /** All values of the form; in place of `fields`, for names that are there more than once. */
    form?: URLSearchParams,
  ): Promise<Opened>;
}

/** A browser without cookies, at this origin. */
export function newBrowser({
  origin = ORIGIN,
  bindings = {},
}: {
  readonly origin?: string;
  readonly bindings?: Partial<Cloudflare.Env>;
} = {}): Browser {
  const cookies = new Map<string, string>();
  let token = "";
  const send = async (path: string, init: RequestInit, extra?: HeadersInit): Promise<Opened> => {
    const headers = new Headers({ Accept: "text/html,*/*;q=0.8", ...init.headers });
    if (cookies.size > 0) {
      headers.set("Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    for (const [name, value] of new Headers(extra)) headers.set(name, value);
    const context = createExecutionContext();
    const request = new Request(new URL(path, origin), { ...init, headers, redirect: "manual" });
    const answer = await app.fetch(request, { ...env, ...bindings }, context);
    await waitOnExecutionContext(context);
    for (const cookie of answer.headers.getSetCookie()) keep(cookies, cookie);
    const text = await answer.text();
    token = /name="form_token" value="(\w+)"/.exec(text)?.[1] ?? token;
    const location = answer.headers.get("Location");
    if (location !== null && !location.startsWith(`${origin}/`)) {
      throw new Error(`The page leads to ${location}.`);
    }
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      location: location?.slice(origin.length),
    };
  };
  return {
    cookies,
    open: (path, headers, method = "GET") => send(path, { method }, headers),
    send: (method, path, body, headers) => send(path, { method, body }, headers),
    submit: (path, fields = {}, headers, form) =>
      send(
        path,
        {
          method: "POST",
          headers: {
            Origin: origin,
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
          },
          body: (form ?? new URLSearchParams({ form_token: token, ...fields })).toString(),
        },
        headers,
      ),
  };
}

function keep(cookies: Map<string, string>, written: string): void {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(written) ?? [];
  if (/Max-Age=0/i.test(written)) cookies.delete(name);
  else cookies.set(name, value);
}

/** The name of the session cookie at `ORIGIN`. */
export const SESSION_COOKIE = "__Host-brainstem";

/** A browser session of a user, and a browser that has its cookie. */
export async function buildBrowserSession(
  user: { readonly id: string },
  given: Parameters<typeof newBrowser>[0] = {},
): Promise<{ readonly id: string; readonly secret: string; readonly browser: Browser }> {
  const id = crypto.randomUUID();
  const secret = makeSecret();
  const now = new Date();
  await env.DB.prepare(
    `INSERT INTO browser_sessions (id, user_id, secret_hash, way, last_used_date, expires_date)
     VALUES (?, ?, ?, 'sign-in link', ?, ?)`,
  )
    .bind(id, user.id, await hashToken(secret), toInstant(now), daysAfter(now, 30))
    .run();
  const browser = newBrowser(given);
  browser.cookies.set(SESSION_COOKIE, secret);
  return { id, secret, browser };
}

/** A sign-in link of a user that expires in so many days. */
export async function buildLink(user: { readonly id: string }, days = 1): Promise<string> {
  const secret = makeSecret();
  await env.DB.prepare(
    "INSERT INTO sign_in_links (id, user_id, secret_hash, expires_date) VALUES (?, ?, ?, ?)",
  )
    .bind(crypto.randomUUID(), user.id, await hashToken(secret), daysAfter(new Date(), days))
    .run();
  return secret;
}

import type { Context, MiddlewareHandler } from "hono";
import { accepts } from "hono/accepts";
import { every } from "hono/combine";
import type { HonoBase } from "hono/hono-base";
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Environment } from "../auth/environment.ts";
import { formToken, readForm, readOwnForm } from "../auth/form.ts";
import { identifyVisitor } from "../auth/identify.ts";
import type { TooLargeError } from "../values/errors.ts";
import { type Head, Layout } from "./layout.tsx";

export type PageContext = Context<Environment>;

/** The declaration of a page: its path, who may open it, and what it answers to `GET` and to its form. */
export interface Page {
  /** Without a trailing slash. It is answered with and without one. */
  readonly path: `/${string}`;
  readonly access: "signed-in" | "anyone";
  get?(context: PageContext): Promise<Response>;
  /** Gets a form that a page of this service sent (see `readForm`). */
  post?(context: PageContext, form: URLSearchParams): Promise<Response>;
  /**
   * Shows a form again that cannot be acted on, with what was typed into it: it is too large, or without `excess`
   * too old. A page that has this loses no form: when the request fails, the answer has all values of the form and
   * a button to send it again.
   */
  again?(
    context: PageContext,
    form: URLSearchParams,
    excess: TooLargeError | undefined,
  ): Promise<Response>;
}

/** What a page may load and do: its own stylesheet, scripts and images, and requests and forms to this service. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Headers of a page. With `Referrer-Policy: no-referrer` a browser would send `Origin: null` with the forms of
 * the page. `same-origin` sends the address of a page, which may have the secret of a sign-in link, to nobody
 * else.
 */
const HEADERS = {
  "Content-Security-Policy": POLICY,
  "Referrer-Policy": "same-origin",
  "X-Frame-Options": "DENY",
} as const;

/**
 * Mounts pages. A method that a page does not offer gets a 405 with `Allow`. Paths with an id come last, because
 * they also match paths with a fixed word in the place of the id.
 */
export function mountPages(app: HonoBase<Environment>, pages: readonly Page[]): void {
  const hasId = ({ path }: Page) => Number(path.includes(":"));
  for (const page of pages.toSorted((a, b) => hasId(a) - hasId(b))) mountPage(app, page);
}

function mountPage(app: HonoBase<Environment>, { path, access, get, post, again }: Page): void {
  const identified = (handler: (context: PageContext) => Promise<Response>) =>
    every(identifyVisitor(access), handler);
  const handlers = new Map<string, MiddlewareHandler<Environment>>();
  if (get !== undefined) handlers.set("GET", identified(get)).set("HEAD", identified(get));
  if (post !== undefined && again !== undefined) {
    handlers.set("POST", async (context, next) => {
      const { form, isCurrent, excess } = await readOwnForm(context, "parts");
      context.set("keptForm", form);
      return identified(async (known) =>
        isCurrent && excess === undefined ? post(known, form) : again(known, form, excess),
      )(context, next);
    });
  } else if (post !== undefined) {
    handlers.set(
      "POST",
      identified(async (context) => post(context, await readForm(context))),
    );
  }
  const allow = [...handlers.keys(), "OPTIONS"].join(", ");
  app.all(path, (context, next) => {
    context.set("route", path);
    const handler = handlers.get(context.req.method);
    if (handler !== undefined) return handler(context, next);
    context.header("Allow", allow);
    if (context.req.method === "OPTIONS") return Promise.resolve(context.body(null, 204));
    const detail = `Method "${context.req.method}" not allowed. Allowed: ${allow}.`;
    return Promise.resolve(context.json({ detail }, 405));
  });
}

/**
 * Notes which requests have a form that is kept, before anything can refuse them: the limit of requests refuses
 * one before its page is reached.
 */
export function noteKeptForms(app: HonoBase<Environment>, pages: readonly Page[]): void {
  for (const { path, again } of pages) {
    if (again === undefined) continue;
    app.post(path, (context, next) => {
      context.set("keepsForm", true);
      return next();
    });
  }
}

interface Rendering {
  readonly status?: ContentfulStatusCode;
  /** Whether the page has forms of its own. */
  readonly forms?: boolean;
  /** Set where nobody has looked for a browser session: the header then offers no sign-in. */
  readonly isVisitorUnknown?: boolean;
}

/**
 * Answers with a page. The header shows who is signed in, when a batch of the request has looked the browser
 * session up, and then has the form to sign out.
 */
export async function renderPage(
  context: PageContext,
  head: Head,
  body: (token: string) => Child,
  { status = 200, forms = false, isVisitorUnknown = false }: Rendering = {},
): Promise<Response> {
  const { credential } = context.get("connection");
  const userName = credential?.kind === "browser-session" ? credential.userName : undefined;
  const token = forms || userName !== undefined ? await formToken(context) : "";
  const viewer = {
    path: pathOf(context),
    isUnknown: isVisitorUnknown,
    ...(userName !== undefined && { userName, formToken: token }),
  };
  const page = (
    <Layout head={head} viewer={viewer}>
      {body(token)}
    </Layout>
  );
  for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  return context.html(html`<!DOCTYPE html>${page}`, status);
}

/**
 * Lets the batches of a page run on any replica, when it is the same for everybody. One that shows who is signed
 * in reads the browser session, which a replica may not have yet.
 */
export function readAnywhere({ var: { connection, caller } }: PageContext): void {
  const isForAll = caller.kind === "public" && caller.visitor === undefined;
  if (isForAll) connection.startAt("first-unconstrained");
}

/** The path of a request with its closing slash. */
export function pathOf(context: PageContext): string {
  return context.req.path.replace(/\/*$/, "/");
}

/**
 * Java sends this by itself (`text/html, image/gif, image/jpeg, *; q=.2, ...`), and so do MATLAB and other programs
 * that run on it. No browser writes a star alone.
 */
const OF_JAVA = /(^|,)\s*\*\s*(;|,|$)/;

/** Whether whoever asks is a browser that shows a page: it prefers HTML to JSON. */
export function prefersHtml(context: PageContext): boolean {
  if (OF_JAVA.test(context.req.header("Accept") ?? "")) return false;
  const supports = ["application/json", "text/html"];
  return (
    accepts(context, { header: "Accept", supports, default: "application/json" }) === "text/html"
  );
}

/** Sends the browser to another page of this service, with a `GET`. */
export function goTo(context: PageContext, path: string): Response {
  return context.redirect(originOf(context) + path, 303);
}

/** The origin of this service, as whoever asks has reached it: `https://registry.example`. */
export function originOf(context: PageContext): string {
  return new URL(context.req.url).origin;
}

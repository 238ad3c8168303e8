import { createMiddleware } from "hono/factory";
import { raw } from "hono/html";
import type { FC } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ReadRoute, Route } from "../api/route.ts";
import type { Environment } from "../auth/environment.ts";
import type { Portal } from "../model/define.ts";
import type { ReadModel } from "../query/read-model.ts";
import { CODE_SCRIPTS } from "./assets.ts";
import { jsonMarkup } from "./json-markup.ts";
import { PATHS } from "./layout.tsx";
import { readable } from "./list-address.ts";
import { originOf, type PageContext, prefersHtml, renderPage } from "./page.tsx";
import { addressOfForm, QueryForm } from "./query-form.tsx";
import { RequestCode } from "./request-code.tsx";

/** The most of the markup of an answer that a page shows, so that the page stays below 100 KB. */
const MOST_OF_MARKUP = 48_000;

/**
 * Shows the answers of the API to people: a browser that opens an address below `/api/` gets the answer as a
 * page. The API has answered before, as it does to a program, so that the page costs nothing in the database
 * and shows what a program would get. A client that does not prefer HTML gets the answer itself.
 *
 * It is the outermost middleware, because it shows the headers that the others set.
 */
export const showApiInBrowser = (routes: readonly Route[]) => {
  const byPath = routesByPath(routes);
  return createMiddleware<Environment>(async (context, next) => {
    const { method, path } = context.req;
    if ((method !== "GET" && method !== "HEAD") || !path.startsWith("/api/")) return next();
    await next();
    const { headers, status } = context.res;
    const isJson = headers.get("Content-Type")?.startsWith("application/json") === true;
    if (isJson || status === 304) headers.append("Vary", "Accept");
    if (isJson && wantsView(context)) {
      await showAnswer(context, byPath.get(context.get("route") ?? "") ?? []);
    }
    return undefined;
  });
};

/** Sends the form of the query on to the address that it means. */
export const readQueryForm = createMiddleware<Environment>((context, next) => {
  const { method, path, url } = context.req;
  if (method !== "GET" || !path.startsWith("/api/") || !url.includes("query-form=")) return next();
  const address = addressOfForm(url);
  if (address === undefined) return next();
  return Promise.resolve(context.redirect(originOf(context) + address, 303));
});

/** Programs send `Accept: *` or JSON, so for them this compares two texts. */
const wantsView = (context: PageContext) =>
  context.req.header("Accept")?.includes("text/html") === true &&
  prefersHtml(context) &&
  context.req.query("format") === undefined;

/** The routes of each path as it is mounted: `/api/private/stem/session/:id`. */
function routesByPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) {
    for (const portal of route.portals) {
      const path = `/api/${portal}${route.path}`;
      byPath.set(path, [...(byPath.get(path) ?? []), route]);
    }
  }
  return byPath;
}

/** Replaces the answer of the API with a page that shows it. */
async function showAnswer(context: PageContext, routes: readonly Route[]): Promise<void> {
  const { res: answer } = context;
  const text = await answer.text();
  const shown = { status: answer.status, headers: [...answer.headers], text };
  // A new response, because the body of the answer has been read. It keeps the headers of the answer.
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Length", "ETag"]) headers.delete(name);
  context.res = undefined;
  context.res = new Response(null, { status: answer.status, headers });
  const url = new URL(context.req.url);
  const request: AskedRequest = {
    path: url.pathname,
    search: readable(url.searchParams),
    parameters: url.searchParams,
    origin: url.origin,
  };
  context.res = await renderPage(
    context,
    {
      title: `GET ${url.pathname}`,
      description: "An answer of the API.",
      scripts: CODE_SCRIPTS,
    },
    () => <AnswerPage request={request} answer={shown} routes={routes} />,
    // The API has answered with a body, so the status is one of those that have one.
    { status: answer.status as ContentfulStatusCode, isVisitorUnknown: true },
  );
}

interface AskedRequest {
  readonly origin: string;
  readonly path: string;
  readonly parameters: URLSearchParams;
  /** The query for people to read, without the question mark. */
  readonly search: string;
}

interface ShownAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
}

const AnswerPage: FC<{
  request: AskedRequest;
  answer: ShownAnswer;
  routes: readonly Route[];
}> = ({ request, answer, routes }) => {
  const read = routes.find((route): route is ReadRoute => route.kind === "read");
  const portal: Portal = request.path.startsWith("/api/public/") ? "public" : "private";
  return (
    <>
      <header>
        <h1 class="request">
          <span class="pill">GET</span> <code>{request.path}</code>
        </h1>
        {read !== undefined && (
          <p class="lead">
            {read.summary}. {read.model.help}
          </p>
        )}
        <Ways request={request} route={read} />
      </header>
      {answer.status === 401 && <SignIn request={request} />}
      {read !== undefined && (
        <details class="card" open={answer.status === 400}>
          <summary>
            <h2>Query</h2>
          </summary>
          <div class="stack">
            <QueryForm
              model={read.model}
              query={read.query}
              path={request.path}
              parameters={request.parameters}
            />
          </div>
        </details>
      )}
      <Answer
        answer={answer}
        rawAddress={rawAddress(request)}
        after={(cursor) => afterCursor(request, cursor)}
        model={read?.model}
        portal={portal}
      />
      <details class="card" open>
        <summary>
          <h2>In a program</h2>
        </summary>
        <div class="stack">
          <RequestCode request={{ ...request, path: request.path.replace(/^\/api\//, "") }} />
        </div>
      </details>
      <Methods routes={routes} />
    </>
  );
};

/** The same address for programs, as a page, and in the reference: every address that is read has a page. */
const Ways: FC<{ request: AskedRequest; route: ReadRoute | undefined }> = ({ request, route }) => (
  <p class="actions no-print">
    <a class="button plain" href={rawAddress(request)}>
      JSON alone
    </a>
    {route !== undefined && (
      <a class="button plain" href={withSearch(request.path.replace(/^\/api/, ""), request.search)}>
        As a page
      </a>
    )}
    <a class="button plain" href={PATHS.docs}>
      API reference
    </a>
  </p>
);

const withSearch = (path: string, search: string) => (search === "" ? path : `${path}?${search}`);

function rawAddress({ path, search }: AskedRequest): string {
  return `${withSearch(path, search)}${search === "" ? "?" : "&"}format=json`;
}

/** A person who is not signed in can sign in and come back; a program needs a token. */
const SignIn: FC<{ request: AskedRequest }> = ({ request }) => {
  const next = encodeURIComponent(withSearch(request.path, request.search));
  return (
    <section class="card">
      <h2>Sign in to read this</h2>
      <p>
        After you have signed in, this browser reads the API as you. It only reads: a program that
        writes, or runs elsewhere, sends a token.
      </p>
      <div class="actions">
        <a class="button" href={`${PATHS.signIn}?next=${next}`}>
          Sign in
        </a>
        <a href={PATHS.tokens}>Get a token</a>
      </div>
    </section>
  );
};

/** The rows of the same query that follow those of an answer. */
function afterCursor({ path, parameters }: AskedRequest, cursor: string): string {
  const next = new URLSearchParams(parameters);
  next.delete("offset");
  next.set("after", cursor);
  return `${path}?${readable(next)}`;
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** The headers that are the same for every answer. */
const COMMON =
  /^(cache-control|content-security|cross-origin|origin-agent|referrer|strict-|x-(content|dns|download|frame|permitted|xss))/;

const Answer: FC<{
  answer: ShownAnswer;
  rawAddress: string;
  after: (cursor: string) => string;
  model: ReadModel | undefined;
  portal: Portal;
}> = ({ answer: { status, headers, text }, rawAddress: address, after, model, portal }) => {
  const { html, shown } = jsonMarkup(text, { model, portal, after, most: MOST_OF_MARKUP });
  const lines = (common: boolean) =>
    headers
      .filter(([name]) => name !== "set-cookie" && COMMON.test(name) === common)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n");
  return (
    <section class="card">
      <h2>
        Answer
        <span class={status < 400 ? "pill" : "pill failed"}>
          {status} {REASONS[status]}
        </span>
      </h2>
      <pre class="headers" tabindex={0}>
        <code>{lines(false)}</code>
      </pre>
      <details>
        <summary>Headers that every answer has</summary>
        <pre class="headers" tabindex={0}>
          <code>{lines(true)}</code>
        </pre>
      </details>
      <pre class="json" tabindex={0}>
        <code>{raw(html)}</code>
      </pre>
      {shown < text.length && (
        <p class="quiet">
          This is the beginning: {inKilobytes(shown)} of {inKilobytes(text.length)}.{" "}
          <a href={address}>All of it as JSON</a>
        </p>
      )}
    </section>
  );
};

const inKilobytes = (length: number) => `${Math.ceil(length / 1000).toLocaleString("en")} kB`;

/** What else can be asked at this address, by programs. */
const Methods: FC<{ routes: readonly Route[] }> = ({ routes }) => {
  const others = routes.filter(({ kind }) => kind === "write");
  if (others.length === 0) return null;
  return (
    <section class="card">
      <h2>With a token</h2>
      <dl class="facts">
        {others.map(({ method, summary }) => (
          <>
            <dt>
              <code>{method.toUpperCase()}</code>
            </dt>
            <dd>{summary}</dd>
          </>
        ))}
      </dl>
    </section>
  );
};

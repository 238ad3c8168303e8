import type { Context } from "hono";
import manifest from "swagger-ui-dist/package.json" with { type: "json" };
import type { Environment } from "../auth/environment.ts";
import { runAs } from "../db/access.ts";
import { NotFoundError } from "../values/errors.ts";
import { DOCS_SCRIPT } from "./assets.ts";
import { PATHS } from "./layout.tsx";
import { type Page, renderPage } from "./page.tsx";

/** The files of Swagger UI that the page loads, below an address that changes with its version. */
const FILES = `/assets/swagger-ui/${manifest.version}`;
const LOADED: ReadonlySet<string> = new Set(["swagger-ui.css", "swagger-ui-bundle.js"]);

/**
 * What this page alone may do beside what every page may: Swagger UI sets styles by script, draws its icons from
 * `data:`, and sends requests to this service.
 */
const POLICY = [
  "default-src 'none'",
  "style-src 'self' 'unsafe-inline'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** `/api/docs`: the interactive reference of `/api/openapi.json`, by Swagger UI. */
export const docsPage: Page = {
  path: "/api/docs",
  access: "anyone",
  get: async (context) => {
    const { connection, caller } = context.var;
    await runAs(connection, caller, []);
    const isSignedIn = connection.credential !== undefined;
    const head = {
      title: "API reference",
      description: "Every request of the API, with its parameters and answers, to try out.",
    };
    const answer = await renderPage(context, head, () => (
      <>
        <header>
          <h1>API reference</h1>
          <p class="lead">
            Every request that a program can send, with its parameters and answers. “Try it out”
            sends it to this service, with its real data.
          </p>
        </header>
        <section class="card">
          <h2>Who asks</h2>
          {isSignedIn ? (
            <p>
              You are signed in, so requests that read are sent as you. A request that writes needs
              a token: <a href={PATHS.tokens}>make one</a>, and give it under “Authorize”.
            </p>
          ) : (
            <p>
              Public data needs nothing. To read private data,{" "}
              <a href={`${PATHS.signIn}?next=${PATHS.docs}`}>sign in</a>. To write, give a token
              under “Authorize”; the page <a href={PATHS.tokens}>Your tokens</a> makes one.
            </p>
          )}
          <p class="quiet">
            <a href="/api/openapi.json?format=json">The OpenAPI document</a> is for programs that
            make clients. An address of the API opens in the browser, too, as a page.
          </p>
        </section>
        <noscript>
          <p class="flash">
            The list of requests needs JavaScript. All that it says is in the OpenAPI document.
          </p>
        </noscript>
        <link rel="stylesheet" href={`${FILES}/swagger-ui.css`} />
        <div id="swagger" />
        <script src={`${FILES}/swagger-ui-bundle.js`} defer />
        <script src={DOCS_SCRIPT.address} defer />
      </>
    ));
    answer.headers.set("Content-Security-Policy", POLICY);
    return answer;
  },
};

/**
 * `GET /assets/swagger-ui/:version/:file`: a file of Swagger UI. The Worker gives it out itself, so that it has
 * the headers of every answer.
 *
 * @throws NotFoundError for any other file or version
 */
export async function answerSwaggerFile(context: Context<Environment>): Promise<Response> {
  const file = context.req.param("file") ?? "";
  const assets = context.env.ASSETS;
  if (context.req.path !== `${FILES}/${file}` || !LOADED.has(file) || assets === undefined) {
    throw new NotFoundError();
  }
  const found = await assets.fetch(new URL(`/${file}`, context.req.url));
  if (!found.ok || found.body === null) throw new NotFoundError();
  return context.body(found.body, 200, {
    "Content-Type": found.headers.get("Content-Type") ?? "application/octet-stream",
    "Cache-Control": "public, max-age=31536000, immutable",
  });
}

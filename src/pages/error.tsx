import { answerError, answerNotFound } from "../api/error.ts";
import { readOwnForm } from "../auth/form.ts";
import { NotFoundError, TooManyRequestsError, UnauthenticatedError } from "../values/errors.ts";
import { KeptForm } from "./kept-form.tsx";
import { PATHS } from "./layout.tsx";
import { goTo, type PageContext, pathOf, prefersHtml, renderPage } from "./page.tsx";

/** The heading for each status that a page is answered with. */
const HEADINGS: Readonly<Record<number, string>> = {
  400: "That did not work",
  403: "This is not allowed",
  404: "There is no such page",
  413: "That is too large",
  429: "Too many requests",
  503: "The service is busy",
};

/**
 * Answers an error: a browser that asked for a page gets a page with the words of the API, and is sent to the
 * sign-in when that is what is missing. Every other client gets JSON.
 */
export async function answerErrorOrPage(error: Error, context: PageContext): Promise<Response> {
  if (!wantsPage(context)) return answerError(error, context);
  const form = context.get("keptForm") ?? (await unreadForm(context, error));
  if (form !== undefined) return showKeptForm(context, error, form);
  if (error instanceof UnauthenticatedError) {
    const { pathname, search } = new URL(context.req.url);
    const next = context.req.method === "GET" ? pathname + search : pathOf(context);
    return goTo(context, `${PATHS.signIn}?next=${encodeURIComponent(next)}`);
  }
  const answer = answerError(error, context);
  const sentences = await readSentences(answer);
  const heading = HEADINGS[answer.status] ?? "Something went wrong";
  return renderPage(
    context,
    { title: heading, narrow: true },
    () => (
      <div class="card">
        <h1>{heading}</h1>
        {sentences.map((sentence) => (
          <p>{sentence}</p>
        ))}
        <p>
          <a href={PATHS.home}>Go to the start page</a>
        </p>
      </div>
    ),
    // The statuses of `answerError` all have a body.
    { status: answer.status as 400 },
  );
}

/** The form of a request that the limit of requests has refused before it was read. */
async function unreadForm(
  context: PageContext,
  error: Error,
): Promise<URLSearchParams | undefined> {
  if (!(error instanceof TooManyRequestsError) || !context.get("keepsForm")) return undefined;
  // A form that cannot be read has nothing to show.
  const read = await readOwnForm(context, "parts").catch(() => undefined);
  return read?.form;
}

/** The sentences of an error of the API. */
async function readSentences(answer: Response): Promise<readonly string[]> {
  const { detail, ...fields } = await answer.json<Record<string, string | string[]>>();
  const faults = Object.entries(fields).flatMap(([field, messages]) =>
    [messages].flat().map((message) => `${field}: ${message}`),
  );
  return detail === undefined ? faults : [detail].flat();
}

/** Answers the error of a request with a form: with all that was typed, and a button to send it again. */
async function showKeptForm(
  context: PageContext,
  error: Error,
  form: URLSearchParams,
): Promise<Response> {
  const answer = answerError(error, context);
  const sentences = await readSentences(answer);
  const isSignedOut = error instanceof UnauthenticatedError;
  const title = isSignedOut
    ? "Sign in to save"
    : (HEADINGS[answer.status] ?? "Something went wrong");
  return renderPage(
    context,
    { title, narrow: true },
    (token) => (
      <KeptForm
        title={title}
        sentences={isSignedOut ? [error.message] : sentences}
        isSignedOut={isSignedOut}
        action={pathOf(context)}
        form={form}
        token={token}
      />
    ),
    // The statuses of `answerError` all have a body.
    { status: answer.status as 400, forms: true },
  );
}

export function answerNotFoundOrPage(context: PageContext): Response | Promise<Response> {
  if (!wantsPage(context)) return answerNotFound(context);
  return answerErrorOrPage(new NotFoundError("Look whether the address is complete."), context);
}

/** The API answers with JSON, whatever its caller accepts, also where its address is misspelt. */
function wantsPage(context: PageContext): boolean {
  return !/^\/+api(\/|$)/i.test(context.req.path) && prefersHtml(context);
}

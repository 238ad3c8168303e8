import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Environment } from "../auth/environment.ts";
import {
  ApiError,
  DatabaseBeingFilledError,
  DatabaseFullError,
  DatabaseUnavailableError,
  ValidationError,
} from "../values/errors.ts";
import { forgetBookmarks, tellBookmark } from "./bookmarks.ts";
import { explainMissing } from "./registries-elsewhere.ts";

const STATUS: Readonly<Record<ApiError["kind"], ContentfulStatusCode>> = {
  unauthenticated: 401,
  "not-found": 404,
  forbidden: 403,
  invalid: 400,
  "bad-request": 400,
  conflict: 409,
  "precondition-failed": 412,
  "too-large": 413,
  "unsupported-media-type": 415,
  unprocessable: 422,
  "too-many-requests": 429,
};

/** The `Retry-After` of each error, in seconds. */
const RETRY_AFTER = {
  "too-many-requests": "10",
  unavailable: "1",
  full: "60",
  filling: "30",
} as const;

/**
 * Answers an error. An `ApiError` has its own status and message. A database that does not answer, is full or
 * is being imported into is a 503. Any other error is a 500. A 500 and a 503 show a request id and no
 * details, except during an import.
 */
export function answerError(error: Error, context: Context<Environment>): Response {
  if (error instanceof DatabaseBeingFilledError) {
    context.header("Retry-After", RETRY_AFTER.filling);
    return context.json({ detail: error.message }, 503);
  }
  if (!(error instanceof ApiError)) return answerUnexpected(error, context);
  tellBookmark(context);
  if (error.kind === "unauthenticated") return answerUnauthenticated(error, context);
  if (error.kind === "too-many-requests") {
    context.header("Retry-After", RETRY_AFTER["too-many-requests"]);
  }
  const body =
    error instanceof ValidationError
      ? Object.fromEntries([...error.fields].map(([field, messages]) => [field, messages]))
      : { detail: error.message };
  return context.json(body, STATUS[error.kind]);
}

/** Says where to get a token: the page of this deployment, by its whole address. */
function answerUnauthenticated(error: ApiError, context: Context<Environment>): Response {
  context.header("WWW-Authenticate", "Bearer");
  const { href } = new URL("/private/users/tokens/", context.req.url);
  return context.json({ detail: `${error.message} Get a token at ${href}` }, 401);
}

function answerUnexpected(error: Error, context: Context<Environment>): Response {
  forgetBookmarks(context);
  const requestId = context.get("requestId");
  console.error(JSON.stringify({ requestId, error: error.stack ?? String(error) }));
  if (error instanceof DatabaseFullError) {
    const detail = `The database has no room left, and nothing was written. Please tell the administrator of the service; the request id is ${requestId}.`;
    return answerUnavailable(context, detail, RETRY_AFTER.full);
  }
  if (error instanceof DatabaseUnavailableError) {
    const detail = `The database did not answer. Please try again; the request id is ${requestId}.`;
    return answerUnavailable(context, detail, RETRY_AFTER.unavailable);
  }
  return context.json(
    { detail: `The server failed to answer. Please report the request id ${requestId}.` },
    500,
  );
}

function answerUnavailable(context: Context<Environment>, detail: string, retryAfter: string) {
  context.header("Retry-After", retryAfter);
  return context.json({ detail }, 503);
}

export function answerNotFound(context: Context<Environment>): Response {
  const detail = explainMissing(context.req.path) ?? "Not found.";
  return context.json({ detail }, 404);
}

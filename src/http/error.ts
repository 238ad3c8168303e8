import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { InvalidBody, Refusal } from "../domain/errors.ts";
import type { Environment } from "./environment.ts";

const STATUS: Readonly<Record<Refusal["kind"], ContentfulStatusCode>> = {
  unauthenticated: 401,
  "not-found": 404,
  forbidden: 403,
  invalid: 400,
  "bad-request": 400,
  "too-large": 413,
  "unsupported-media-type": 415,
};

/** Answers an error: a refusal in its own words, anything else as a 500 that shows a request id and no more. */
export function answerError(error: Error, context: Context<Environment>): Response {
  if (!(error instanceof Refusal)) return answerUnexpected(error, context);
  if (error.kind === "unauthenticated") context.header("WWW-Authenticate", "Bearer");
  const body =
    error instanceof InvalidBody
      ? Object.fromEntries([...error.fields].map(([field, messages]) => [field, messages]))
      : { detail: error.message };
  return context.json(body, STATUS[error.kind]);
}

function answerUnexpected(error: Error, context: Context<Environment>): Response {
  const requestId = context.get("requestId");
  console.error(JSON.stringify({ requestId, error: error.stack ?? String(error) }));
  return context.json(
    { detail: `The server failed to answer. Please report the request id ${requestId}.` },
    500,
  );
}

export function answerNotFound(context: Context<Environment>): Response {
  return context.json({ detail: "Not found." }, 404);
}

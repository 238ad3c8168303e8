import type { Context } from "hono";
import {
  BadRequestError,
  ForbiddenError,
  TooLargeError,
  UnsupportedMediaTypeError,
} from "../values/errors.ts";
import { hash } from "../values/hash.ts";
import { isSameHash, makeSecret } from "../values/token.ts";
import { readSecret, writeCookie } from "./cookies.ts";
import type { Environment } from "./environment.ts";

/** The name of the hidden field with the token of a form. */
export const FORM_TOKEN = "form_token";

/** The largest accepted form, in bytes: percent-encoding makes three bytes of one, and a file may be as large. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The most values of one form: a record with all of its lists at their bounds has half of them. */
const MAX_VALUES = 10_000;

/**
 * The token of the forms on a page: a hash over a secret that only this browser has. It is the secret of the
 * browser session, or before the sign-in that of a cookie of its own, which this sets when there is none.
 *
 * @throws BadRequestError over plain http from another machine
 */
export function formToken(context: Context<Environment>): Promise<string> {
  let secret = formSecret(context);
  if (secret === undefined) {
    secret = makeSecret();
    writeCookie(context, "form", secret);
  }
  return tokenOf(secret);
}

const formSecret = (context: Context<Environment>) =>
  readSecret(context, "session") ?? readSecret(context, "form");

const tokenOf = (secret: string) => hash(`form token of ${secret}`);

/**
 * Reads the form of a POST, after checking that a page of this service sent it: by `Origin`, by
 * `Sec-Fetch-Site` where the browser sends it, and by the token of the form.
 *
 * @throws ForbiddenError for a form of anybody else; BadRequestError, TooLargeError or
 * UnsupportedMediaTypeError for one that cannot be read
 */
export async function readForm(context: Context<Environment>): Promise<URLSearchParams> {
  const { form, isCurrent } = await readOwnForm(context);
  if (isCurrent) return form;
  throw new ForbiddenError(
    "This form is too old, or your browser did not send the cookie of this service. Open the page again and send the form once more.",
  );
}

/**
 * Reads the form of a POST as `readForm` does, also with a token that is no longer current, as after a new
 * sign-in. Nothing may be done for such a form but to show it again.
 *
 * @throws as `readForm` does, but for the token
 */
export async function readOwnForm(
  context: Context<Environment>,
): Promise<{ readonly form: URLSearchParams; readonly isCurrent: boolean }> {
  const site = context.req.header("Sec-Fetch-Site");
  const isOwn = context.req.header("Origin") === new URL(context.req.url).origin;
  if (!isOwn || (site !== undefined && site !== "same-origin")) {
    throw new ForbiddenError("This form was not sent from a page of this service.");
  }
  const form = await readValues(context.req.raw);
  if (form.size > MAX_VALUES) throw new TooLargeError(`A form has at most ${MAX_VALUES} values.`);
  const secret = formSecret(context);
  const token = form.get(FORM_TOKEN) ?? "";
  return {
    form,
    isCurrent: secret !== undefined && isSameHash(token, await tokenOf(secret)),
  };
}

async function readValues(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get("Content-Type") ?? "";
  const kind = type.split(";", 1)[0]?.trim().toLowerCase();
  if (kind === "multipart/form-data") return readParts(await readBytes(request), type);
  if (kind === "application/x-www-form-urlencoded") {
    return new URLSearchParams(decode(await readBytes(request), "The form"));
  }
  throw new UnsupportedMediaTypeError(
    "A form is application/x-www-form-urlencoded or multipart/form-data.",
  );
}

/** The values of a form with a file, which is read as text. */
async function readParts(bytes: ArrayBuffer, type: string): Promise<URLSearchParams> {
  const read = new Response(bytes, { headers: { "Content-Type": type } }).formData();
  const parts = await read.catch(() => {
    throw new BadRequestError("The form cannot be read.");
  });
  const values = new URLSearchParams();
  for (const [name, value] of parts) {
    const text = typeof value === "string" ? value : decode(await value.arrayBuffer(), "The file");
    values.append(name, text);
  }
  return values;
}

async function readBytes(request: Request): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BYTES) throw new TooLargeError(`A form has at most ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return new Blob(chunks).arrayBuffer();
}

function decode(bytes: ArrayBuffer, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new BadRequestError(`${what} is not valid UTF-8.`);
  }
}

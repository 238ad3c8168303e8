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

/** The largest accepted form, in bytes. Percent-encoding makes three bytes of one. */
const MAX_BYTES = 3 * 1024 * 1024;

/** The largest accepted form with parts, in bytes, such as one with a file. */
const MAX_BYTES_OF_PARTS = 4 * 1024 * 1024;

/** The most values of one form: a record with all of its lists at their bounds has half of them. */
const MAX_VALUES = 10_000;

/** A form over its bounds is still read up to this many times of each, so that it can be shown again. */
const READ_TIMES = 2;

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
  const { form, isCurrent, excess } = await readOwnForm(context, "values");
  if (excess !== undefined) throw excess;
  if (isCurrent) return form;
  throw new ForbiddenError(
    "This form is too old, or your browser did not send the cookie of this service. Open the page again and send the form once more.",
  );
}

/** A form that a page of this service sent. */
export interface OwnForm {
  readonly form: URLSearchParams;
  /** Whether its token is that of the present sign-in. */
  readonly isCurrent: boolean;
  /** Set when the form is over its bounds. */
  readonly excess: TooLargeError | undefined;
}

/**
 * Reads the form of a POST as `readForm` does, also with a token that is no longer current, as after a new
 * sign-in, and over the bounds of a form. Nothing may be done for such a form but to show it again.
 *
 * @param accepted whether the form may have parts, such as a file, which is read as text
 *
 * @throws as `readForm` does, but for the token; TooLargeError only for a form that is twice too large
 */
export async function readOwnForm(
  context: Context<Environment>,
  accepted: "values" | "parts",
): Promise<OwnForm> {
  const site = context.req.header("Sec-Fetch-Site");
  const isOwn = context.req.header("Origin") === new URL(context.req.url).origin;
  if (!isOwn || (site !== undefined && site !== "same-origin")) {
    throw new ForbiddenError("This form was not sent from a page of this service.");
  }
  const { form, excess: ofBytes } = await readValues(context.req.raw, accepted);
  const ofValues =
    form.size > MAX_VALUES
      ? new TooLargeError(`A form has at most ${MAX_VALUES} values.`)
      : undefined;
  if (ofValues !== undefined && form.size > READ_TIMES * MAX_VALUES) throw ofValues;
  const secret = formSecret(context);
  const token = form.get(FORM_TOKEN) ?? "";
  return {
    form,
    isCurrent: secret !== undefined && isSameHash(token, await tokenOf(secret)),
    excess: ofBytes ?? ofValues,
  };
}

async function readValues(
  request: Request,
  accepted: "values" | "parts",
): Promise<Pick<OwnForm, "form" | "excess">> {
  const type = request.headers.get("Content-Type") ?? "";
  const kind = type.split(";", 1)[0]?.trim().toLowerCase();
  if (kind === "multipart/form-data" && accepted === "parts") {
    const { bytes, excess } = await readBytes(request, MAX_BYTES_OF_PARTS);
    return { form: await readParts(bytes, type), excess };
  }
  if (kind === "application/x-www-form-urlencoded") {
    const { bytes, excess } = await readBytes(request, MAX_BYTES);
    return { form: new URLSearchParams(decode(bytes, "The form")), excess };
  }
  throw new UnsupportedMediaTypeError("A form is application/x-www-form-urlencoded.");
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

/** @throws TooLargeError for a body that is not read to its end */
async function readBytes(
  request: Request,
  max: number,
): Promise<{ readonly bytes: ArrayBuffer } & Pick<OwnForm, "excess">> {
  const tooLarge = new TooLargeError(`A form has at most ${max} bytes.`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > READ_TIMES * max) throw tooLarge;
    chunks.push(chunk);
  }
  const bytes = await new Blob(chunks).arrayBuffer();
  return { bytes, excess: length > max ? tooLarge : undefined };
}

function decode(bytes: ArrayBuffer, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new BadRequestError(`${what} is not valid UTF-8.`);
  }
}

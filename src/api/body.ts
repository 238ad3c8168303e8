import {
  type ApiError,
  BadRequestError,
  TooLargeError,
  UnsupportedMediaTypeError,
} from "../values/errors.ts";
import { parseJson } from "../values/json.ts";

/** The largest accepted body, in bytes. */
export const MAX_BYTES = 1024 * 1024;

/**
 * How many bytes of a larger body are read and discarded, so that the sender receives the answer and not a
 * broken connection.
 */
const MAX_BYTES_DISCARDED = 16 * MAX_BYTES;

/**
 * Reads a JSON body.
 *
 * @returns the value and its text, or the error that the body causes. The error is not thrown, because the
 * caller and the target are checked first.
 */
export async function readJsonBody(
  request: Request,
): Promise<{ readonly value: unknown; readonly text: string } | ApiError> {
  const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    return new UnsupportedMediaTypeError(
      `Unsupported media type "${type ?? ""}" in request. Send JSON with "Content-Type: application/json".`,
    );
  }
  const bytes = await readBytes(request);
  if (bytes === undefined) {
    return new TooLargeError(`The body is larger than ${MAX_BYTES} bytes.`);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    return { value: parseJson(text), text };
  } catch (error) {
    return new BadRequestError(`JSON parse error - ${parseProblem(error)}`);
  }
}

function parseProblem(error: unknown): string {
  if (error instanceof SyntaxError) return error.message;
  return error instanceof RangeError ? "nested too deeply" : "the body is not valid UTF-8";
}

/** The body's bytes; undefined when there are more than `MAX_BYTES`. */
async function readBytes(request: Request): Promise<Uint8Array | undefined> {
  const announced = Number(request.headers.get("content-length") ?? Number.NaN);
  if (announced <= MAX_BYTES) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.byteLength > MAX_BYTES ? undefined : bytes;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BYTES_DISCARDED) break;
    if (length <= MAX_BYTES) chunks.push(chunk);
  }
  if (length > MAX_BYTES) return undefined;
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

import { Agent, type IncomingMessage, request } from "node:http";
import type { Answer } from "../../support/client.ts";

/** A request as it goes over the wire. */
export interface Sent {
  readonly method: string;
  /** With its query, not normalised. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

/** What came back, and after how many milliseconds; the body is not JSON where `body` is undefined. */
export interface Received extends Answer {
  readonly milliseconds: number;
}

/** After how many milliseconds nobody waits any longer. */
const PATIENCE = 30_000;

/** Each request has a connection of its own: one that is used again may just have been closed. */
const agent = new Agent({ keepAlive: false });

/**
 * Sends one request, as it is.
 *
 * @throws Error when the connection ends without an answer
 */
export function send(base: string, { method, path, headers, body }: Sent): Promise<Received> {
  const start = performance.now();
  const announced = body !== undefined && headers["Transfer-Encoding"] === undefined;
  const length = announced ? { "Content-Length": String(body.length) } : {};
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const sending = request({
      agent,
      hostname,
      port,
      method,
      path,
      headers: { ...headers, ...length },
      timeout: PATIENCE,
    });
    sending.on("timeout", () => sending.destroy(new Error(`no answer in ${PATIENCE} ms`)));
    sending.on("error", reject);
    sending.on("response", (incoming) => {
      readAnswer(incoming, start).then(resolve, reject);
    });
    sending.end(body);
  });
}

async function readAnswer(incoming: IncomingMessage, start: number): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headersDistinct)) {
    headers.set(name, value?.join(", ") ?? "");
  }
  const milliseconds = performance.now() - start;
  return { status: incoming.statusCode ?? 0, headers, text, body: parse(text), milliseconds };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON request in the name of somebody. */
export function jsonRequest(token: string, method: string, path: string, body?: unknown): Sent {
  const headers = { Authorization: `Bearer ${token}` };
  if (body === undefined) return { method, path, headers };
  return {
    method,
    path,
    headers: { ...headers, "Content-Type": "application/json" },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/**
 * Makes a record that something else needs.
 *
 * @returns its id
 */
export async function createRecord(
  base: string,
  token: string,
  path: string,
  body: unknown,
): Promise<string> {
  const answer = await send(base, jsonRequest(token, "POST", path, body));
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
  const [made] = Object.values<{ readonly id: string }>(answer.body);
  if (made === undefined) throw new Error(`POST ${path} answers without an object.`);
  return made.id;
}

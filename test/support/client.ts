import { exports } from "cloudflare:workers";
import { requireDescribed } from "./described.ts";

export const ORIGIN = "https://registry.example";

/** What a test reads of an answer: `text` is what came, `body` the JSON in it, undefined where there is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever JSON came.
  readonly body: any;
}

/** A client of the real Worker, with the token of one user or without any. */
export interface Client {
  readonly token: string | undefined;
  send(method: string, path: string, body?: unknown, headers?: HeadersInit): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

/** How a request reaches the Worker. */
export type Dispatch = (request: Request) => Promise<Response>;

/**
 * `path` is below the origin; a body of text or bytes goes as it is, anything else as JSON. Every answer
 * is held against the OpenAPI document.
 */
export function clientFor(
  token?: string,
  dispatch: Dispatch = (request) => exports.default.fetch(request),
): Client {
  const send: Client["send"] = async (method, path, body, headers) => {
    const request = makeRequest(token, method, path, body, headers);
    const url = new URL(request.url);
    const answer = await readAnswer(await dispatch(request));
    requireDescribed(method, url, answer);
    return answer;
  };
  return {
    token,
    send,
    get: (path) => send("GET", path),
    post: (path, body) => send("POST", path, body),
    put: (path, body) => send("PUT", path, body),
    patch: (path, body) => send("PATCH", path, body),
    delete: (path) => send("DELETE", path),
  };
}

async function readAnswer(answer: Response): Promise<Answer> {
  const { status, headers } = answer;
  const text = await answer.text();
  return { status, headers, text, body: text === "" ? undefined : JSON.parse(text) };
}

function makeRequest(
  token: string | undefined,
  method: string,
  path: string,
  body: unknown,
  extra: HeadersInit | undefined,
): Request {
  const headers = new Headers();
  if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  for (const [name, value] of new Headers(extra)) headers.set(name, value);
  const raw = typeof body === "string" || body instanceof Uint8Array;
  return new Request(new URL(path, ORIGIN), {
    method,
    headers,
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
    redirect: "manual",
  });
}

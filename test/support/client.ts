import { exports } from "cloudflare:workers";

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

/** `path` is below the origin; a body of text or bytes goes as it is, anything else as JSON. */
export function clientFor(
  token?: string,
  dispatch: Dispatch = (request) => exports.default.fetch(request),
): Client {
  const send: Client["send"] = async (method, path, body, headers) => {
    const answer = await dispatch(makeRequest(token, method, path, body, headers));
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: text === "" ? undefined : JSON.parse(text),
    };
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

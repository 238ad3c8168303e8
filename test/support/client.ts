import { exports } from "cloudflare:workers";

const ORIGIN = "https://registry.example";

/** What a test reads of an answer. `body` is undefined where there is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
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

/** `path` is below the origin; a body that is a string goes as it is, anything else as JSON. */
export function clientFor(token?: string): Client {
  const send: Client["send"] = async (method, path, body, headers) => {
    const response = await exports.default.fetch(
      new Request(new URL(path, ORIGIN), {
        method,
        headers: {
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "Content-Type": "application/json" }),
          ...Object.fromEntries(new Headers(headers)),
        },
        ...(body !== undefined && {
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
        redirect: "manual",
      }),
    );
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
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

import type { Viewer } from "../db/access.ts";
import type { Connection } from "../db/connection.ts";
import type { Query } from "../query/parse.ts";

/** What Hono's context carries: the bindings, and what the middleware found out about the request. */
export interface Environment {
  Bindings: Cloudflare.Env;
  Variables: {
    requestId: string;
    connection: Connection;
    viewer: Viewer;
    given: Given;
    /** The path as it is mounted, absent where nothing is. */
    route?: string;
  };
}

/** What a handler is given once its request has been understood and allowed. */
export interface Given {
  /** The id in the path in its stored form; `""` for a path without one. */
  readonly id: string;
  readonly query: Query;
  /** The parsed body, of the type that the route's declaration gives it. */
  readonly input: unknown;
}

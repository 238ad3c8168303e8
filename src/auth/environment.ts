import type { Viewer } from "../db/access.ts";
import type { Connection } from "../db/connection.ts";

/** What Hono's context carries: the bindings, and what the middleware found out about the request. */
export interface Environment {
  Bindings: Cloudflare.Env;
  Variables: {
    requestId: string;
    connection: Connection;
    viewer: Viewer;
    /** The path as it is mounted, absent where nothing is. */
    route?: string;
  };
}

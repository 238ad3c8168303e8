import type { Caller } from "../db/access.ts";
import type { Bookmark } from "../db/bookmark.ts";
import type { Connection } from "../db/connection.ts";

/** What Hono's context carries: the bindings, and what the middleware has stored about the request. */
export interface Environment {
  Bindings: Cloudflare.Env;
  Variables: {
    requestId: string;
    connection: Connection;
    /** The SHA-256 of the token sent to the private portal, not yet looked up. */
    tokenHash?: string;
    caller: Caller;
    /** Set for a request to the private portal, whose answer tells a bookmark. */
    bookmarks?: { readonly brought: Bookmark | undefined; readonly kind: "read" | "write" };
    /** The path pattern of the route; absent when no route matches. */
    route?: string;
  };
}

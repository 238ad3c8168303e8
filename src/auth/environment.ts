import type { Caller } from "../db/access.ts";
import type { Bookmark } from "../db/bookmark.ts";
import type { Connection } from "../db/connection.ts";

/** A token or the secret of a browser session as the request sent it, by its SHA-256, not yet looked up. */
export interface SentCredential {
  readonly kind: "token" | "browser-session";
  readonly hash: string;
}

/** What Hono's context carries: the bindings, and what the middleware has stored about the request. */
export interface Environment {
  Bindings: Cloudflare.Env;
  Variables: {
    requestId: string;
    connection: Connection;
    sentCredential?: SentCredential;
    caller: Caller;
    /** Counts a further request of this caller; false when it exceeds the limit. */
    countRequest: () => Promise<boolean>;
    /** Set for a request to the private portal, whose answer tells a bookmark. */
    bookmarks?: { readonly brought: Bookmark | undefined; readonly kind: "read" | "write" };
    /** The path pattern of the route; absent when no route matches. */
    route?: string;
    /** Set for a request whose form is shown again when it fails, also when it fails before the form is read. */
    keepsForm?: true;
    /** A form that a page has got and that is shown again when the request fails. */
    keptForm?: URLSearchParams;
  };
}

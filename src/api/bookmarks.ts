import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { isLocalHttp } from "../auth/cookies.ts";
import type { Environment } from "../auth/environment.ts";
import { type Bookmark, newestOf, parseBookmark } from "../db/bookmark.ts";

// A client reads what it has written, whichever replica answers: an answer tells the bookmark of the state
// that it shows or has made, and the client brings it with its next request. A bookmark is a position in the
// sequence of all writes. It grants nothing, so it does not matter whose it is.

/** The header of a bookmark, in requests and answers. */
export const BOOKMARK_HEADER = "X-D1-Bookmark";

/**
 * The cookies of a bookmark, with their lifetime in seconds, for clients that keep cookies by themselves.
 * Reads and writes have one each: the answer to a read can arrive after the answer to a later write, and must
 * not replace its bookmark. The cookie of a write lives longer, so that it never expires before an older one
 * of a read.
 */
const COOKIES = {
  read: { name: "brainstem-d1-read", maxAge: 600 },
  write: { name: "brainstem-d1-write", maxAge: 1_200 },
} as const;

/**
 * Decides where a read runs. In the public portal that is anywhere. In the private portal it is any replica
 * that is as new as the client's bookmark, or the primary for a client without one.
 */
export function startRead(context: Context<Environment>): void {
  const { connection, caller } = context.var;
  if (caller.kind === "public") {
    connection.startAt("first-unconstrained");
    return;
  }
  const brought = broughtBookmark(context);
  context.set("bookmarks", { brought, kind: "read" });
  connection.startAt(brought ?? "first-primary");
}

/**
 * Sends a read that failed to the primary, if it ran at a bookmark. A replica that lags may not know a new
 * token, permission or object, and none ever reaches the bookmark of another database.
 *
 * @returns whether the read is worth another try
 */
export function restartRead({ var: { connection, bookmarks } }: Context<Environment>): boolean {
  if (bookmarks?.brought === undefined) return false;
  connection.credential = undefined;
  connection.startAt("first-primary");
  return true;
}

/** A write runs on the primary, with all that it reads before: its conditions hold for the newest state. */
export function startWrite(context: Context<Environment>): void {
  context.set("bookmarks", { brought: undefined, kind: "write" });
  context.var.connection.startAt("first-primary");
}

/**
 * The newest of the client's bookmarks. What does not have the form of one counts as absent: the read then
 * costs a way to the primary, and no error.
 */
function broughtBookmark(context: Context<Environment>): Bookmark | undefined {
  return newestOf([
    parseBookmark(context.req.header(BOOKMARK_HEADER)),
    parseBookmark(getCookie(context, COOKIES.read.name)),
    parseBookmark(getCookie(context, COOKIES.write.name)),
  ]);
}

/**
 * Tells the bookmark of an answer to a caller with a valid token, in the header and, when it is new to the
 * client, in the cookie. Strangers and the public portal get none.
 */
export function tellBookmark(context: Context<Environment>): void {
  const { connection, bookmarks } = context.var;
  const { bookmark, credential } = connection;
  if (bookmarks === undefined || bookmark === undefined || credential === undefined) return;
  context.header(BOOKMARK_HEADER, bookmark);
  if (bookmark !== bookmarks.brought) setBookmark(context, bookmarks.kind, bookmark);
}

/**
 * Deletes the client's bookmarks after a write that may be done without an answer from the database. Its next
 * read then asks the primary, and finds out.
 */
export function forgetBookmarks(context: Context<Environment>): void {
  if (context.var.bookmarks?.kind !== "write") return;
  setBookmark(context, "read", "", 0);
  setBookmark(context, "write", "", 0);
}

function setBookmark(
  context: Context<Environment>,
  kind: keyof typeof COOKIES,
  value: string,
  maxAge: number = COOKIES[kind].maxAge,
): void {
  setCookie(context, COOKIES[kind].name, value, {
    path: "/api/private/",
    httpOnly: true,
    sameSite: "Lax",
    secure: !isLocalHttp(context),
    maxAge,
  });
}

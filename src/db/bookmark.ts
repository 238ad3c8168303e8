/**
 * Where a batch may run: on the primary database, on any copy of it however old, or, for a bookmark, on any
 * copy that is at least as new. The two constraints are D1's own words.
 */
export type Start = "first-primary" | "first-unconstrained" | Bookmark;

/** The state of the database at one moment, as D1 writes it. Text order is the order in time. */
export type Bookmark = string & { readonly isBookmark: unique symbol };

/**
 * The form of D1's bookmarks. A text of another form must not reach D1: it travels there in a header, which
 * refuses some texts.
 */
export const BOOKMARK_FORM = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;

/** The bookmark in a text; undefined for any other text. */
export function parseBookmark(text: string | null | undefined): Bookmark | undefined {
  return text != null && BOOKMARK_FORM.test(text) ? (text as Bookmark) : undefined;
}

/** The newest of some bookmarks; undefined when there is none. */
export function newestOf(bookmarks: readonly (Bookmark | undefined)[]): Bookmark | undefined {
  return bookmarks.reduce(
    (newest, bookmark) =>
      newest === undefined || (bookmark !== undefined && bookmark > newest) ? bookmark : newest,
    undefined,
  );
}

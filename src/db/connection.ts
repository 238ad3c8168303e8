import type { SQL } from "drizzle-orm";
import { DatabaseFullError, DatabaseUnavailableError } from "../values/errors.ts";
import { type Bookmark, newestOf, parseBookmark, type Start } from "./bookmark.ts";
import { render } from "./render.ts";

/** A statement of a batch. */
export type Statement = SQL;

/** A value that SQLite stores. */
export type Value = string | number | null;

/** One row of an answer. */
export type Row = Readonly<Record<string, Value>>;

/** A valid token or browser session: its id and its user's, and when it was last used. */
export type Credential = {
  readonly id: string;
  readonly userId: string;
  readonly lastUsedDate: string | null;
} & (
  | { readonly kind: "token"; readonly lifetimeDays: number }
  /** `userName` is the name of the user that a page shows. */
  | { readonly kind: "browser-session"; readonly userName: string }
);

/**
 * The database for one request. Every call is one batch: one round trip and one transaction. The connection
 * counts the cost of the request. Batches run on the primary database, unless `startAt` allows a replica.
 */
export class Connection {
  roundTrips = 0;
  rowsRead = 0;
  rowsWritten = 0;
  milliseconds = 0;
  /** The credential of the caller; set once a batch has looked it up and found it valid. */
  credential: Credential | undefined;
  /** The newest state that a batch after `startAt` has seen or made. */
  bookmark: Bookmark | undefined;
  /** The region of the database that answered last, and whether it was the primary; unknown locally. */
  servedByRegion: string | undefined;
  servedByPrimary: boolean | undefined;
  readonly #d1: D1Database;
  #start: Start | undefined;

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  /** Says where the batches that follow may run. Each batch starts anew. */
  startAt(start: Start): void {
    this.#start = start;
  }

  /**
   * Runs the statements in one transaction: all of them, or none.
   *
   * @returns the rows of each statement, in the order of the statements
   * @throws DatabaseFullError, DatabaseUnavailableError, or the error of D1 when a statement itself fails
   */
  async batch(statements: readonly SQL[]): Promise<readonly (readonly Row[])[]> {
    this.roundTrips += 1;
    const session = this.#start === undefined ? undefined : this.#d1.withSession(this.#start);
    const database = session ?? this.#d1;
    const start = Date.now();
    const results = await database.batch<Row>(prepared(database, statements)).catch(rethrow);
    this.milliseconds += Date.now() - start;
    this.bookmark = newestOf([this.bookmark, parseBookmark(session?.getBookmark())]);
    for (const { meta } of results) {
      this.rowsRead += meta.rows_read;
      this.rowsWritten += meta.rows_written;
      this.servedByRegion = meta.served_by_region;
      this.servedByPrimary = meta.served_by_primary;
    }
    return results.map((result) => result.results);
  }
}

function prepared(
  d1: Pick<D1Database, "prepare">,
  statements: readonly SQL[],
): D1PreparedStatement[] {
  return statements.map((statement) => {
    const { text, values } = render(statement);
    return d1.prepare(text).bind(...values);
  });
}

/**
 * An error of SQLite about the statement itself. The codes that are excluded are about the state of the
 * database.
 */
const OF_THE_STATEMENT = /SQLITE_(?!BUSY|LOCKED|FULL|IOERR|INTERRUPT)/;

/**
 * The errors of SQLite for a full disk, and of D1 for a database or an account at its size limit. When only
 * the commit meets the full disk, the runtime reports an internal error, which looks like any other.
 */
const OF_ROOM = /SQLITE_FULL|Exceeded maximum (DB size|account storage)/i;

function rethrow(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  if (OF_THE_STATEMENT.test(message)) throw error;
  if (OF_ROOM.test(message)) throw new DatabaseFullError(message, { cause: error });
  throw new DatabaseUnavailableError(message, { cause: error });
}

import type { SQL } from "drizzle-orm";
import { DatabaseFullError, DatabaseUnavailableError } from "../values/errors.ts";
import { render } from "./render.ts";

/** A statement of a batch. */
export type Statement = SQL;

/** What SQLite stores. */
export type Value = string | number | null;

/** One row of an answer. */
export type Row = Readonly<Record<string, Value>>;

/** The bearer of a token, as far as a request needs to know. */
export interface TokenHolder {
  readonly userId: string;
  readonly tokenId: string;
  readonly lifetimeDays: number;
  readonly lastUsedDate: string | null;
}

/**
 * The database for the length of one request: every call is one batch, one round trip and one
 * transaction. It counts what the request cost.
 */
export class Connection {
  roundTrips = 0;
  rowsRead = 0;
  rowsWritten = 0;
  milliseconds = 0;
  /** Who the request turned out to come from, once a batch has looked the token up. */
  tokenHolder: TokenHolder | undefined;
  readonly #d1: D1Database;

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  /**
   * Runs the statements in one transaction: all of them, or none.
   *
   * @returns the rows of each statement, in their order
   */
  async batch(statements: readonly SQL[]): Promise<readonly (readonly Row[])[]> {
    this.roundTrips += 1;
    const start = Date.now();
    const results = await this.#d1.batch<Row>(prepared(this.#d1, statements)).catch(rethrow);
    this.milliseconds += Date.now() - start;
    for (const { meta } of results) {
      this.rowsRead += meta.rows_read;
      this.rowsWritten += meta.rows_written;
    }
    return results.map((result) => result.results);
  }
}

function prepared(d1: D1Database, statements: readonly SQL[]): D1PreparedStatement[] {
  return statements.map((statement) => {
    const { text, values } = render(statement);
    return d1.prepare(text).bind(...values);
  });
}

/** What SQLite itself says of a statement, but for its being busy, is about the statement; the rest is not. */
const OF_THE_STATEMENT = /SQLITE_(?!BUSY|LOCKED|FULL|IOERR|INTERRUPT)/;

/**
 * What SQLite says of a full disk, and D1 of a database or an account that has reached its size. Where the
 * commit alone meets a full disk, the runtime tells of an internal error, as of any other.
 */
const OF_ROOM = /SQLITE_FULL|Exceeded maximum (DB size|account storage)/i;

function rethrow(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  if (OF_THE_STATEMENT.test(message)) throw error;
  if (OF_ROOM.test(message)) throw new DatabaseFullError(message, { cause: error });
  throw new DatabaseUnavailableError(message, { cause: error });
}

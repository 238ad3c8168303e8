import { type SQL, sql } from "drizzle-orm";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";

const dialect = new SQLiteSyncDialect();

const made = new Map<string, SQL>();

/** More pieces than the service's own code and its clients' habits make, and few enough to keep. */
const MOST_MADE = 1000;

/**
 * A piece of SQL that binds no values and is the same for every request of its kind: its text is made
 * once under a key and then only copied. Turning Drizzle's tree into text is most of what a request
 * costs outside the database.
 */
export function constantSql(key: string, make: () => SQL): SQL {
  const known = made.get(key);
  if (known !== undefined) return known;
  const { sql: text, params } = dialect.sqlToQuery(make());
  if (params.length > 0) throw new Error(`The constant SQL "${key}" binds a value`);
  // A client may ask for ever new selections of fields.
  if (made.size >= MOST_MADE) made.clear();
  const constant = sql.raw(text);
  made.set(key, constant);
  return constant;
}

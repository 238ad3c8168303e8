import { type SQL, sql } from "drizzle-orm";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import type { Value } from "./connection.ts";

const dialect = new SQLiteAsyncDialect();

/** The text of a statement with a question mark for each bound value, and the values. */
export function render(statement: SQL): {
  readonly text: string;
  readonly values: readonly Value[];
} {
  const { sql: text, params } = dialect.sqlToQuery(statement);
  // A template binds the values in it. D1 checks their types when the statement is bound.
  return { text, values: params as readonly Value[] };
}

/**
 * The same piece as plain text. A long piece that is part of many statements is rendered once, and not again
 * for every request.
 *
 * @throws Error when the piece binds a value, which belongs to one request alone
 */
export function renderOnce(piece: SQL): SQL {
  const { text, values } = render(piece);
  if (values.length > 0) throw new Error(`A piece that is kept binds ${values.length} values.`);
  return sql.raw(text);
}

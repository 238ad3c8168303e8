import { is, Name, SQL, type SQLChunk, StringChunk, sql } from "drizzle-orm";
import { SQLiteAsyncDialect, SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Value } from "./connection.ts";

const dialect = new SQLiteAsyncDialect();

/**
 * The text of a statement with a question mark for each bound value, and the values.
 *
 * The text is the one of Drizzle's dialect. The pieces of which statements mostly consist (text, names,
 * columns, tables, values) are put together here, because the dialect takes several times as long, for each
 * request. It renders all other pieces.
 */
export function render(statement: SQL): {
  readonly text: string;
  readonly values: readonly Value[];
} {
  const values: Value[] = [];
  return { text: textOf(statement.queryChunks, values), values };
}

/** The text of the pieces. Adds the values that they bind to `values`. */
function textOf(pieces: readonly SQLChunk[], values: Value[]): string {
  let text = "";
  for (const piece of pieces) {
    if (piece instanceof SQL) text += textOf(piece.queryChunks, values);
    else if (typeof piece === "string" || typeof piece === "number" || piece === null) {
      text += "?";
      values.push(piece);
    } else text += plainText(piece) ?? addRendered(piece, values);
  }
  return text;
}

/** The text of a piece that binds no values by its kind; undefined for any other piece. */
function plainText(piece: SQLChunk | undefined): string | undefined {
  if (piece instanceof StringChunk) return piece.value.join("");
  if (piece instanceof Name) return dialect.escapeName(piece.value);
  return nameOf(piece);
}

const names = new WeakMap<SQLChunk & object, string>();

/** The quoted name of a column or a table, which does not change; undefined for any other piece. */
function nameOf(piece: SQLChunk | undefined): string | undefined {
  if (typeof piece !== "object" || piece === null) return undefined;
  const known = names.get(piece);
  if (known !== undefined || !(is(piece, SQLiteColumn) || is(piece, SQLiteTable))) return known;
  const { sql: name } = dialect.sqlToQuery(sql`${piece}`);
  names.set(piece, name);
  return name;
}

function addRendered(piece: SQLChunk | undefined, values: Value[]): string {
  const { sql: text, params } = dialect.sqlToQuery(sql`${piece}`);
  // A template binds the values in it. D1 checks their types when the statement is bound.
  values.push(...(params as readonly Value[]));
  return text;
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

/**
 * The same statement with all text between two values as one piece. Such a statement can be kept, and rendered for
 * each request with little work.
 */
export function condense(statement: SQL): SQL {
  const pieces: SQLChunk[] = [];
  let text = "";
  const add = (piece: SQLChunk): void => {
    const plain = plainText(piece);
    if (piece instanceof SQL) piece.queryChunks.forEach(add);
    else if (plain !== undefined) text += plain;
    else {
      pieces.push(new StringChunk(text), piece);
      text = "";
    }
  };
  add(statement);
  return new SQL([...pieces, new StringChunk(text)]);
}

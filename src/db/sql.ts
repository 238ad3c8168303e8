/** What a statement binds: what SQLite stores. */
export type Value = string | number | null;

/** A piece of SQL: its text, with a question mark for each of the values that it binds, in their order. */
export class SQL {
  readonly text: string;
  readonly values: readonly Value[];

  constructor(text: string, values: readonly Value[]) {
    this.text = text;
    this.values = values;
  }
}

/**
 * SQL as a template: another piece, such as a table or a column of `tables.ts`, stands as it is, and
 * anything else is a value, which is bound and never becomes text.
 *
 * It reads as Drizzle's own template does. That one keeps a tree and turns it into text for every
 * request, which cost more than all else that the service computes; here a piece is text from the start.
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly (SQL | Value)[]): SQL {
  let text = "";
  const values: Value[] = [];
  for (const [index, part] of parts.entries()) {
    text += strings[index];
    if (part instanceof SQL) {
      text += part.text;
      values.push(...part.values);
    } else {
      text += "?";
      values.push(part);
    }
  }
  return new SQL(text + strings[parts.length], values);
}

/** Text that is SQL already. Nothing that a client has sent goes in here. */
sql.raw = (text: string): SQL => new SQL(text, []);

/** A name that stands alone. */
sql.identifier = (name: string): SQL => new SQL(quoteName(name), []);

/** The pieces one after the other, with the separator, which binds nothing, between them. */
sql.join = (pieces: readonly SQL[], separator: SQL): SQL => {
  if (separator.values.length > 0) throw new Error("The separator binds a value.");
  const text = pieces.map((piece) => piece.text).join(separator.text);
  return new SQL(
    text,
    pieces.flatMap((piece) => piece.values),
  );
};

/** A name as it stands in a statement. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

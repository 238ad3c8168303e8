import { type SQL, sql } from "drizzle-orm";

// MATLAB's `jsondecode` makes a valid identifier of each key that it reads (`matlab.lang.makeValidName`), and
// sends that back: `owner_x_example_org` for `owner@x.example.org`.

/** Whether MATLAB may have made this key out of another. */
export function isIdentifier(key: string): boolean {
  return /^[A-Za-z]\w*$/.test(key);
}

/** The longest key that is looked at, in characters: that of the longest email. */
const POSITIONS = JSON.stringify(Array.from({ length: 320 }, (_, index) => index + 1));

/**
 * A table `spelling`, `text` of the identifiers that MATLAB may make of the column `text` of a table: white
 * space goes and makes the next letter a capital, or is replaced like any other character that is not allowed.
 */
export function spellings(texts: SQL): SQL {
  const first = sql`substr(spelt, 1, 1) GLOB '[A-Za-z]'`;
  return sql`(SELECT iif(${first}, spelt, 'x' || spelt) AS spelling, spelt.* FROM (
    SELECT ${spell(sql`''`)} AS spelt, texts.* FROM ${texts} AS texts
    UNION SELECT ${spell(sql`'_'`)}, texts.* FROM ${texts} AS texts) AS spelt)`;
}

/** The text with each of its characters as MATLAB takes it, and something in place of white space. */
function spell(whiteSpace: SQL): SQL {
  const character = (shift: number) => sql`substr(texts.text, value - ${shift}, 1)`;
  const isSpace = (shift: number) =>
    sql`trim(${character(shift)}, char(9, 10, 11, 12, 13, 32)) = ''`;
  const joined = sql`value > 1 AND ${whiteSpace} = '' AND ${isSpace(1)}`;
  // MATLAB counts as JavaScript does: a character beyond the basic plane is two.
  return sql`(SELECT group_concat(CASE
      WHEN ${isSpace(0)} THEN ${whiteSpace}
      WHEN ${character(0)} GLOB '[A-Za-z0-9_]' THEN iif(${joined}, upper(${character(0)}), ${character(0)})
      WHEN unicode(${character(0)}) > 65535 THEN '__' ELSE '_' END, '' ORDER BY value)
    FROM json_each(${POSITIONS}) WHERE value <= length(texts.text))`;
}

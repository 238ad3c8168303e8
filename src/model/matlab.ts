import { type SQL, sql } from "drizzle-orm";

// MATLAB's `jsondecode` turns each key into a valid identifier (`matlab.lang.makeValidName`), and MATLAB
// clients send that identifier back: `owner_x_example_org` for `owner@x.example.org`.

/** Whether MATLAB may have turned another key into this one. */
export function isIdentifier(key: string): boolean {
  return /^[A-Za-z]\w*$/.test(key);
}

/** The positions in the longest key that is compared. An email has at most 320 characters. */
const POSITIONS = JSON.stringify(Array.from({ length: 320 }, (_, index) => index + 1));

/**
 * The identifiers that MATLAB may make of the column `text` of a table, as a table with the columns of
 * `texts` and `spelling`. There are two for a text with white space. MATLAB either deletes white space and makes the next
 * letter a capital, or replaces it by an underscore like any other character that is not allowed.
 */
export function spellings(texts: SQL): SQL {
  const first = sql`substr(spelt, 1, 1) GLOB '[A-Za-z]'`;
  return sql`(SELECT iif(${first}, spelt, 'x' || spelt) AS spelling, spelt.* FROM (
    SELECT ${spell(sql`''`)} AS spelt, texts.* FROM ${texts} AS texts
    UNION SELECT ${spell(sql`'_'`)}, texts.* FROM ${texts} AS texts
      WHERE texts.text GLOB '*[' || char(9, 10, 11, 12, 13, 32) || ']*') AS spelt)`;
}

/** The text in MATLAB's spelling, with `whiteSpace` in place of each white space character. */
function spell(whiteSpace: SQL): SQL {
  const character = (shift: number) => sql`substr(texts.text, value - ${shift}, 1)`;
  const isSpace = (shift: number) =>
    sql`trim(${character(shift)}, char(9, 10, 11, 12, 13, 32)) = ''`;
  const joined = sql`value > 1 AND ${whiteSpace} = '' AND ${isSpace(1)}`;
  // MATLAB counts UTF-16 units, as JavaScript does: a character beyond the basic plane becomes two
  // underscores.
  return sql`(SELECT group_concat(CASE
      WHEN ${isSpace(0)} THEN ${whiteSpace}
      WHEN ${character(0)} GLOB '[A-Za-z0-9_]' THEN iif(${joined}, upper(${character(0)}), ${character(0)})
      WHEN unicode(${character(0)}) > 65535 THEN '__' ELSE '_' END, '' ORDER BY value)
    FROM json_each(${POSITIONS}) WHERE value <= length(texts.text))`;
}

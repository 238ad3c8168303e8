import { type SQL, sql } from "drizzle-orm";
import { type Caller, readableIds } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { foldCase } from "../values/fold.ts";
import { OPERATORS } from "./operators.ts";
import { type FilterClause, MIN_WORD, type Value } from "./parse.ts";
import type { Reference, SearchIndex } from "./read-model.ts";

// `search=` and filters on text, in the words of FTS5. The index knows each part of three characters, so it
// finds a text of three and more characters anywhere in another one, exactly. A MATCH decides over words,
// filters and access together, inside the index: what it steps over there is not counted as read.

/** The most results of a search. Counting steps over each of them. */
export const MAX_RESULTS = 10_000;

/**
 * The most matches of a search that are read to sort them, or to compare them with filters that no index
 * answers.
 */
export const MAX_COMPARED = 4_000;

/** A text in no column of `refs`: its words have the letter of their kind in the first place. */
const NOTHING = '"---"';

/** What is matched: folded words that must all occur, and filters. */
export interface Sought {
  readonly words: readonly string[];
  readonly filters: readonly FilterClause[];
}

/**
 * The common table `match(words, rest)`: what is sought, as parts of a MATCH that are joined by AND. `words` is
 * the condition that all words occur, and `rest` that on filters and access, each null when there is none.
 * Filters that the index cannot answer are left out, and of those that it answers only some are exact (see
 * `isAnswered`): the others must be checked on what is found.
 */
export function matchTable(index: SearchIndex, caller: Caller, { words, filters }: Sought): SQL {
  const names = words.map((word, place) =>
    as(sql`group_concat(token, ' OR ') FILTER (WHERE instr(name, ${word}) > 0)`, namedBy(place)),
  );
  const readable = Object.values(index.references).map(
    (reference) => sql`SELECT ${tokenOf(reference)} AS token,
      ${reference.isNotSearched ? sql`NULL` : reference.table.nameFolded} AS name,
      ${reference.givesAccess ? sql`1` : sql`0`} AS gives_access
      FROM ${reference.table} WHERE ${reference.table.id} IN ${readableIds(caller, reference.kind)}`,
  );
  const tokens = sql`SELECT ${join([
    as(sql`group_concat(token, ' OR ') FILTER (WHERE gives_access)`, sql`seen`),
    as(sql`count(*) FILTER (WHERE gives_access)`, sql`seen_count`),
    ...names,
  ])} FROM (${sql.join(readable, sql` UNION ALL `)})`;
  const rest = [
    ...filters.flatMap((clause) => matchOfFilter(index, caller, clause) ?? []),
    accessIn(index, caller),
  ];
  return sql`match(words, rest) AS MATERIALIZED (SELECT
    ${allOf(words.map((word, place) => wordIn(index, word, place)))}, ${allOf(rest)} FROM (${tokens}))`;
}

/** A query of the rows in `match`, as `hit`. */
export function matchingRows(index: SearchIndex): SQL {
  return rowsOf(index, allOf([sql`words`, sql`rest`]));
}

/** More than any number of a row: places of one step do not reach those of the next. */
const STEP = 1_000_000_000_000;

/** The number of the row at a `place` of `bestRows`. */
export const rowAtPlace = (place: Expression) =>
  sql`(${sql.raw(String(STEP))} - ${place} % ${sql.raw(String(STEP))})`;

/**
 * A query of the rows in `match`, as `place`, the best match first: rows with all words in the first group of
 * columns, then in the first two, and so on, then the others. Among equals the newest comes first. A place is a
 * number that grows in this order and has the number of the row (see `rowAtPlace`). FTS5's own rank would tell of
 * hidden rows, which it counts, and takes long for a caller with many projects.
 *
 * @param after the place after which the rows come
 */
export function bestRows(index: SearchIndex, words: readonly string[], after = 0): SQL {
  const phrases = words.map(phrase).join(" AND ");
  const within = index.columns.slice(1).map(
    (_, place) =>
      `({${index.columns
        .slice(0, place + 1)
        .flat()
        .join(" ")}} : (${phrases}))`,
  );
  const steps = [...within.map((wanted) => sql`${wanted}`), sql`words`].map((wanted, step) => {
    const end = (step + 1) * STEP;
    const rows = rowsOf(index, without(allOf([wanted, sql`rest`]), within[step - 1]));
    return sql`SELECT ${sql.raw(String(end))} - hit AS place
      FROM (${rows} AND rowid < ${end - after} ORDER BY rowid DESC)`;
  });
  return sql.join(steps, sql` UNION ALL `);
}

function rowsOf({ table }: SearchIndex, match: SQL): SQL {
  const name = sql.identifier(table);
  return sql`SELECT rowid AS hit FROM ${name} WHERE ${name} MATCH (SELECT ${match} FROM match)`;
}

/** Parts joined by AND; null when there is none. Not a chain of ||, which would be deeper than D1 allows. */
const allOf = (parts: readonly SQL[]) =>
  parts.length === 0 ? sql`NULL` : sql`nullif(concat_ws(' AND ', ${join(parts)}), '')`;

/** What a step before has not found. Each step finds more than the one before it. */
const without = (match: SQL, before: string | undefined) =>
  before === undefined ? match : sql`'(' || ${match} || ${`) NOT ${before}`}`;

/** Where a word occurs: in the text of a record, or in the name of a record that it refers to. */
function wordIn(index: SearchIndex, word: string, place: number): SQL {
  return sql`${`({${index.columns.flat().join(" ")}} : ${phrase(word)}`}
    || coalesce(' OR refs : (' || ${namedBy(place)} || ')', '') || ')'`;
}

const namedBy = (place: number) => sql.raw(`named_${place}`);

/**
 * The condition on access; null for a caller who may read everything, and who would otherwise bring all projects
 * into the MATCH.
 */
function accessIn({ references }: SearchIndex, caller: Caller): SQL {
  const giving = Object.values(references).find(({ givesAccess }) => givesAccess);
  if (caller.kind === "operator" || giving === undefined) return sql`NULL`;
  return sql`CASE WHEN seen_count < (SELECT count(*) FROM ${giving.table})
    THEN 'refs : (' || coalesce(seen, ${NOTHING}) || ')' END`;
}

/**
 * A filter as a part of a MATCH; undefined when the index does not answer it. The part finds every record that
 * matches the filter, and may find more.
 */
export function matchOfFilter(
  index: SearchIndex,
  caller: Caller,
  { path, operator, values, negated }: FilterClause,
): SQL | undefined {
  if (negated) return undefined;
  const [field, rest] = split(path);
  if (isColumn(index, field)) {
    const phrases = phrasesOf(operator, values);
    return phrases && sql`${`{${field}} : (${phrases.join(" OR ")})`}`;
  }
  const reference = referenceOf(index, field);
  const definition = OPERATORS.get(operator);
  if (reference === undefined || definition === undefined || operator === "isnull")
    return undefined;
  const { table, kind } = reference;
  const target =
    rest === "name" ? { column: table.name, folded: table.nameFolded } : { column: table.id };
  // The private portal shows all ids of a session, also of records that the caller may not read.
  const shown =
    rest !== "name" && caller.kind !== "public"
      ? sql``
      : sql`AND ${table.id} IN ${readableIds(caller, kind)}`;
  return sql`'refs : (' || coalesce((SELECT group_concat(${tokenOf(reference)}, ' OR ') FROM ${table}
    WHERE ${definition.compile(target, values)} ${shown}), ${NOTHING}) || ')'`;
}

/** Whether what `matchOfFilter` finds needs no further check. */
export function isAnswered(index: SearchIndex, clause: FilterClause): boolean {
  const { path, operator, values, negated } = clause;
  if (negated || operator === "isnull") return false;
  if (referenceOf(index, split(path)[0]) !== undefined) return true;
  // A value with a line break could be found across two tags, and the name of another key in extra fields.
  return (
    operator === "icontains" &&
    isColumn(index, path) &&
    phrasesOf(operator, values) !== undefined &&
    !values.some((value) => String(value).includes("\n"))
  );
}

const isColumn = ({ columns }: SearchIndex, field: string) => columns.flat().includes(field);

function referenceOf({ references }: SearchIndex, field: string): Reference | undefined {
  return Object.hasOwn(references, field) ? references[field] : undefined;
}

/**
 * Whether a list with this filter is found through the index. Filters on what gives access are not: the scopes
 * answer them with less.
 */
export function asksIndex(
  index: SearchIndex,
  { path, operator, values, negated }: FilterClause,
): boolean {
  if (negated || operator === "isnull") return false;
  const [field] = split(path);
  const reference = referenceOf(index, field);
  if (reference !== undefined) return reference.givesAccess === undefined;
  return isColumn(index, field) && phrasesOf(operator, values) !== undefined;
}

const TEXT_OPERATORS: ReadonlySet<string> = new Set([
  "iexact",
  "contains",
  "icontains",
  "startswith",
  "istartswith",
  "endswith",
  "iendswith",
]);

/** A phrase for each value, one of which a matching text contains; undefined when one is too short. */
function phrasesOf(operator: string, values: readonly Value[]): readonly string[] | undefined {
  const isTextual = TEXT_OPERATORS.has(operator);
  if (!isTextual && operator !== "eq" && operator !== "in") return undefined;
  const texts: string[] = [];
  for (const value of values) {
    const text = typeof value === "object" ? value.text : String(value);
    // Equal numbers can have different texts.
    if (!isTextual && typeof value === "object" && value.number !== undefined) return undefined;
    const sought = onItsLine(operator, foldCase(text));
    if (!isFindable(sought)) return undefined;
    texts.push(sought);
  }
  return texts.length === 0 ? undefined : texts.map(phrase);
}

const FROM_START: ReadonlySet<string> = new Set([
  "eq",
  "in",
  "iexact",
  "startswith",
  "istartswith",
]);
const TO_END: ReadonlySet<string> = new Set(["eq", "in", "iexact", "endswith", "iendswith"]);

/** A text with the line breaks between which the index has each value. */
function onItsLine(operator: string, folded: string): string {
  const [start, end] = [FROM_START, TO_END].map((set) => (set.has(operator) ? "\n" : ""));
  return `${start}${folded}${end}`;
}

/** Whether a folded text has a part of three characters (code points), which the index needs. */
const isFindable = (folded: string) => [...folded].length >= MIN_WORD;

/** A text as FTS5 quotes it: in it, only the quote has a meaning. */
const phrase = (text: string) => `"${text.replaceAll('"', '""')}"`;

/**
 * The word of a row in `refs`, quoted. It has three characters, so that it is one entry of the index: the letter
 * of its kind, and the number of the row in two characters from U+4E00 on. The migrations write it so.
 */
function tokenOf({ letter, table }: Reference): SQL {
  const rowid = sql`${table}.rowid`;
  return sql`'"' || ${sql.raw(`'${letter}'`)} || char(19968 + ${rowid} / 20000, 19968 + ${rowid} % 20000) || '"'`;
}

function split(path: string): readonly [field: string, rest: string] {
  const dot = path.indexOf(".");
  return dot < 0 ? [path, ""] : [path.slice(0, dot), path.slice(dot + 1)];
}

const as = (expression: Expression, name: SQL) => sql`${expression} AS ${name}`;

const join = (parts: readonly SQL[]) => sql.join([...parts], sql`, `);

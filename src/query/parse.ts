import { andMore, MAX_ERRORS, shorten } from "../values/error-list.ts";
import { foldCase } from "../values/fold.ts";
import { parseDay, parseInstantOrDay } from "../values/instant.ts";
import { parseUuid } from "../values/uuid.ts";
import { type Position, readCursor } from "./cursor.ts";
import type { ReadModel } from "./read-model.ts";

/**
 * The type of the value that a filter compares with. `scalar` is a string or a number, as in `extra_fields`.
 */
export type ValueType =
  | "text"
  | "id"
  | "instant"
  | "day"
  | "integer"
  | "number"
  | "boolean"
  | "scalar";

/**
 * A value of a query, ready to bind: text and ids as text, instants in the stored form, booleans as 0 or 1.
 */
export type Value = string | number | Scalar;

/** A value for a field that holds strings or numbers: as text, and as a number if the text is one. */
export interface Scalar {
  readonly text: string;
  readonly number: number | undefined;
}

/** How many values an operator takes. `truth` is one boolean, whatever the type of the field. */
export type Arity = "one" | "two" | "many" | "truth";

/** The part of the operator table that parsing needs. */
export type OperatorShapes = ReadonlyMap<
  string,
  { readonly takes: Arity; readonly fits: readonly ValueType[] }
>;

/** The part of a model's field table that parsing needs. */
export interface Vocabulary {
  /**
   * The type of a path such as `name`, `projects.name` or `extra_fields.depth`; undefined for an unknown
   * path.
   */
  readonly filterType: (path: string) => ValueType | undefined;
  readonly filters: readonly string[];
  readonly sorts: readonly string[];
  readonly includes: readonly string[];
  readonly excludes: readonly string[];
  /** The fields in which `search=` looks; none when it is not offered. */
  readonly searched: readonly string[];
}

export interface FilterClause {
  readonly path: string;
  readonly operator: string;
  readonly negated: boolean;
  readonly values: readonly Value[];
}

export interface SortKey {
  readonly field: string;
  readonly descending: boolean;
}

/** Which optional parts of each object an answer includes, and which fields it leaves out. */
export interface Selection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /**
   * Set for a page that shows names: an included object has only its id and its name, and a reference is such an
   * object where the field offers it (see `Field.named`), or where this has the model of its record.
   */
  readonly names?: ReadonlyMap<string, ReadModel>;
}

export interface Query extends Selection {
  readonly filters: readonly FilterClause[];
  /** The words of a search, with their case folded; none without a search. */
  readonly words: readonly string[];
  readonly sort: readonly SortKey[];
  readonly limit: number;
  readonly offset: number;
  /** The position after which the page begins, in place of an offset (see `cursor.ts`). */
  readonly after?: Position;
}

/** Which parameters a route takes: those of a list, those of one object, or only `format`. */
export type QueryKind = "list" | "detail" | "none";

/** A query, or the sentences that say what is wrong with it and how to correct it. */
export type ParsedQuery =
  | { readonly query: Query; readonly faults: readonly [] }
  | { readonly query: undefined; readonly faults: readonly string[] };

export const LIMIT = { default: 20, most: 100 } as const;

/** The query of a request without parameters. */
export const NO_QUERY: Query = {
  filters: [],
  words: [],
  sort: [],
  include: [],
  exclude: [],
  limit: LIMIT.default,
  offset: 0,
};

/** The bounds of one query (contract, section 5). */
export const MAX = {
  filters: 10,
  values: 100,
  valueLength: 200,
  words: 10,
  sortKeys: 10,
  names: 100,
} as const;

/** The fewest characters (code points) of a text that an index of parts of three characters finds. */
export const MIN_WORD = 3;

const FILTER = /^filter\{(-?)([^{}]*)\}$/;

const PARAMETERS: Readonly<Record<QueryKind, readonly string[]>> = {
  list: [
    "filter{...}",
    "search",
    "sort[]",
    "include[]",
    "exclude[]",
    "only[]",
    "limit",
    "offset",
    "after",
    "format",
  ],
  detail: ["include[]", "exclude[]", "only[]", "format"],
  none: ["format"],
};

/** The first `MAX_ERRORS` sentences about a query, and how many there are in all. */
class Sentences {
  readonly #listed: string[] = [];
  size = 0;

  push(sentence: string): void {
    this.size += 1;
    if (this.size <= MAX_ERRORS) this.#listed.push(sentence);
  }

  toList(): readonly string[] {
    const rest = this.size - this.#listed.length;
    return rest === 0 ? this.#listed : [...this.#listed, andMore(rest)];
  }
}

/**
 * Reads a query string. The function is pure: all that it knows of the data is in the vocabulary and the
 * operators.
 */
export function parseQuery(
  parameters: URLSearchParams,
  kind: QueryKind,
  vocabulary: Vocabulary,
  operators: OperatorShapes,
): ParsedQuery {
  const faults = new Sentences();
  const clausesByText = new Map<string, FilterClause>();
  const known = PARAMETERS[kind].filter(
    (name) => name !== "search" || vocabulary.searched.length > 0,
  );
  for (const [name, texts] of valuesByName(parameters)) {
    const filter = FILTER.exec(name);
    if (filter !== null && kind === "list") {
      const clauses = parseFilter(name, filter, texts, vocabulary, operators);
      // A repeated filter counts once.
      if (Array.isArray(clauses))
        for (const each of clauses) clausesByText.set(JSON.stringify(each), each);
      else faults.push(`${shorten(name)}: ${clauses}`);
    } else if (name === "search" && kind === "list" && !known.includes(name)) {
      faults.push(withoutSearch(vocabulary));
    } else if (!known.includes(name)) {
      faults.push(
        `Unknown query parameter "${shorten(name)}". Parameters that this address takes: ${known.join(", ")}.`,
      );
    }
  }
  const filters = [...clausesByText.values()];
  if (filters.length > MAX.filters) {
    faults.push(`A query takes at most ${MAX.filters} filters, this one has ${filters.length}.`);
  }
  const words = known.includes("search") ? parseSearch(parameters.getAll("search"), faults) : [];
  const sort = parseSort(parameters.getAll("sort[]"), vocabulary.sorts, faults);
  const include = parseNames("include[]", parameters, vocabulary.includes, faults).map(withoutStar);
  const exclude = parseExclusion(parameters, vocabulary.excludes, faults);
  const limit = parseWhole("limit", parameters, LIMIT.default, faults);
  if (limit < 1 || limit > LIMIT.most) {
    faults.push(
      `limit: ensure this value is between 1 and ${LIMIT.most}; page on with "next" or "offset".`,
    );
  }
  const offset = parseWhole("offset", parameters, 0, faults);
  const after = parseAfter(parameters, faults);
  checkFormat(parameters, faults);
  if (faults.size > 0) return { query: undefined, faults: faults.toList() };
  const query = { filters, words, sort, include, exclude, limit, offset };
  return { query: after === undefined ? query : { ...query, after }, faults: [] };
}

/**
 * The values of each parameter, collected in one pass. A look-up by name would scan all parameters each time.
 */
function valuesByName(parameters: URLSearchParams): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of parameters) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}

function parseFilter(
  name: string,
  [, sign, inner = ""]: RegExpExecArray,
  texts: readonly string[],
  vocabulary: Vocabulary,
  operators: OperatorShapes,
): FilterClause[] | string {
  const target = resolveFilter(inner, vocabulary, operators);
  if (typeof target === "string") return target;
  const { path, operator, type } = target;
  const shape = operators.get(operator);
  if (shape === undefined || !shape.fits.includes(type)) {
    return `the operator "${operator}" does not fit ${shorten(path)}, which is ${TYPE_NAMES[type]}. ${fitting(path, type, operators)}`;
  }
  const lists = shape.takes === "many" || shape.takes === "two" ? [texts] : texts.map((t) => [t]);
  if (shape.takes === "two" && texts.length !== 2) {
    return `"range" takes two values: give ${name} twice, the lower bound first.`;
  }
  if (shape.takes === "many" && texts.length > MAX.values) {
    return `takes at most ${MAX.values} values, and ${texts.length} are given.`;
  }
  const clauses: FilterClause[] = [];
  for (const list of lists) {
    const values = parseValues(list, shape.takes === "truth" ? "boolean" : type);
    if (typeof values === "string") return values;
    clauses.push({ path, operator, negated: sign === "-", values });
  }
  return clauses;
}

/** Splits `name.icontains` into its path and its operator. The longest path that exists wins. */
function resolveFilter(
  inner: string,
  vocabulary: Vocabulary,
  operators: OperatorShapes,
): { path: string; operator: string; type: ValueType } | string {
  const whole = vocabulary.filterType(inner);
  if (whole !== undefined) return { path: inner, operator: "eq", type: whole };
  const dot = inner.lastIndexOf(".");
  const path = inner.slice(0, Math.max(dot, 0));
  const operator = inner.slice(dot + 1);
  const type = vocabulary.filterType(path);
  if (type === undefined) {
    return `unknown field "${shorten(operators.has(operator) && dot > 0 ? path : inner)}". Fields that can be filtered: ${vocabulary.filters.join(", ")}.`;
  }
  if (!operators.has(operator)) {
    return `${unknownStep(path, operator, vocabulary)}. ${fitting(path, type, operators)}`;
  }
  return { path, operator, type };
}

/** The message for the last part of a path that is neither an operator nor a field of the related record. */
function unknownStep(path: string, step: string, { filters }: Vocabulary): string {
  const further = filters.filter((name) => name.startsWith(`${path}.`));
  return further.length === 0
    ? `unknown operator "${shorten(step)}"`
    : `"${shorten(step)}" is neither an operator nor a field of ${shorten(path)} that can be filtered (${further.join(", ")})`;
}

function fitting(path: string, type: ValueType, operators: OperatorShapes): string {
  const names = [...operators].filter(([, { fits }]) => fits.includes(type)).map(([name]) => name);
  return `Operators that fit ${shorten(path)}: ${names.join(", ")}.`;
}

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  text: "text",
  id: "an id",
  instant: "a date-time",
  day: "a day",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  scalar: "text or a number",
};

const VALUE_FORMS: Readonly<Record<ValueType, string>> = {
  text: "text without null characters",
  id: "a UUID such as 1a827c68-19b4-4cec-8ae5-e13c8f1de900",
  instant: "a day (2023-03-20) or a date-time (2023-03-20T15:30:00Z)",
  day: "a day (2023-03-20)",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  scalar: "text without null characters",
};

function parseValues(texts: readonly string[], type: ValueType): Value[] | string {
  const values: Value[] = [];
  for (const text of texts) {
    if (text.length > MAX.valueLength && [...text].length > MAX.valueLength) {
      return `a value has at most ${MAX.valueLength} characters, and "${shorten(text)}" has more.`;
    }
    const value = VALUE_PARSERS[type](text);
    if (value === undefined) {
      return `"${shorten(text)}" is not a valid value: it takes ${VALUE_FORMS[type]}.`;
    }
    values.push(value);
  }
  return values;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const VALUE_PARSERS: Readonly<Record<ValueType, (text: string) => Value | undefined>> = {
  text: plainText,
  id: parseUuid,
  // A "+" that was not percent-encoded arrives as a space.
  instant: (text) => parseInstantOrDay(text.replace(/ (?=\d\d(:?\d\d)?$)/, "+")),
  day: parseDay,
  integer: (text) => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined),
  number: parseNumber,
  boolean: (text) => TRUTHS.get(text.toLowerCase()),
  scalar: (text) => {
    const plain = plainText(text);
    return plain === undefined ? undefined : { text: plain, number: parseNumber(text) };
  },
};

const TRUTHS: ReadonlyMap<string, number> = new Map([
  ["true", 1],
  ["1", 1],
  ["false", 0],
  ["0", 0],
]);

/** No stored text contains a null character, and SQLite's functions stop reading at one. */
function plainText(text: string): string | undefined {
  return text.includes("\0") ? undefined : text;
}

function parseNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** What to say to a search of records that are not offered to it: they can be far too many to look through. */
function withoutSearch({ filters }: Vocabulary): string {
  const instead = filters.includes("session")
    ? "Search the sessions, and list the records of one with filter{session}."
    : `Filter by one of ${filters.join(", ")}.`;
  return `search: is not offered for these records. ${instead}`;
}

/**
 * The words of `search=`, folded, each once. Words that are too short to be found are left aside when there is
 * a longer one. An empty search is none, because a form sends it so.
 */
function parseSearch(texts: readonly string[], faults: Sentences): readonly string[] {
  const [text = ""] = texts;
  if (texts.length > 1) {
    faults.push("search: give it once; records are found in which all of its words occur.");
    return [];
  }
  if (text.length > MAX.valueLength && [...text].length > MAX.valueLength) {
    faults.push(`search: takes at most ${MAX.valueLength} characters.`);
    return [];
  }
  if (plainText(text) === undefined) {
    faults.push("search: takes text without null characters.");
    return [];
  }
  const all = foldCase(text)
    .split(/\s+/)
    .filter((word) => word !== "");
  const words = [...new Set(all)].filter((word) => [...word].length >= MIN_WORD);
  if (all.length > 0 && words.length === 0) {
    faults.push(
      `search: "${shorten(text)}" has no word of ${MIN_WORD} or more characters: shorter words are not found.`,
    );
  }
  if (words.length > MAX.words) {
    faults.push(`search: takes at most ${MAX.words} words, and ${words.length} are given.`);
  }
  return words;
}

function parseSort(
  texts: readonly string[],
  known: readonly string[],
  faults: Sentences,
): readonly SortKey[] {
  if (texts.length > MAX.sortKeys) faults.push(`sort[]: takes at most ${MAX.sortKeys} keys.`);
  return texts.map((text) => {
    const descending = text.startsWith("-");
    const field = descending ? text.slice(1) : text;
    if (!known.includes(field)) {
      faults.push(
        `sort[]: unknown sort key "${shorten(text)}". Keys that sort: ${known.join(", ")}.`,
      );
    }
    return { field, descending };
  });
}

/** `include[]` accepts `projects` and `projects.*`. */
function withoutStar(name: string): string {
  return name.endsWith(".*") ? name.slice(0, -2) : name;
}

/** The fields to leave out: those of `exclude[]`, or all but those of `only[]` and the id. */
function parseExclusion(
  parameters: URLSearchParams,
  known: readonly string[],
  faults: Sentences,
): readonly string[] {
  const exclude = parseNames("exclude[]", parameters, known, faults);
  const only = parseNames("only[]", parameters, ["id", ...known], faults);
  if (only.length === 0) return exclude;
  if (exclude.length > 0) {
    faults.push("only[]: does not go together with exclude[]. Give one of them.");
  }
  return known.filter((name) => !only.includes(name));
}

const VERBS = { "include[]": "included", "exclude[]": "excluded", "only[]": "shown" } as const;

function parseNames(
  parameter: keyof typeof VERBS,
  parameters: URLSearchParams,
  known: readonly string[],
  faults: Sentences,
): readonly string[] {
  const texts = parameters.getAll(parameter);
  if (texts.length > MAX.names) faults.push(`${parameter}: takes at most ${MAX.names} names.`);
  for (const text of texts) {
    if (known.includes(parameter === "include[]" ? withoutStar(text) : text)) continue;
    const fields = known.length > 0 ? known.join(", ") : "none here";
    faults.push(
      `${parameter}: unknown name "${shorten(text)}". Fields that can be ${VERBS[parameter]}: ${fields}.`,
    );
  }
  return [...new Set(texts)];
}

function parseWhole(
  name: "limit" | "offset",
  parameters: URLSearchParams,
  absent: number,
  faults: Sentences,
): number {
  const texts = parameters.getAll(name);
  const [text] = texts;
  if (text === undefined) return absent;
  if (texts.length === 1 && /^\d{1,15}$/.test(text)) return Number(text);
  faults.push(
    texts.length > 1
      ? `${name}: give it once.`
      : `${name}: "${shorten(text)}" is not a whole number.`,
  );
  return absent;
}

/** The position in the parameter `after`, which belongs to one order of the list. */
function parseAfter(parameters: URLSearchParams, faults: Sentences): Position | undefined {
  const texts = parameters.getAll("after");
  const [text] = texts;
  if (text === undefined) return undefined;
  if (texts.length > 1) {
    faults.push("after: give it once.");
  } else if (parameters.has("offset")) {
    faults.push("after: takes the place of offset, give one of them.");
  } else {
    const cursor = readCursor(text);
    if (cursor === undefined) {
      faults.push(
        `after: "${shorten(text)}" is not a cursor: take meta.cursor of the page before.`,
      );
    } else if (cursor.sort !== sortText(parameters)) {
      faults.push("after: this cursor belongs to a list with another sort[] or search.");
    } else {
      return cursor.position;
    }
  }
  return undefined;
}

/** The order of a list, as its cursors name it: a search without `sort[]` has an order of its own. */
export function sortText(parameters: URLSearchParams): string {
  const sort = parameters.getAll("sort[]").join(",");
  const isSearch = (parameters.get("search") ?? "") !== "";
  return isSearch ? `search ${sort}` : sort;
}

function checkFormat(parameters: URLSearchParams, faults: Sentences): void {
  for (const format of parameters.getAll("format")) {
    if (format !== "json")
      faults.push(`format: "${shorten(format)}" is not offered; answers are json.`);
  }
}

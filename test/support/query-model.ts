import fc from "fast-check";
import { OPERATORS } from "../../src/query/operators.ts";
import type { ValueType, Vocabulary } from "../../src/query/parse.ts";

// The contract's query language, said a second time over plain lists: what a query must find, in what
// order, and how the answer reads. It takes from the code under test the names alone, of fields and
// operators, so that none can be left out; what they mean is said here.

/** A value as the model holds it: an instant in microseconds since 1970, true and false as 1 and 0. */
export type Plain = string | number | null;

/** A value as a query writes it, and what it means. */
export interface Term {
  readonly text: string;
  readonly value: string | number;
}

export interface AskedFilter {
  readonly path: string;
  readonly type: ValueType;
  readonly operator: string;
  readonly negated: boolean;
  readonly terms: readonly Term[];
}

export interface AskedQuery {
  readonly filters: readonly AskedFilter[];
  /** The text of `search`. It comes with a sort: which match is better is not the model's to say. */
  readonly search: string | undefined;
  readonly sort: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

/** What must be known of a model to say what a query answers. */
export interface Model<Row, Caller> {
  readonly listName: string;
  readonly vocabulary: Vocabulary;
  /** Keys to be asked for where a path ends in `<key>`. */
  readonly keys: readonly string[];
  readonly isVisible: (row: Row, caller: Caller) => boolean;
  /** What a path compares with: the values of all related records, or the one of the row itself. */
  readonly valuesAt: (row: Row, path: string, caller: Caller) => readonly Plain[];
  /** The texts in which a search looks, for a model that offers one. */
  readonly searched?: (row: Row, caller: Caller) => readonly string[];
  /** The object as it is shown, its keys in their order. */
  readonly show: (row: Row, caller: Caller, include: readonly string[]) => Record<string, unknown>;
  /** The keys that are compared of an object that stands in the place of an id. */
  readonly comparedOf: Readonly<Record<string, readonly string[]>>;
  readonly defaultSort: readonly string[];
}

/** The answer to a query, its `next` and `previous` as parameters. */
export function answerOf<Row, Caller>(
  model: Model<Row, Caller>,
  rows: readonly Row[],
  caller: Caller,
  query: AskedQuery,
): Record<string, unknown> {
  const found = findRows(model, rows, caller, query);
  const { limit = 20, offset = 0, include, exclude } = query;
  const shown = found.slice(offset, offset + limit).map((row) => {
    const entries = Object.entries(model.show(row, caller, include));
    return Object.fromEntries(entries.filter(([key]) => !exclude.includes(key)));
  });
  const page = (at: number) => readParameters(searchOf({ ...query, limit, offset: at }));
  return {
    [model.listName]: shown,
    count: found.length,
    next: offset + limit < found.length ? page(offset + limit) : null,
    previous: offset > 0 ? page(Math.max(0, offset - limit)) : null,
    meta: {
      page: Math.floor(offset / limit) + 1,
      per_page: limit,
      total_results: found.length,
      total_pages: Math.ceil(found.length / limit),
      cursor: offset + limit < found.length,
    },
  };
}

/** An answer of the Worker in the form of the model's: of the cursor, whether there is one. */
export function readAnswer<Row, Caller>(
  { listName, comparedOf }: Model<Row, Caller>,
  body: Record<string, unknown>,
): Record<string, unknown> {
  const rows = body[listName] as Record<string, unknown>[];
  const shown = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key, onlyKeys(value, comparedOf[key] ?? [])]),
    ),
  );
  const page = (address: unknown) =>
    typeof address === "string" ? readParameters(new URL(address).searchParams) : address;
  const meta = body.meta as Record<string, unknown>;
  return {
    ...body,
    [listName]: shown,
    meta: { ...meta, cursor: meta.cursor !== null },
    next: page(body.next),
    previous: page(body.previous),
  };
}

/** Whole objects, alone or in a list, with no more than some of their keys; anything else as it is. */
function onlyKeys(value: unknown, keys: readonly string[]): unknown {
  if (keys.length === 0 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => onlyKeys(item, keys));
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));
}

/** All rows that a query finds, in its order, whatever page it asks for. */
export function findRows<Row, Caller>(
  model: Model<Row, Caller>,
  rows: readonly Row[],
  caller: Caller,
  { filters, search = "", sort }: Pick<AskedQuery, "filters" | "sort"> & Partial<AskedQuery>,
): readonly Row[] {
  const asked = sort.length > 0 ? sort : model.defaultSort;
  // The id breaks ties in the direction of the key before it.
  const keys = [...asked, asked.at(-1)?.startsWith("-") ? "-id" : "id"];
  const sortValue = (row: Row, key: string) => model.valuesAt(row, key, caller)[0] ?? null;
  return rows
    .filter((row) => model.isVisible(row, caller))
    .filter((row) => filters.every((filter) => holds(model, row, caller, filter)))
    .filter((row) => wordsOf(search).every((word) => occurs(model, row, caller, word)))
    .toSorted((one, other) => {
      for (const key of keys) {
        const field = key.replace("-", "");
        const order = comparePlain(sortValue(one, field), sortValue(other, field));
        if (order !== 0) return key.startsWith("-") ? -order : order;
      }
      return 0;
    });
}

/** The words of a search that count: those of three and more characters, their case folded. */
const wordsOf = (search: string) =>
  fold(search)
    .split(/\s+/)
    .filter((word) => [...word].length >= 3);

function occurs<Row, Caller>(
  { searched }: Model<Row, Caller>,
  row: Row,
  caller: Caller,
  word: string,
): boolean {
  return (searched?.(row, caller) ?? []).some((text) => fold(text).includes(word));
}

function holds<Row, Caller>(
  model: Model<Row, Caller>,
  row: Row,
  caller: Caller,
  { path, type, operator, negated, terms }: AskedFilter,
): boolean {
  const values = model.valuesAt(row, path, caller).filter((value) => value !== null);
  const found =
    operator === "isnull"
      ? (values.length === 0) === (terms[0]?.value === 1)
      : values.some((value) => matches(type, operator, value, terms));
  return found !== negated;
}

function matches(
  type: ValueType,
  operator: string,
  value: string | number,
  terms: readonly Term[],
): boolean {
  const [term, last] = terms;
  if (term === undefined) return false;
  if (operator === "eq" || operator === "in") return terms.some((one) => equals(type, value, one));
  if (operator === "range") {
    return ordered(type, value, term) >= 0 && last !== undefined && ordered(type, value, last) <= 0;
  }
  if (operator in ORDERS) return ORDERS[operator]?.(ordered(type, value, term)) ?? false;
  if (typeof value !== "string") return false;
  const folded = operator.startsWith("i");
  const test = TEXT_TESTS[folded ? operator.slice(1) : operator];
  if (test === undefined) throw new Error(`the model does not know ${operator}`);
  return folded ? test(fold(value), fold(term.text)) : test(value, term.text);
}

const ORDERS: Readonly<Record<string, (order: number) => boolean>> = {
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
};

const TEXT_TESTS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  exact: (text, part) => text === part,
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
};

/** What holds text or numbers is equal to a value that reads as either. */
function equals(type: ValueType, value: string | number, term: Term): boolean {
  if (type !== "scalar") return value === term.value;
  return typeof value === "string" ? value === term.text : value === term.value;
}

/** Not a number where the two do not compare: a number with text. */
function ordered(type: ValueType, value: string | number, term: Term): number {
  if (type === "scalar" && typeof value !== typeof term.value) return Number.NaN;
  return comparePlain(value, term.value);
}

/** Nulls first, numbers by size, text by code point. */
function comparePlain(one: Plain, other: Plain): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  if (typeof one === "number" && typeof other === "number") return Math.sign(one - other);
  const [left, right] = [[...String(one)], [...String(other)]];
  for (const [index, character] of left.entries()) {
    const difference = (character.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? -1);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(left.length - right.length);
}

/** Character by character, so that nothing depends on what stands beside it. */
function fold(text: string): string {
  const one = (character: string) =>
    character === "ı" ? character : character.toLowerCase().toUpperCase();
  // Upper case of a single letter may be several, each of which has its own lower case.
  return [...text].flatMap((character) => [...one(character)].map((c) => c.toLowerCase())).join("");
}

/** The query as it is sent. */
export function searchOf(query: AskedQuery): URLSearchParams {
  const search = new URLSearchParams();
  for (const { path, operator, negated, terms } of query.filters) {
    const name = `filter{${negated ? "-" : ""}${path}${operator === "eq" ? "" : `.${operator}`}}`;
    for (const { text } of terms) search.append(name, text);
  }
  if (query.search !== undefined) search.append("search", query.search);
  for (const key of query.sort) search.append("sort[]", key);
  for (const name of query.include) search.append("include[]", name);
  for (const name of query.exclude) search.append("exclude[]", name);
  if (query.limit !== undefined) search.append("limit", String(query.limit));
  if (query.offset !== undefined) search.append("offset", String(query.offset));
  return search;
}

/** Parameters as a list that can be compared: the order of different ones does not matter. */
export function readParameters(search: URLSearchParams): readonly (readonly [string, string])[] {
  return [...search].toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
}

/** The texts of the tests: cases of many scripts, what SQL or a URL could take for its own, and ties. */
const ALPHABET = [
  ..."aAbB01.-%_'\"\\{}&=+?* \n",
  ..."åÅéßẞsSſςσΣİIiıﬁfFKkΩω",
  ..."ꭰᎠǆǅǄＡ中",
  "\u0301",
  "🐀",
  "𐐀",
  "𐐨",
];

export const arbitraryText = (maxLength = 4) =>
  fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength });

/** Queries of every kind that the model's model takes, about values that its rows have or nearly have. */
export function arbitraryQuery<Row, Caller>(
  model: Model<Row, Caller>,
  rows: readonly Row[],
  operator: Caller,
  mostRows: number,
): fc.Arbitrary<AskedQuery> {
  const { sorts, includes, excludes } = model.vocabulary;
  const some = (names: readonly string[], most: number) =>
    fc.subarray([...names], { maxLength: Math.min(most, names.length) });
  const sortKey = fc
    .tuple(fc.constantFrom(...sorts), fc.boolean())
    .map(([name, descending]) => (descending ? `-${name}` : name));
  const offset = fc.nat(mostRows + 2);
  const search = arbitrarySearch(model, rows, operator);
  const query = fc.record({
    search,
    filters: distinct(arbitraryFilter(model, rows, operator)),
    sort: fc.array(sortKey, { maxLength: 3 }),
    include: some(includes, 2),
    exclude: some(excludes, 3),
    limit: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    offset: fc.option(offset, { nil: undefined }),
  });
  return query.map((asked) =>
    asked.search === undefined || asked.sort.length > 0
      ? asked
      : { ...asked, sort: model.defaultSort },
  );
}

/** One or two words that some rows have, in either case, and now and then a short one beside them. */
function arbitrarySearch<Row, Caller>(
  { searched }: Model<Row, Caller>,
  rows: readonly Row[],
  caller: Caller,
): fc.Arbitrary<string | undefined> {
  if (searched === undefined) return fc.constant(undefined);
  const words = [
    ...new Set(rows.flatMap((row) => searched(row, caller).flatMap((text) => text.split(/\s+/)))),
  ].filter((word) => [...word].length >= 3);
  const part = fc
    .tuple(fc.constantFrom("nowhere", ...words), fc.nat(2), fc.integer({ min: 3, max: 6 }))
    .map(([word, from, length]) => [...word].slice(from, from + length).join(""))
    .filter((word) => [...word].length >= 3);
  const turned = fc
    .tuple(part, fc.boolean())
    .map(([word, upper]) => (upper ? word.toUpperCase() : word.toLowerCase()));
  const texts = fc
    .tuple(turned, fc.constantFrom("", " x", "\n", " nowhere"), fc.option(turned, { freq: 1 }))
    .map(([word, between, other]) => (other === null ? word : `${word}${between} ${other}`));
  return fc.option(texts, { nil: undefined, freq: 1 });
}

/** A parameter given again is another value of `in` and `range`: here each filter is given once. */
const distinct = (filter: fc.Arbitrary<AskedFilter>) =>
  fc.uniqueArray(filter, {
    maxLength: 3,
    selector: ({ path, operator, negated }) => `${path} ${operator} ${negated}`,
  });

function arbitraryFilter<Row, Caller>(
  model: Model<Row, Caller>,
  rows: readonly Row[],
  caller: Caller,
): fc.Arbitrary<AskedFilter> {
  const { filters } = model.vocabulary;
  const paths = filters.flatMap((path) =>
    path.endsWith("<key>") ? model.keys.map((key) => path.replace("<key>", key)) : [path],
  );
  return fc.oneof(...paths.map((path) => arbitraryFilterOn(model, path, rows, caller)));
}

function arbitraryFilterOn<Row, Caller>(
  model: Model<Row, Caller>,
  path: string,
  rows: readonly Row[],
  caller: Caller,
): fc.Arbitrary<AskedFilter> {
  const type = model.vocabulary.filterType(path);
  if (type === undefined) throw new Error(`${path} has no type`);
  const stored = [...new Set(rows.flatMap((row) => model.valuesAt(row, path, caller)))];
  const fitting = [...OPERATORS].filter(([, { fits }]) => fits.includes(type));
  const filters = fitting.map(([operator, { takes }]) =>
    fc.record({
      path: fc.constant(path),
      type: fc.constant(type),
      operator: fc.constant(operator),
      negated: fc.boolean(),
      terms: arbitraryTerms(takes, type, stored),
    }),
  );
  return fc.oneof(...filters);
}

function arbitraryTerms(
  takes: "one" | "two" | "many" | "truth",
  type: ValueType,
  stored: readonly Plain[],
): fc.Arbitrary<readonly Term[]> {
  if (takes === "truth") return fc.tuple(truthTerm);
  const term = TERMS[type](stored.filter((value) => value !== null));
  const [minLength, maxLength] = { one: [1, 1], two: [2, 2], many: [1, 4] }[takes] as [
    number,
    number,
  ];
  return fc.array(term, { minLength, maxLength });
}

const truthTerm: fc.Arbitrary<Term> = fc.constantFrom(
  { text: "true", value: 1 },
  { text: "1", value: 1 },
  { text: "False", value: 0 },
  { text: "0", value: 0 },
);

type Stored = readonly (string | number)[];

const oneOf = <Value extends string | number>(stored: Stored, other: fc.Arbitrary<Value>) =>
  stored.length === 0
    ? other
    : fc.oneof({ arbitrary: fc.constantFrom(...(stored as Value[])), weight: 4 }, other);

const TERMS: Readonly<Record<ValueType, (stored: Stored) => fc.Arbitrary<Term>>> = {
  text: (stored) => textLike(stored).map((text) => ({ text, value: text })),
  id: (stored) =>
    fc
      .tuple(oneOf(stored, fc.uuid()), fc.boolean())
      .map(([id, upper]) => ({ text: upper ? id.toUpperCase() : id, value: id })),
  instant: (stored) =>
    fc
      .tuple(oneOf(stored, arbitraryInstant), fc.constantFrom(-1, 0, 0, 1), instantForm)
      .map(([instant, shift, form]) => form(instant + shift)),
  day: (stored) =>
    oneOf(
      stored,
      fc
        .date({ min: new Date(0), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    ).map((value) => ({ text: String(value), value })),
  integer: (stored) =>
    oneOf(stored, fc.integer({ min: -2, max: 5 })).map((value) => ({
      text: String(value),
      value,
    })),
  number: (stored) => oneOf(stored, arbitraryNumber).map((value) => ({ text: `${value}`, value })),
  boolean: () => truthTerm,
  scalar: (stored) =>
    fc.oneof(
      textLike(stored.map(String)).map(scalarTerm),
      oneOf(
        stored.filter((value) => typeof value === "number"),
        arbitraryNumber,
      ).chain((value) => fc.constantFrom(String(value), value.toExponential()).map(scalarTerm)),
    ),
};

/** A stored text, a part of one, one in another case, or another. */
function textLike(stored: Stored): fc.Arbitrary<string> {
  const whole = oneOf(stored, arbitraryText()).map(String);
  const part = fc
    .tuple(whole, fc.nat(3), fc.nat(6))
    .map(([text, from, length]) => [...text].slice(from, from + length).join(""));
  const turned = fc
    .tuple(fc.oneof(whole, part), fc.boolean())
    .map(([text, upper]) => (upper ? text.toUpperCase() : text.toLowerCase()));
  return fc.oneof(whole, part, turned, arbitraryText(2));
}

function scalarTerm(text: string): Term {
  const number = /^[\s]|[\s]$|^$/.test(text) ? Number.NaN : Number(text);
  return { text, value: Number.isFinite(number) ? number : text };
}

export const arbitraryNumber = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
);

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;

/** Few days and few times of them, so that instants meet. */
export const arbitraryInstant = fc
  .tuple(
    fc.integer({ min: 19_430, max: 19_433 }),
    fc.constantFrom(0, 1, 250_000, 12 * 3600 * SECOND, 12 * 3600 * SECOND + 1, DAY - 1),
  )
  .map(([day, time]) => day * DAY + time);

/** `2023-03-20T15:30:00[.000001]`, without a zone. */
export function writeInstant(microseconds: number): string {
  const seconds = Math.floor(microseconds / SECOND);
  const rest = microseconds - seconds * SECOND;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return rest === 0 ? text : `${text}.${String(rest).padStart(6, "0")}`;
}

/** The ways in which an instant may be written; a bare day stands for its start. */
const instantForm = fc.constantFrom<(instant: number) => Term>(
  (value) => ({ text: writeInstant(value), value }),
  (value) => ({ text: `${writeInstant(value)}Z`, value }),
  (value) => ({ text: `${writeInstant(value + 2 * 3600 * SECOND)}+02:00`, value }),
  (value) => ({ text: `${writeInstant(value - 5.5 * 3600 * SECOND)}-0530`, value }),
  (value) => ({ text: writeInstant(value).slice(0, 10), value: Math.floor(value / DAY) * DAY }),
);

import { type SQL, sql } from "drizzle-orm";
import type { Caller } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { renderOnce } from "../db/render.ts";
import { balanced } from "./balanced.ts";
import {
  costOf,
  filterConditions,
  findNarrowing,
  findRange,
  isExact,
  isHeavy,
  isScoped,
  type Narrowing,
  rowIsSeen,
  seenScopes,
  wordConditions,
  wordOccursIn,
} from "./conditions.ts";
import {
  isAfter,
  type OrderKey,
  orderBy,
  positionJson,
  rangesAfter,
  reversed,
  sortKeysOf,
} from "./order.ts";
import type { FilterClause, Query } from "./parse.ts";
import {
  type BlockList,
  DEFAULT_ORDER,
  findFilter,
  MAX_IN_BLOCK,
  type OrderIndexes,
  ownField,
  type ReadModel,
  type Scope,
  type SearchIndex,
  vocabularyOf,
} from "./read-model.ts";
import {
  asksIndex,
  bestRows,
  isAnswered,
  MAX_COMPARED,
  MAX_RESULTS,
  matchingRows,
  matchTable,
  rowAtPlace,
} from "./search.ts";

// How the rows of a page are found, and counted. Each way ends in two common tables: `totals(count, refused)`
// with one row, and `page(list)`, the rowids of the page as one JSON list in order. The list has one rowid
// more than the page when rows follow it.

/** How many filters of one request may each read all records that are related to the rows. */
const MOST_HEAVY = { stranger: 1, known: 3 };

/** The filters of a request that each read a lot, when they are too many for the caller. */
function tooManyHeavy(model: ReadModel, caller: Caller, { filters }: Query) {
  const heavy = filters.filter((clause) => isHeavy(model, clause));
  const most = caller.kind === "public" ? MOST_HEAVY.stranger : MOST_HEAVY.known;
  return caller.kind === "operator" || heavy.length <= most ? [] : heavy;
}

/** How the rows of a list are found. */
export interface FoundRows {
  /** The common tables, with `totals` and `page`. */
  readonly tables: SQL;
  /** The position of a row of the page, for a cursor: an expression beside the row, `objects` and `page`. */
  readonly position: SQL;
}

export function findRows(model: ReadModel, caller: Caller, query: Query): FoundRows {
  const { scope, search } = model;
  const { filters, words, sort } = query;
  const index = search?.index;
  if (index !== undefined && words.length > 0 && sort.length === 0) {
    if (filters.every((clause) => isAnswered(index, clause))) {
      return bestMatches(model, index, caller, query);
    }
  }
  const keys = [...bestFirst(model, caller, query), ...sortKeysOf(model, sort)];
  const tables = (): SQL => {
    const others = filters.filter((clause) => !isScoped(model, clause));
    if (others.length > 0 || words.length > 0) return byScan(model, caller, query, keys);
    if (scope === undefined) return withoutScopes(model, caller, query, keys);
    const order = orderOf(scope, query);
    if (order !== undefined) return inOrder({ model, scope, caller, query, keys, order });
    return isIndexed(scope, query)
      ? byScan(model, caller, query, keys)
      : sortFew(model, scope, caller, query, keys);
  };
  return { tables: tables(), position: positionJson(keys) };
}

/** The first key of a search without an index: rows with all words in the first field, the name, come first. */
function bestFirst(model: ReadModel, caller: Caller, { words, sort }: Query): readonly OrderKey[] {
  const [name] = model.search?.fields ?? [];
  if (name === undefined || words.length === 0 || sort.length > 0) return [];
  const occur = words.map((word) => wordOccursIn(model, caller, name, word));
  return [{ key: sql`(${sql.join(occur, sql` AND `)})`, descending: true }];
}

/**
 * The results of a search through its index, the best match first. They are stepped over once, as a list of
 * places, and counted up to a bound. A cursor has the place of its row, and the count, so that the pages that
 * follow step over their own rows only.
 */
function bestMatches(
  model: ReadModel,
  index: SearchIndex,
  caller: Caller,
  query: Query,
): FoundRows {
  const { scope, table } = model;
  const { after, limit, offset, words } = query;
  const [place, count] = (after ?? []).map((value) => (typeof value === "number" ? value : 0));
  const most = after === undefined ? MAX_RESULTS : limit;
  const counted =
    after === undefined
      ? sql`min(json_array_length(list), ${MAX_RESULTS})`
      : sql`CAST(${count ?? 0} AS INTEGER)`;
  const isAtLeast =
    after === undefined
      ? sql`json_array_length(list) > ${MAX_RESULTS}`
      : sql`${count ?? 0} >= ${MAX_RESULTS}`;
  const isSeen =
    scope === undefined ? model.readable(caller) : rowIsSeen(model, scope, caller, query.filters);
  // Whether the caller may see a row is decided in the index, and once more on the rows of the page.
  const tables = sql`${matchTable(index, caller, query)},
    hits AS MATERIALIZED (SELECT json_group_array(place) AS list FROM (
      SELECT place FROM (${bestRows(index, words, place)}) LIMIT 0 + ${most + 1})),
    totals AS MATERIALIZED (
      SELECT ${counted} AS count, ${isAtLeast} AS "isAtLeast", NULL AS refused FROM hits),
    slice(at) AS (SELECT CAST(${offset} AS INTEGER)
      UNION ALL SELECT at + 1 FROM slice WHERE at < ${offset + limit} AND at + 1 < ${MAX_RESULTS}),
    shown AS MATERIALIZED (SELECT hits.list ->> slice.at AS place FROM hits CROSS JOIN slice
      CROSS JOIN ${table} ON ${table}.rowid = ${rowAtPlace(sql`(hits.list ->> slice.at)`)}
      WHERE slice.at < ${MAX_RESULTS} AND ${isSeen} ORDER BY slice.at),
    page AS MATERIALIZED (
      SELECT json_group_array(${rowAtPlace(sql`place`)}) AS list, json_group_array(place) AS places FROM shown)`;
  return {
    tables,
    position: sql`json_array(page.places ->> (objects.place + 1), (SELECT count FROM totals))`,
  };
}

/** The most rows that a list sorts by a key without an index when no filter asks for fewer. */
const MOST_SORTED = 1_000;

/** The rows that the caller may see, sorted by a key without an index. Where there are many, that is refused. */
function sortFew(
  model: ReadModel,
  scope: Scope,
  caller: Caller,
  query: Query,
  keys: readonly OrderKey[],
): SQL {
  const { table } = model;
  const seen = seenScopes(model, scope, caller, query.filters);
  const most = caller.kind === "operator" ? Number.MAX_SAFE_INTEGER : MOST_SORTED;
  const after = query.after === undefined ? sql`` : sql`AND ${isAfter(keys, query.after)}`;
  return sql`totals AS MATERIALIZED (
      SELECT coalesce(sum(rows), 0) AS count, 0 AS "isAtLeast",
        CASE WHEN sum(rows) > ${most} THEN sum(rows) END AS refused
      FROM (${seen})),
    ${pageOf(sql`SELECT ${table}.rowid AS page_row FROM ${table}
      WHERE ${scope.ofRow} IN (SELECT id FROM (${seen})) ${after} ORDER BY ${orderBy(keys)}
      LIMIT (SELECT CASE WHEN refused IS NULL THEN ${query.limit + 1} ELSE 0 END FROM totals)
      OFFSET ${query.offset}`)}`;
}

/** A list of a model without scopes: each caller sees few of these records, or all callers see all. */
function withoutScopes(
  model: ReadModel,
  caller: Caller,
  query: Query,
  keys: readonly OrderKey[],
): SQL {
  const { table } = model;
  const visible = model.visible?.(caller) ?? sql`1`;
  const after = query.after === undefined ? sql`` : sql`AND ${isAfter(keys, query.after)}`;
  return sql`totals AS MATERIALIZED (
      SELECT count(*) AS count, 0 AS "isAtLeast", NULL AS refused FROM ${table} WHERE ${visible}),
    ${pageOf(sql`SELECT ${table}.rowid AS page_row FROM ${table} WHERE ${visible} ${after}
      ORDER BY ${orderBy(keys)} LIMIT ${pageAndOne(query)} OFFSET ${query.offset}`)}`;
}

/** The indexes that give the order of a query: those of its only sort key, or of the default order. */
function orderOf(scope: Scope, query: Query): OrderIndexes | undefined {
  return query.sort.length > 1 || !isIndexed(scope, query)
    ? undefined
    : scope.orders[query.sort[0]?.field ?? DEFAULT_ORDER];
}

/** Whether an index sorts by the first sort key of a query. */
function isIndexed({ orders }: Scope, { sort: [first] }: Query): boolean {
  return Object.hasOwn(orders, first?.field ?? DEFAULT_ORDER);
}

/** A list of which an index gives the rows in their order. */
interface Ordered {
  readonly model: ReadModel;
  readonly scope: Scope;
  readonly caller: Caller;
  readonly query: Query;
  readonly keys: readonly OrderKey[];
  readonly order: OrderIndexes;
}

/**
 * A caller who sees a large part of all rows walks over an index of all rows: at least one in this many must
 * be visible.
 */
const WALKED_FOR_ONE = 25;

/** How many rows such a walk passes at most for each row that it looks for. A walk that finds too few ends. */
const MOST_WALKED = 30;

/**
 * Rows in the order of an index, without a scan. The counters of the scopes give the count. There are two
 * ways to the rows, and only the database knows which one reads less, so the statement contains both, one of
 * them with a limit of 0.
 */
function inOrder(list: Ordered): SQL {
  const { model, scope, caller, query, order } = list;
  const seen = seenScopes(model, scope, caller, query.filters);
  if (query.offset > 0 && order.blocks !== undefined) return pageInBlocks(list, seen, order.blocks);
  const totals = sql`totals AS MATERIALIZED (
    SELECT coalesce(sum(rows), 0) AS count, 0 AS "isAtLeast", NULL AS refused FROM (${seen}))`;
  return query.offset === 0
    ? sql`${totals}, ${walkOrMerge(list, seen)}`
    : sql`${totals}, ${deepPage(list, seen)}`;
}

/** The common table `page`, from a query that selects `page_row` in the order of the list. */
function pageOf(rows: SQL): SQL {
  return sql`page AS MATERIALIZED (SELECT json_group_array(page_row) AS list FROM (${rows}))`;
}

/**
 * The rows from the index over the scope and the keys. SQLite reads the scopes one after another, and leaves
 * each of them at the first row that comes after all rows found so far.
 *
 * @param limit the number of rows, by which the caller may switch this way off
 */
function merge(
  { model, scope, query, keys, order }: Ordered,
  seen: SQL,
  limit = pageAndOne(query),
) {
  const { table } = model;
  const range = (condition: SQL) => sql`SELECT ${table}.rowid AS page_row
    FROM (${seen}) AS seen CROSS JOIN ${table} INDEXED BY ${sql.raw(order.ofScope)}
      ON ${scope.ofRow} = seen.id ${condition}
    ORDER BY ${orderBy(keys)} LIMIT ${limit}`;
  if (query.after === undefined) return sql`${range(sql``)} OFFSET ${query.offset}`;
  return inSequence(
    rangesAfter(keys, query.after).map((after) => range(sql`AND ${after}`)),
    limit,
  );
}

/** The rows of one query after those of another. SQLite runs them in this order, and stops at the limit. */
function inSequence(queries: readonly SQL[], limit: SQL): SQL {
  const [only] = queries;
  if (queries.length === 1 && only !== undefined) return only;
  if (queries.length === 0) return sql`SELECT NULL AS page_row WHERE 0`;
  const each = queries.map((query) => sql`SELECT * FROM (${query})`);
  return sql`SELECT * FROM (${sql.join(each, sql` UNION ALL `)}) LIMIT ${limit}`;
}

/**
 * The first page, or one after a cursor. A caller who sees a large part walks a few rows of the index over all
 * rows. If that does not fill the page, or if the caller sees little, the scopes are merged, which finds all rows of
 * the page again.
 */
function walkOrMerge(list: Ordered, seen: SQL): SQL {
  const { model, scope, caller, query, keys, order } = list;
  const { table } = model;
  const wanted = query.limit + 1;
  const budget = sql`(SELECT CASE WHEN count * ${WALKED_FOR_ONE} >= (SELECT max(rowid) FROM ${table})
    THEN ${wanted * MOST_WALKED} ELSE 0 END FROM totals)`;
  const from = (
    condition: SQL,
  ) => sql`SELECT rowid AS page_row, ${scope.ofRow} AS scope FROM ${table}
    INDEXED BY ${sql.raw(order.ofAll)} ${condition} ORDER BY ${orderBy(keys)} LIMIT ${budget}`;
  const passed =
    query.after === undefined
      ? from(sql``)
      : inSequence(
          rangesAfter(keys, query.after).map((after) => from(sql`WHERE ${after}`)),
          budget,
        );
  const merged = merge(
    list,
    seen,
    sql`(SELECT CASE WHEN count(*) >= ${wanted} THEN 0 ELSE ${wanted} END FROM walked)`,
  );
  return sql`walked AS MATERIALIZED (SELECT page_row FROM (${passed}) AS passed
      WHERE ${rowIsSeen(model, scope, caller, query.filters, sql`passed.scope`)} LIMIT 0 + ${wanted}),
    page AS MATERIALIZED (SELECT coalesce(
      (SELECT nullif(json_group_array(page_row), '[]') FROM (${merged})),
      (SELECT json_group_array(page_row) FROM walked)) AS list)`;
}

/**
 * A page at an offset of a list without blocks. When the caller sees most of the rows, the index over all rows is
 * walked from the nearer end. When the caller sees few of them, those few are merged, however many others exist.
 */
function deepPage(list: Ordered, seen: SQL): SQL {
  const { model, scope, query, keys, order } = list;
  const { table } = model;
  const { limit, offset } = query;
  const rows = (
    direction: readonly OrderKey[],
  ) => sql`SELECT ${table}.rowid AS page_row FROM ${table}
    INDEXED BY ${sql.raw(order.ofAll)} WHERE ${scope.ofRow} IN (SELECT id FROM (${seen}))
    ORDER BY ${orderBy(direction)}`;
  const when = (way: string, least: SQL) =>
    sql`(SELECT CASE way WHEN ${sql.raw(`'${way}'`)} THEN ${least} ELSE 0 END FROM plan)`;
  const wanted = sql`${limit + 1}`;
  const left = sql`max(0, count - ${offset})`;
  return sql`plan AS MATERIALIZED (
      SELECT count, CASE
        WHEN count * 2 < (SELECT max(rowid) FROM ${table}) THEN 'merge'
        WHEN ${offset} <= ${left} THEN 'forward' ELSE 'backward' END AS way FROM totals),
    found AS MATERIALIZED (
      SELECT * FROM (${merge(list, seen, when("merge", wanted))})
      UNION ALL SELECT * FROM (${rows(keys)} LIMIT ${when("forward", wanted)} OFFSET ${offset})
      UNION ALL SELECT * FROM (${rows(reversed(keys))}
        LIMIT ${when("backward", sql`min(${limit + 1}, ${left})`)}
        OFFSET ${when("backward", sql`max(0, ${left} - ${limit + 1})`)})),
    ${pageOf(sql`SELECT page_row FROM found
      CROSS JOIN ${table} ON ${table}.rowid = page_row ORDER BY ${orderBy(keys)}`)}`;
}

/** A caller with so many rows skips blocks. Fewer rows are merged. */
const MOST_MERGED = 2_000;

/** A row in a block: eight digits and a comma. */
const IN_BLOCK = 9;

/** How many scopes of the map one number has, as its digits. */
const PART = 18;

/**
 * The common table `plan(count, bits, first, last, way)`, from one look at the scopes of the caller. `bits` is a map
 * with a byte for each scope, `1` when the caller sees it. A look into it reads no row; D1 counts the rows of
 * `json_each` too. The page is the rows from `first` to `last`, and `way` says how they are found.
 */
function planOf({ model, query: { limit, offset } }: Ordered, seen: SQL): SQL {
  const [part, place] = [sql.raw(`(id - 1) / ${PART}`), sql.raw(`${PART} - (id - 1) % ${PART}`)];
  const one = sql.raw(`'1${"0".repeat(PART - 1)}'`);
  const near = sql`min(${offset + limit + 1}, count - first)`;
  return sql`plan AS MATERIALIZED (SELECT *, CASE
      WHEN count <= ${MOST_MERGED} THEN 'merge'
      WHEN ${near} * (SELECT max(rowid) FROM ${model.table}) > ${WALK.expected} * count THEN 'blocks'
      WHEN first <= count - last THEN 'forward' ELSE 'backward' END AS way
    FROM (SELECT count, bits, min(count, ${offset}) AS first, min(count, ${offset + limit + 1}) AS last
    FROM (SELECT coalesce(sum(rows), 0) AS count,
      CAST(group_concat(printf('%0*d', step * ${sql.raw(`${PART}`)}, digits), '') AS BLOB) AS bits
    FROM (SELECT rows, digits, part - lag(part, 1, -1) OVER (ORDER BY part) AS step
    FROM (SELECT ${part} AS part, sum(rows) AS rows,
      sum(CAST(substr(${one}, 1, ${place}) AS INTEGER)) AS digits FROM (${seen}) GROUP BY part)))))`;
}

/** Whether the caller sees a scope: 1 or 0. `plan` is among the tables of the query around. */
const isOnMap = (scope: Expression) => sql`(substr(plan.bits, ${scope}, 1) = x'31')`;

/** How many rows of a block the caller sees. Past its last row there is no number, and nothing is on the map. */
const seenInBlock = renderOnce(
  balanced(
    Array.from({ length: MAX_IN_BLOCK }, (_, place) =>
      isOnMap(sql.raw(`substr(scopes, ${place * IN_BLOCK + 1}, ${IN_BLOCK - 1})`)),
    ),
    sql`+`,
  ),
);

/**
 * How many rows a walk from the nearer end of a list may be expected to step over, and how many it does step over.
 * A walk is faster than to count in all blocks, and reads more rows.
 */
const WALK = { expected: 10_000, most: 12_000 };

/**
 * A page at an offset of a list with blocks. When the caller sees few rows, those are merged. Near an end of the
 * list, the index over all rows is walked. Otherwise, or when the walk finds too few, the blocks before the page are
 * skipped. Each way is a list of rows in a column, and only the one that is taken is run: SQLite would prepare
 * common tables once for each place where they are named.
 */
function pageInBlocks(list: Ordered, seen: SQL, blocks: BlockList): SQL {
  const { query, keys } = list;
  const merged = sql`(SELECT json_group_array(page_row) FROM (${merge(list, seen)}))`;
  const forward = sql`(SELECT json_group_array(page_row)
    FROM (${walkOf(list, keys)} LIMIT ${pageAndOne(query)} OFFSET ${query.offset}))`;
  const backward = sql`(SELECT json_group_array(page_row ORDER BY number DESC)
    FROM (SELECT page_row, row_number() OVER () AS number FROM (${walkOf(list, reversed(keys))}
      LIMIT (SELECT last - first FROM plan) OFFSET (SELECT count - last FROM plan))))`;
  return sql`${planOf(list, seen)},
    totals AS MATERIALIZED (SELECT count, 0 AS "isAtLeast", NULL AS refused FROM plan),
    page AS MATERIALIZED (SELECT CASE
        WHEN way = 'merge' OR json_array_length(rows) = last - first THEN rows
        ELSE ${rowsOfBlocks(list, blocks)} END AS list
      FROM (SELECT plan.*, CASE way WHEN 'merge' THEN ${merged} WHEN 'forward' THEN ${forward}
        WHEN 'backward' THEN ${backward} ELSE '[]' END AS rows FROM plan) AS plan)`;
}

/** The rows that the caller sees among the first rows of the list in this direction. */
function walkOf({ model: { table }, scope, order }: Ordered, direction: readonly OrderKey[]): SQL {
  return sql`SELECT page_row FROM (SELECT ${table}.rowid AS page_row, ${scope.ofRow} AS scope FROM ${table}
    INDEXED BY ${sql.raw(order.ofAll)} ORDER BY ${orderBy(direction)}
    LIMIT 0 + ${WALK.most}) AS passed WHERE ${isOnMap(sql`passed.scope`)}`;
}

/**
 * The rows of the page from the blocks that have some of them, as a JSON list. The rows that the caller sees are
 * counted in each block, so this reads three rows for each block, and at most all rows of a block for each row of
 * the page.
 */
function rowsOfBlocks(list: Ordered, blocks: BlockList): SQL {
  const ofList = sql.raw(`list = '${blocks.list}'`);
  // Blocks stand in the ascending order: the page is the rows from `low` to `high` in it.
  const descends = list.keys[0]?.descending === true;
  const [low, high] = descends
    ? [sql`plan.count - plan.last`, sql`plan.count - plan.first`]
    : [sql`plan.first`, sql`plan.last`];
  const place = sql`(upto - seen + listed.key)`;
  return sql`(SELECT json_group_array(page_row) FROM (SELECT listed.value AS page_row
    FROM (SELECT key, id, seen, upto, row_count FROM (
        SELECT key, id, seen, row_count, sum(seen) OVER (ORDER BY key, id ROWS UNBOUNDED PRECEDING) AS upto
        FROM (SELECT key, id, row_count, ${seenInBlock} AS seen FROM list_blocks WHERE ${ofList}))
      WHERE seen > 0 AND upto > ${low} AND upto - seen < ${high}) AS block
    CROSS JOIN json_each(${rowsOfBlock(list, blocks)}) AS listed
    WHERE ${place} >= ${low} AND ${place} < ${high}
    ORDER BY ${place}${sql.raw(descends ? " DESC" : "")}))`;
}

/** The rows of one block, `block`, that the caller sees, as a JSON list in the ascending order. */
function rowsOfBlock({ model: { table }, scope, order }: Ordered, { keys, id }: BlockList): SQL {
  const [key] = keys;
  const most = sql.raw(`LIMIT ${MAX_IN_BLOCK}`);
  const rows = (condition: SQL) => sql`SELECT * FROM (
    SELECT ${table}.rowid AS page_row, ${scope.ofRow} AS scope FROM ${table}
    INDEXED BY ${sql.raw(order.ofAll)} WHERE ${condition} ORDER BY ${sql.join([...keys], sql`, `)} ${most})`;
  // Many rows can have the same key, and each of these ranges is one of the index.
  const all =
    id === undefined
      ? rows(sql`${key} >= block.key`)
      : sql`${rows(sql`${key} IS nullif(block.key, '') AND ${id} >= block.id`)}
        UNION ALL ${rows(sql`${key} > block.key`)}`;
  // As many rows as the block has follow its start.
  return sql`(SELECT json_group_array(page_row) FILTER (WHERE ${isOnMap(sql`scope`)} AND number <= block.row_count)
    FROM (SELECT page_row, scope, row_number() OVER () AS number FROM (${all} ${most})))`;
}

/**
 * The page and one row more. The sum `0 + limit` keeps SQLite from using the limit in its plan. A statement
 * whose plan depends on a bound value is compiled again for each binding, which doubles the cost of a page.
 */
const pageAndOne = ({ limit }: Query) => sql`0 + ${limit + 1}`;

/**
 * Page and count from one scan, for filters and orders that no index serves, and for filters on models without
 * scopes. Where the scan could read too many rows it is refused, and reads none.
 */
function byScan(model: ReadModel, caller: Caller, query: Query, keys: readonly OrderKey[]): SQL {
  const { table } = model;
  const narrowing = narrowest(model, caller, query);
  const rest = query.filters.filter(
    (clause) => !isScoped(model, clause) && narrowing?.answered.includes(clause) !== true,
  );
  const { guard, from, conditions } =
    narrowing === undefined
      ? allVisible(model, caller, query, mostScanned(model, caller, query, rest))
      : candidatesOf(model, caller, query, narrowing, mostScanned(model, caller, query, rest));
  const all = [...conditions, ...filterConditions(model, caller, rest)];
  const columns = keys.map(({ key }, index) => sql`${key} AS ${column(index)}`);
  const inMatches = keys.map(({ descending }, index) => ({ key: column(index), descending }));
  const after = query.after === undefined ? sql`` : sql`WHERE ${isAfter(inMatches, query.after)}`;
  return sql`${guard}, matches AS MATERIALIZED (
      SELECT ${table}.rowid AS page_row, ${sql.join(columns, sql`, `)} FROM ${from}
      WHERE ${sql.join(all, sql` AND `)} LIMIT ${unlessRefused}),
    totals AS MATERIALIZED (
      SELECT count(*) AS count, 0 AS "isAtLeast", (SELECT refused FROM guard) AS refused FROM matches),
    ${pageOf(sql`SELECT page_row FROM matches ${after} ORDER BY ${orderBy(inMatches)}
      LIMIT ${pageAndOne(query)} OFFSET ${query.offset}`)}`;
}

/** The index that finds the fewest rows for a query, as far as its filters tell. */
function narrowest(model: ReadModel, caller: Caller, query: Query): Narrowing | undefined {
  const { filters, words } = query;
  const { scope, search } = model;
  const index = search?.index;
  // The index of the search decides on access too, and so finds only what the caller may see. A single record by
  // its unique name is found with less.
  const isSearched = (clause: FilterClause) =>
    index !== undefined && asksIndex(index, clause) && !isSingle(model, clause);
  if (words.length === 0) {
    const exact = findNarrowing(model, caller, filters, (clause) => !isSearched(clause));
    if (exact !== undefined) return exact;
  }
  if (index !== undefined && (words.length > 0 || filters.some(isSearched))) {
    return {
      key: sql`${model.table}.rowid`,
      tables: matchTable(index, caller, query),
      candidates: matchingRows(index),
      answered: filters.filter((clause) => isAnswered(index, clause)),
    };
  }
  return (
    findNarrowing(model, caller, filters, () => true) ??
    (scope && findRange(model, scope, caller, filters))
  );
}

/** Whether a filter asks for records by a unique value. */
const isSingle = (model: ReadModel, { path, operator }: FilterClause) =>
  ownField(model, path)?.unique === true && isExact(operator);

/** No limit, or none of the rows: SQLite then does not even begin to look for them. */
const unlessRefused = sql`(SELECT CASE WHEN refused IS NULL THEN -1 ELSE 0 END FROM guard)`;

const column = (index: number) => sql.raw(`key_${index}`);

/** The rows that one scan reads at most, for a stranger and for a caller who is known. */
const MOST_READ = { stranger: 300_000, known: 1_000_000 };

/** What a scan reads for each row itself: the row, its match, and the match once more to sort it. */
const READ_FOR_EACH = 3;

/** How many rows a scan may pass. */
function mostScanned(
  model: ReadModel,
  caller: Caller,
  { words }: Query,
  filters: readonly FilterClause[],
): number {
  if (caller.kind === "operator") return Number.MAX_SAFE_INTEGER;
  const mostRead = caller.kind === "public" ? MOST_READ.stranger : MOST_READ.known;
  const most = Math.floor(mostRead / (READ_FOR_EACH + costOf(model, filters)));
  return words.length > 0 && model.search?.index !== undefined
    ? Math.min(most, MAX_COMPARED)
    : most;
}

/** The common table `guard(refused)`, and what follows FROM and WHERE for the rows that it lets through. */
interface Guarded {
  readonly guard: SQL;
  readonly from: SQL;
  readonly conditions: readonly SQL[];
}

/** All rows that the caller may see. The counters of the scopes say how many there are. */
function allVisible(model: ReadModel, caller: Caller, query: Query, most: number): Guarded {
  const { scope, table } = model;
  const from = sql`${table}`;
  const occur = wordConditions(model, caller, query.words);
  if (scope === undefined) {
    return {
      guard: sql`guard AS MATERIALIZED (
        SELECT nullif(${tooManyHeavy(model, caller, query).length}, 0) AS refused)`,
      from,
      conditions: [sql`${model.visible?.(caller) ?? sql`1`}`, ...occur],
    };
  }
  const seen = seenScopes(model, scope, caller, query.filters);
  return {
    guard: sql`guard AS MATERIALIZED (
      SELECT CASE WHEN sum(rows) > ${most} THEN sum(rows) END AS refused FROM (${seen}))`,
    from,
    conditions: [sql`${scope.ofRow} IN (SELECT id FROM (${seen}))`, ...occur],
  };
}

/** The rows that an index finds. Their own scopes say which of them the caller may see. */
function candidatesOf(
  model: ReadModel,
  caller: Caller,
  query: Query,
  { key, candidates, tables }: Narrowing,
  most: number,
): Guarded {
  const { scope } = model;
  const isSeen =
    scope === undefined
      ? sql`${model.visible?.(caller) ?? sql`1`}`
      : rowIsSeen(model, scope, caller, query.filters);
  return {
    guard: sql`${tables === undefined ? sql`` : sql`${tables},`}
      candidates(key) AS MATERIALIZED (SELECT DISTINCT * FROM (${candidates}) LIMIT 0 + ${most + 1}),
      guard AS MATERIALIZED (
        SELECT CASE WHEN count(*) > ${most} THEN count(*) END AS refused FROM candidates)`,
    from: sql`candidates CROSS JOIN ${model.table} ON ${key} = candidates.key`,
    conditions: [isSeen],
  };
}

/**
 * What to say when a scan was refused.
 *
 * @param count how many rows the scan would have passed
 */
export function refusalOf(model: ReadModel, query: Query, count: number): string {
  const { sort, words } = query;
  if (words.length > 0) {
    return `search: more than ${MAX_COMPARED} records match, too many for this sort[] or these filters: add a word, or leave sort[] out.`;
  }
  const heavy = query.filters.filter((clause) => isHeavy(model, clause));
  if (heavy.length > 0 && model.scope === undefined) {
    return `${namesOf(heavy)}: each of these reads all related records of each ${model.title}. Ask for one of them at a time.`;
  }
  const others = query.filters.filter((clause) => !isScoped(model, clause));
  const orders = Object.keys(model.scope?.orders ?? {}).filter((name) => name !== DEFAULT_ORDER);
  const asked =
    others.length > 0 ? namesOf(others) : sort.map(({ field }) => `sort[]=${field}`).join(", ");
  const fewer = narrowingNames(model).map((name) => `filter{${name}}`);
  return (
    `${asked}: would read ${count} ${model.titles} one by one, which is too many. ` +
    `Ask for fewer with one of ${fewer.join(", ")}` +
    (others.length > 0 ? ", or with fewer filters." : `, or sort by one of ${orders.join(", ")}.`)
  );
}

const namesOf = (filters: readonly FilterClause[]) =>
  [...new Set(filters.map(({ path, operator }) => `filter{${path}.${operator}}`))].join(", ");

/** The filters that ask for fewer rows: an index, or the counters of the scopes, find those. */
function narrowingNames(model: ReadModel): readonly string[] {
  const { scope } = model;
  return vocabularyOf(model).filters.filter((path) => {
    const filter = findFilter(model, path);
    const isRange = filter?.type === "instant" && scope && Object.hasOwn(scope.orders, path);
    return filter?.candidates !== undefined || filter?.scoped === true || isRange === true;
  });
}

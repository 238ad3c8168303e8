import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import {
  conditionsOnRow,
  isScoped,
  rowConditions,
  scopeConditions,
  wordConditions,
  wordOccursIn,
} from "./conditions.ts";
import { objectJson } from "./object.ts";
import type { Query, Selection, SortKey } from "./parse.ts";
import { ownField, type ReadModel, type Scope, type SearchIndex } from "./read-model.ts";
import {
  asksIndex,
  bestRows,
  isAnswered,
  MAX_COMPARED,
  MAX_RESULTS,
  matchingRows,
  matchTable,
} from "./search.ts";

const EVERYTHING: Selection = { include: [], exclude: [] };

/** The bound on the bytes of a page's objects: the bound on an answer, less what surrounds the objects. */
const MAX_OF_OBJECTS = sql.raw(String(16 * 1024 * 1024 - 64 * 1024));

/** From this offset on, a page is searched from the nearer end of the index (see `compileWalk`). */
const DEEP_OFFSET = 200;

/**
 * The statements that answer a list. The first returns the page's objects as JSON text (`body`) with their
 * `place`. The second returns the `count` of all rows that match the query. Where page and count need the
 * same scan, one statement returns both, and an empty page has one row with a null `place`. Where the answer
 * would be too large, every `body` is null. A search may count no more than some of its results
 * (`is_at_least`), and may find too many to sort or filter them (`is_too_broad`).
 */
export function compileList(model: ReadModel, caller: Caller, query: Query): readonly SQL[] {
  const { filters, words } = query;
  const index = model.search?.index;
  if (index !== undefined && words.length > 0) return [compileSearch(model, index, caller, query)];
  if (words.length > 0) return [compileScan(model, caller, query)];
  if (filters.some((clause) => !isScoped(model, clause))) {
    return [compileScan(model, caller, query)];
  }
  return [compilePage(model, caller, query), compileCount(model, caller, query)];
}

/**
 * One object as JSON text (`body`). There is no row when the object does not exist, and `body` is null when
 * the caller may not read it.
 */
export function compileDetail(
  model: ReadModel,
  caller: Caller,
  id: string,
  selection: Selection = EVERYTHING,
): SQL {
  return sql`WITH ${callerTable(caller)}
    SELECT CASE WHEN ${model.readable(caller)} THEN ${objectJson(model, caller, selection)} END AS body
    FROM ${model.table} WHERE ${model.id} = ${id}`;
}

/** A page without a scan. An index finds the rows in the requested order, and only those rows are read. */
function compilePage(model: ReadModel, caller: Caller, query: Query): SQL {
  const walk = walkOf(model, query);
  const rows =
    walk === undefined
      ? pageTable(sql`SELECT ${model.table}.rowid AS page_row FROM ${model.table}
          WHERE ${rowConditions(model, caller, query.filters)}
          ORDER BY ${orderOf(model, query)} ${sliceOf(query)}`)
      : compileWalk(model, caller, query, walk);
  return sql`WITH ${callerTable(caller)}, ${rows}, ${objectsTable(model, caller, query)}
    SELECT ${shownObject} FROM objects WHERE place >= 0 ORDER BY place`;
}

/** The common table `page(list)`: the rows that the query `rows` finds, as a JSON list in its order. */
function pageTable(rows: SQL): SQL {
  return sql`page AS MATERIALIZED (SELECT json_group_array(page_row) AS list FROM (${rows}))`;
}

/**
 * The common table `objects(place, size, body)`: the page's objects, and for each the bytes of those before
 * it. The table is recursive so that it stops at the object that makes the answer too large. A hundred rows
 * can need far more memory than the database has, and their size is known only once their text is built.
 */
function objectsTable(model: ReadModel, caller: Caller, selection: Selection): SQL {
  const { table } = model;
  return sql`objects(place, size, body) AS MATERIALIZED (SELECT -1, 0, '' UNION ALL
    SELECT objects.place + 1, ${sizeOfPage}, ${objectJson(model, caller, selection)}
    FROM objects CROSS JOIN page
    CROSS JOIN ${table} ON ${table}.rowid = page.list ->> (objects.place + 1)
    WHERE ${sizeOfPage} <= ${MAX_OF_OBJECTS})`;
}

/** The bytes of the objects up to and including this one, each with the comma that follows it. */
const sizeOfPage = sql`objects.size + octet_length(objects.body) + 1`;

const shownObject = sql`place,
  CASE WHEN (SELECT max(${sizeOfPage}) FROM objects) <= ${MAX_OF_OBJECTS} THEN body END AS body`;

/**
 * The rows of the page. The sum `0 + limit` keeps SQLite from using the limit in its plan. A statement whose
 * plan depends on a bound value is compiled again for each binding, which doubles the cost of a page.
 */
function sliceOf({ limit, offset }: Query): SQL {
  return sql`LIMIT 0 + ${limit} OFFSET ${offset}`;
}

function compileCount(model: ReadModel, caller: Caller, { filters }: Query): SQL {
  const { scope } = model;
  return scope === undefined
    ? sql`WITH ${callerTable(caller)} SELECT count(*) AS count FROM ${model.table}
        WHERE ${rowConditions(model, caller, filters)}`
    : sql`WITH ${callerTable(caller)} SELECT coalesce(sum(${scope.count}), 0) AS count
        FROM ${scope.table} WHERE ${scopeConditions(model, scope, caller, filters)}`;
}

/** Page and count from one scan, for filters that no index serves and for a search without an index. */
function compileScan(model: ReadModel, caller: Caller, query: Query): SQL {
  const keys = [...bestFirst(model, caller, query), ...sortKeysOf(model, query)];
  const columns = keys.map(({ key }, index) => sql`${key} AS ${column(index)}`);
  const inMatches = join(keys.map(({ descending }, index) => directed(column(index), descending)));
  const rows = sql`SELECT page_row FROM matches ORDER BY ${inMatches} ${sliceOf(query)}`;
  const { tables, from } = scannedRows(model, caller, query);
  return sql`WITH ${join([callerTable(caller), ...tables])}, matches AS MATERIALIZED (
      SELECT ${model.table}.rowid AS page_row, ${join(columns)} FROM ${from}),
    ${pageTable(rows)}, ${objectsTable(model, caller, query)}
    SELECT count, ${shownObject} FROM (SELECT count(*) AS count FROM matches)
    LEFT JOIN objects ON place >= 0 ORDER BY place`;
}

/**
 * The rows that match, as what follows FROM, and the common tables that it needs. Where a filter on text has an
 * index, they are found through it.
 */
function scannedRows(
  model: ReadModel,
  caller: Caller,
  { filters, words }: Query,
): { readonly tables: readonly SQL[]; readonly from: SQL } {
  const index = model.search?.index;
  if (index === undefined || !filters.some((clause) => asksIndex(model, clause))) {
    const conditions = [
      rowConditions(model, caller, filters),
      ...wordConditions(model, caller, words),
    ];
    return { tables: [], from: sql`${model.table} WHERE ${sql.join(conditions, sql` AND `)}` };
  }
  return {
    tables: [matchTable(index, caller, { words, filters })],
    from: sql`(${matchingRows(index)}) CROSS JOIN ${model.table} ON ${model.table}.rowid = hit
      WHERE ${conditionsOnRow(model, caller, unanswered(index, filters))}`,
  };
}

/** The filters that must be checked on the rows that the index finds. */
const unanswered = (index: SearchIndex, filters: Query["filters"]) =>
  filters.filter((clause) => !isAnswered(index, clause));

/** The first key of a search without `sort[]`: rows with all words in the first field, the name, come first. */
function bestFirst(model: ReadModel, caller: Caller, { words, sort }: Query): readonly OrderKey[] {
  const [name] = model.search?.fields ?? [];
  if (name === undefined || words.length === 0 || sort.length > 0) return [];
  const occur = words.map((word) => wordOccursIn(model, caller, name, word));
  return [{ key: sql`(${sql.join(occur, sql` AND `)})`, descending: true }];
}

/**
 * Page and count of a search through its index, the best match first. Its results are read once, as a list of
 * row numbers, and counted up to a bound. To sort them, or to check filters on them, their rows are read too.
 */
function compileSearch(model: ReadModel, index: SearchIndex, caller: Caller, query: Query): SQL {
  const { filters, words, sort, limit, offset } = query;
  const isCompared = sort.length > 0 || unanswered(index, filters).length > 0;
  const most = sql.raw(String(isCompared ? MAX_COMPARED : MAX_RESULTS));
  const hits = sql`SELECT hit FROM (${sort.length > 0 ? matchingRows(index) : bestRows(index, words)})
    LIMIT ${most} + 1`;
  const order = sort.length > 0 ? orderOf(model, query) : sql`hit.key`;
  const compared = sql`SELECT hit.value AS hit FROM hits CROSS JOIN json_each(hits.list) AS hit
    CROSS JOIN ${model.table} ON ${model.table}.rowid = hit.value
    WHERE json_array_length(hits.list) <= ${most}
    AND ${conditionsOnRow(model, caller, unanswered(index, filters))}
    ORDER BY ${order}`;
  const listOf = (rows: SQL) =>
    sql`AS MATERIALIZED (SELECT json_group_array(hit) AS list FROM (${rows}))`;
  const found = isCompared
    ? sql`hits ${listOf(hits)}, found ${listOf(compared)}`
    : sql`found ${listOf(hits)}`;
  const total = sql`json_array_length(found.list)`;
  // Row numbers are texts of a list here. Visibility is checked again on the rows of the page.
  return sql`WITH ${callerTable(caller)}, ${matchTable(index, caller, query)}, ${found},
    slice(place) AS (SELECT CAST(${offset} AS INTEGER)
      UNION ALL SELECT place + 1 FROM slice WHERE place + 1 < ${offset} + ${limit}),
    ${pageTable(sql`SELECT ${model.table}.rowid AS page_row FROM found CROSS JOIN slice
      CROSS JOIN ${model.table} ON ${model.table}.rowid = found.list ->> slice.place
      WHERE slice.place < ${most} AND ${model.readable(caller)} ORDER BY slice.place`)},
    ${objectsTable(model, caller, query)}
    SELECT min(${total}, ${most}) AS count, ${total} > ${most} AS is_at_least,
      ${isCompared ? sql`(SELECT json_array_length(list) > ${most} FROM hits)` : sql`0`} AS is_too_broad,
      ${shownObject} FROM found LEFT JOIN objects ON place >= 0 ORDER BY place`;
}

/** An index over all rows in one order, in which a deep page can be found. */
interface Walk {
  readonly scope: Scope;
  readonly index: Expression;
  readonly key: Expression;
  readonly descending: boolean;
}

function walkOf(model: ReadModel, { sort, offset }: Query): Walk | undefined {
  const { scope, walk } = model;
  const [first = walk && { field: walk.field, descending: false }] = sort;
  const key = walk && ownField(model, walk.field)?.sort;
  if (!scope || !walk || !first || !key || offset < DEEP_OFFSET) return undefined;
  if (first.field !== walk.field) return undefined;
  return { scope, index: walk.index, key, descending: first.descending };
}

/**
 * The rows of a deep page. When the caller sees most of the rows, the index over all rows is walked from the
 * nearer end. When the caller sees few of them, those few are sorted, however many others exist. Only the
 * database knows how many rows the caller sees, so the statement contains all three ways, two of them with a
 * limit of 0.
 */
function compileWalk(
  model: ReadModel,
  caller: Caller,
  { filters, limit, offset }: Query,
  { scope, index, key, descending }: Walk,
): SQL {
  const rows = sql`SELECT ${model.table}.rowid AS page_row FROM ${model.table}`;
  const seen = sql`WHERE ${scope.ofRow} IN (SELECT id FROM seen)`;
  const when = (way: string, least: Expression) =>
    sql`(SELECT CASE way WHEN ${sql.raw(`'${way}'`)} THEN ${least} ELSE 0 END FROM plan)`;
  const left = sql`max(0, total - ${offset})`;
  const found = sql`SELECT * FROM (${rows} ${seen} ORDER BY ${directed(key, descending)}
        LIMIT ${when("sort", sql`${limit}`)} OFFSET ${offset})
      UNION ALL SELECT * FROM (${rows} INDEXED BY ${index} ${seen} ORDER BY ${directed(key, descending)}
        LIMIT ${when("forward", sql`${limit}`)} OFFSET ${offset})
      UNION ALL SELECT * FROM (${rows} INDEXED BY ${index} ${seen} ORDER BY ${directed(key, !descending)}
        LIMIT ${when("backward", sql`min(${limit}, ${left})`)}
        OFFSET ${when("backward", sql`max(0, ${left} - ${limit})`)})`;
  return sql`seen AS MATERIALIZED (
      SELECT ${scope.ofScope} AS id, ${scope.count} AS rows FROM ${scope.table}
      WHERE ${scopeConditions(model, scope, caller, filters)}),
    sums AS MATERIALIZED (
      SELECT coalesce(sum(rows), 0) AS total,
        (SELECT sum(${scope.count}) FROM ${scope.table}) AS of_all FROM seen),
    plan AS MATERIALIZED (
      SELECT total, CASE
        WHEN total * 2 < of_all THEN 'sort'
        WHEN ${offset} <= ${left} THEN 'forward' ELSE 'backward' END AS way FROM sums),
    found AS MATERIALIZED (${found}),
    ${pageTable(sql`SELECT page_row FROM found
      CROSS JOIN ${model.table} ON ${model.table}.rowid = page_row
      ORDER BY ${directed(key, descending)}`)}`;
}

interface OrderKey {
  readonly key: Expression;
  readonly descending: boolean;
}

/** The sort keys of a list. The id breaks ties, so that pages neither overlap nor leave a gap. */
function sortKeysOf(model: ReadModel, { sort }: Query): readonly OrderKey[] {
  if (sort.length === 0) {
    return model.defaultOrder.map((key) => ({ key, descending: false }));
  }
  const isTotal = sort.some(({ field }) => ownField(model, field)?.unique);
  const id = { key: model.id, descending: false };
  return [...sort.map((key) => sortKeyOf(model, key)), ...(isTotal ? [] : [id])];
}

function sortKeyOf(model: ReadModel, { field, descending }: SortKey): OrderKey {
  const key = ownField(model, field)?.sort;
  if (key === undefined) throw new Error(`No sort key ${field} on ${model.name}`);
  return { key, descending };
}

function orderOf(model: ReadModel, query: Query): SQL {
  const keys = sortKeysOf(model, query);
  return join(keys.map(({ key, descending }) => directed(key, descending)));
}

const directed = (key: Expression, descending: boolean) => (descending ? sql`${key} DESC` : key);

const column = (index: number) => sql.raw(`key_${index}`);

const join = (parts: readonly Expression[]) => sql.join([...parts], sql`, `);

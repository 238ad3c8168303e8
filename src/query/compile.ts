import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { isScoped, rowConditions, scopeConditions } from "./conditions.ts";
import { objectJson } from "./object.ts";
import type { Query, Selection, SortKey } from "./parse.ts";
import { ownField, type ReadModel, type Scope } from "./read-model.ts";

const EVERYTHING: Selection = { include: [], exclude: [] };

/** The bound on the bytes of a page's objects: the bound on an answer, less what surrounds the objects. */
const MAX_OF_OBJECTS = sql.raw(String(16 * 1024 * 1024 - 64 * 1024));

/** From this offset on, a page is searched from the nearer end of the index (see `compileWalk`). */
const DEEP_OFFSET = 200;

/**
 * The statements that answer a list. The first returns the page's objects as JSON text (`body`) with their
 * `place`. The second returns the `count` of all rows that match the query. Where page and count need the
 * same scan, one statement returns both, and an empty page has one row with a null `place`. Where the answer
 * would be too large, every `body` is null.
 */
export function compileList(model: ReadModel, caller: Caller, query: Query): readonly SQL[] {
  const { filters } = query;
  if (filters.some((clause) => !isScoped(model, clause))) {
    return [compileScan(model, caller, query)];
  }
  return [compilePage(model, caller, query), compileCount(model, caller, query)];
}

/**
 * One object as JSON text (`body`), by its id or a query in parentheses that finds it. There is no row when the object does not exist, and `body` is null when
 * the caller may not read it.
 */
export function compileDetail(
  model: ReadModel,
  caller: Caller,
  id: string | SQL,
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

/** Page and count from one scan, for filters that no index serves. */
function compileScan(model: ReadModel, caller: Caller, query: Query): SQL {
  const keys = sortKeysOf(model, query);
  const columns = keys.map(({ key }, index) => sql`${key} AS ${column(index)}`);
  const inMatches = join(keys.map(({ descending }, index) => directed(column(index), descending)));
  const rows = sql`SELECT page_row FROM matches ORDER BY ${inMatches} ${sliceOf(query)}`;
  return sql`WITH ${callerTable(caller)}, matches AS MATERIALIZED (
      SELECT ${model.table}.rowid AS page_row, ${join(columns)} FROM ${model.table}
      WHERE ${rowConditions(model, caller, query.filters)}),
    ${pageTable(rows)}, ${objectsTable(model, caller, query)}
    SELECT count, ${shownObject} FROM (SELECT count(*) AS count FROM matches)
    LEFT JOIN objects ON place >= 0 ORDER BY place`;
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

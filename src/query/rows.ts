import { type SQL, sql } from "drizzle-orm";
import type { Caller } from "../db/access.ts";
import {
  costOf,
  filterConditions,
  findNarrowing,
  findRange,
  isScoped,
  type Narrowing,
  rowIsSeen,
  seenScopes,
} from "./conditions.ts";
import { isAfter, type OrderKey, orderBy, rangesAfter, reversed, sortKeysOf } from "./order.ts";
import type { FilterClause, Query } from "./parse.ts";
import {
  DEFAULT_ORDER,
  findFilter,
  type OrderIndexes,
  type ReadModel,
  type Scope,
  vocabularyOf,
} from "./read-model.ts";

// How the rows of a page are found, and counted. Each way ends in two common tables: `totals(count, refused)`
// with one row, and `page(list)`, the rowids of the page as one JSON list in order. The list has one rowid
// more than the page when rows follow it.

/** The common tables that find and count the rows of a list. */
export function rowTables(model: ReadModel, caller: Caller, query: Query): SQL {
  const { scope } = model;
  const others = query.filters.filter((clause) => !isScoped(model, clause));
  const order = scope === undefined ? undefined : orderOf(scope, query);
  const keys = sortKeysOf(model, query.sort);
  if (scope === undefined && others.length === 0) {
    return withoutScopes(model, caller, query, keys);
  }
  if (scope === undefined || others.length > 0) return byScan(model, caller, query, others);
  if (order !== undefined) return inOrder({ model, scope, caller, query, keys, order });
  return isIndexed(scope, query)
    ? byScan(model, caller, query, others)
    : sortFew(model, scope, caller, query, keys);
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
      SELECT coalesce(sum(rows), 0) AS count, CASE WHEN sum(rows) > ${most} THEN sum(rows) END AS refused
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
      SELECT count(*) AS count, NULL AS refused FROM ${table} WHERE ${visible}),
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
  const { model, scope, caller, query } = list;
  const seen = seenScopes(model, scope, caller, query.filters);
  const totals = sql`totals AS MATERIALIZED (
    SELECT coalesce(sum(rows), 0) AS count, NULL AS refused FROM (${seen}))`;
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
 * rows. If that does not fill the page, or if the caller sees little, the scopes are merged.
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
  const isFull = sql`(SELECT count(*) FROM walked) >= ${wanted}`;
  const merged = merge(list, seen, sql`(SELECT CASE WHEN ${isFull} THEN 0 ELSE ${wanted} END)`);
  return sql`walked AS MATERIALIZED (SELECT page_row FROM (${passed}) AS passed
      WHERE ${rowIsSeen(model, scope, caller, query.filters, sql`passed.scope`)} LIMIT ${wanted}),
    merged AS MATERIALIZED (${merged}),
    ${pageOf(sql`SELECT page_row FROM walked WHERE ${isFull} UNION ALL SELECT page_row FROM merged`)}`;
}

/**
 * A page at an offset. When the caller sees most of the rows, the index over all rows is walked from the
 * nearer end. When the caller sees few of them, those few are merged, however many others exist.
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

/**
 * The page and one row more. The sum `0 + limit` keeps SQLite from using the limit in its plan. A statement
 * whose plan depends on a bound value is compiled again for each binding, which doubles the cost of a page.
 */
const pageAndOne = ({ limit }: Query) => sql`0 + ${limit + 1}`;

/**
 * Page and count from one scan, for filters and orders that no index serves, and for filters on models without
 * scopes. Where the scan could read too many rows it is refused, and reads none.
 */
function byScan(
  model: ReadModel,
  caller: Caller,
  query: Query,
  others: readonly FilterClause[],
): SQL {
  const { scope, table } = model;
  const narrowing =
    findNarrowing(model, caller, others) ??
    (scope && findRange(model, scope, caller, query.filters));
  const rest = others.filter((clause) => narrowing?.clauses.includes(clause) !== true);
  const most = mostScanned(model, caller, rest);
  const { guard, visible } =
    narrowing === undefined
      ? allVisible(model, caller, query, most)
      : candidatesOf(model, caller, query, narrowing, most);
  const conditions = [visible, ...filterConditions(model, caller, rest)];
  const keys = sortKeysOf(model, query.sort);
  const columns = keys.map(({ key }, index) => sql`${key} AS ${column(index)}`);
  const inMatches = keys.map(({ descending }, index) => ({ key: column(index), descending }));
  const after = query.after === undefined ? sql`` : sql`WHERE ${isAfter(inMatches, query.after)}`;
  return sql`${guard}, matches AS MATERIALIZED (
      SELECT ${table}.rowid AS page_row, ${sql.join(columns, sql`, `)} FROM ${table}
      WHERE ${sql.join(conditions, sql` AND `)} LIMIT ${unlessRefused}),
    totals AS MATERIALIZED (
      SELECT count(*) AS count, (SELECT refused FROM guard) AS refused FROM matches),
    ${pageOf(sql`SELECT page_row FROM matches ${after} ORDER BY ${orderBy(inMatches)}
      LIMIT ${pageAndOne(query)} OFFSET ${query.offset}`)}`;
}

/** No limit, or none of the rows: SQLite then does not even begin to look for them. */
const unlessRefused = sql`(SELECT CASE WHEN refused IS NULL THEN -1 ELSE 0 END FROM guard)`;

const column = (index: number) => sql.raw(`key_${index}`);

/** The rows that one scan reads at most, for a stranger and for a caller who is known. */
const MOST_READ = { stranger: 300_000, known: 1_000_000 };

/** What a scan reads for each row itself: the row, its match, and the match once more to sort it. */
const READ_FOR_EACH = 3;

/** How many rows a scan may pass. */
function mostScanned(model: ReadModel, caller: Caller, filters: readonly FilterClause[]): number {
  if (caller.kind === "operator") return Number.MAX_SAFE_INTEGER;
  const most = caller.kind === "public" ? MOST_READ.stranger : MOST_READ.known;
  return Math.floor(most / (READ_FOR_EACH + costOf(model, filters)));
}

/** The common table `guard(refused)`, and the condition for the rows that it lets through. */
interface Guarded {
  readonly guard: SQL;
  readonly visible: SQL;
}

/** All rows that the caller may see. The counters of the scopes say how many there are. */
function allVisible(model: ReadModel, caller: Caller, query: Query, most: number): Guarded {
  const { scope } = model;
  if (scope === undefined) {
    return {
      guard: sql`guard AS MATERIALIZED (SELECT NULL AS refused)`,
      visible: sql`${model.visible?.(caller) ?? sql`1`}`,
    };
  }
  const seen = seenScopes(model, scope, caller, query.filters);
  return {
    guard: sql`guard AS MATERIALIZED (
      SELECT CASE WHEN sum(rows) > ${most} THEN sum(rows) END AS refused FROM (${seen}))`,
    visible: sql`${scope.ofRow} IN (SELECT id FROM (${seen}))`,
  };
}

/** The rows that one filter finds by an index. Their own scopes say which of them the caller may see. */
function candidatesOf(
  model: ReadModel,
  caller: Caller,
  query: Query,
  { candidates }: Narrowing,
  most: number,
): Guarded {
  const { scope } = model;
  const isSeen =
    scope === undefined
      ? sql`${model.visible?.(caller) ?? sql`1`}`
      : rowIsSeen(model, scope, caller, query.filters);
  return {
    guard: sql`candidates(id) AS MATERIALIZED (SELECT * FROM (${candidates}) LIMIT ${most + 1}),
      guard AS MATERIALIZED (
        SELECT CASE WHEN count(*) > ${most} THEN count(*) END AS refused FROM candidates)`,
    visible: sql`${model.id} IN (SELECT id FROM candidates) AND ${isSeen}`,
  };
}

/**
 * What to say when a scan was refused.
 *
 * @param count how many rows the scan would have passed
 */
export function refusalOf(model: ReadModel, { sort, filters }: Query, count: number): string {
  const others = filters.filter((clause) => !isScoped(model, clause));
  const orders = Object.keys(model.scope?.orders ?? {}).filter((name) => name !== DEFAULT_ORDER);
  const asked = [
    ...new Set(others.map(({ path, operator }) => `filter{${path}.${operator}}`)),
    ...(others.length > 0 ? [] : sort.map(({ field }) => `sort[]=${field}`)),
  ];
  const fewer = narrowingNames(model).map((name) => `filter{${name}}`);
  return (
    `${asked.join(", ")}: would read ${count} ${model.title}s one by one, which is too many. ` +
    `Ask for fewer with one of ${fewer.join(", ")}` +
    (others.length > 0 ? ", or with fewer filters." : `, or sort by one of ${orders.join(", ")}.`)
  );
}

/** The filters that ask for fewer rows: an index, or the counters of the scopes, find those. */
function narrowingNames(model: ReadModel): readonly string[] {
  const { scope } = model;
  return vocabularyOf(model).filters.filter((path) => {
    const filter = findFilter(model, path);
    const isRange = filter?.type === "instant" && scope && Object.hasOwn(scope.orders, path);
    return filter?.candidates !== undefined || filter?.scoped === true || isRange === true;
  });
}

import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable, NOBODY } from "../db/access.ts";
import { KeptPieces } from "../db/kept-pieces.ts";
import { condense } from "../db/render.ts";
import { objectJson } from "./object.ts";
import type { Query, Selection } from "./parse.ts";
import { ownField, type ReadModel } from "./read-model.ts";
import { findRows } from "./rows.ts";

/** The rows that the objects in place of the ids of a page may read, for a stranger and for a caller who is known. */
const MOST_INCLUDED = { stranger: 200_000, known: 600_000 };

const EVERYTHING: Selection = { include: [], exclude: [] };

/** The bound on the bytes of a page's objects: the bound on an answer, less what surrounds the objects. */
const MAX_OF_OBJECTS = sql.raw(String(16 * 1024 * 1024 - 64 * 1024));

/** What the first row of a list tells, as JSON. SQLite writes truths as 0 and 1. */
export interface ListHead {
  /** The number of all rows that match the query. */
  readonly count: number;
  /** Whether there are more than `count`. */
  readonly isAtLeast: 0 | 1;
  /** Where finding the rows would read too many: how many. There are no objects then. */
  readonly refused: number | null;
  /** Where the included objects would read too many rows: how many. There are no objects then. */
  readonly included: number | null;
  /** Whether rows follow the page. */
  readonly hasMore: 0 | 1;
}

/**
 * The statement that answers a list: rows of `text` and `position`. The text of the first is the `ListHead`, and
 * that of each further one is an object of the page as JSON; null, and the last, where the answer would be too large
 * with it. The last row of a full page has its position, for a cursor.
 */
export function compileList(model: ReadModel, caller: Caller, query: Query): SQL {
  const rest = isUsual(query) ? keptList(model, caller, query) : list(model, caller, query);
  return sql`WITH ${callerTable(caller)}, ${rest}`;
}

/**
 * The statements of usual lists after the table of the caller. To build one takes about a fifth of the time of all
 * code that runs for a request. Each is made for a caller without a credential.
 */
const kept = new KeptPieces(200);

/** Whether a list is the first page of all records, and the query has no values that few requests share. */
const isUsual = ({ filters, words, offset, after, names }: Query) =>
  filters.length + words.length + offset === 0 && after === undefined && names === undefined;

function keptList(model: ReadModel, { kind }: Caller, query: Query): SQL {
  const { sort, include, exclude, limit } = query;
  const key = JSON.stringify([model.name, kind, sort, include, exclude, limit]);
  return kept.get(key, () => condense(list(model, NOBODY[kind], query)));
}

/** The statement after the table of the caller, on whose kind alone it depends. */
function list(model: ReadModel, caller: Caller, query: Query): SQL {
  const { tables, position } = findRows(model, caller, query);
  return sql`${tables}, ${budgetTable(model, caller, query)},
    ${objectsTable(model, caller, query, position)}
    SELECT CASE WHEN ${sizeOfPage} <= ${MAX_OF_OBJECTS} THEN text END AS text, position
    FROM objects ORDER BY place`;
}

/** The names in `include[]` whose objects can read very many rows. */
export function dearIncludes(model: ReadModel, { include }: Selection): readonly string[] {
  return include.filter((name) => costOfInclude(model, name) !== undefined);
}

function costOfInclude(model: ReadModel, name: string): SQL | undefined {
  const include = ownField(model, name)?.include;
  return include === "none" ? undefined : include?.cost;
}

/** The common table `budget(included)`: how many rows the included objects would read, when those are too many. */
function budgetTable(model: ReadModel, caller: Caller, query: Query): SQL {
  const costs = query.include.flatMap((name) => costOfInclude(model, name) ?? []);
  if (costs.length === 0 || caller.kind === "operator") {
    return sql`budget AS (SELECT NULL AS included)`;
  }
  const most = caller.kind === "public" ? MOST_INCLUDED.stranger : MOST_INCLUDED.known;
  const { table } = model;
  // The last rowid of the list may be that of the row after the page.
  return sql`budget AS MATERIALIZED (
    SELECT CASE WHEN total(cost) > ${most} THEN CAST(total(cost) AS INTEGER) END AS included FROM (
      SELECT ${sql.join(costs, sql` + `)} AS cost FROM page CROSS JOIN json_each(page.list) AS listed
      CROSS JOIN ${table} ON ${table}.rowid = listed.value WHERE listed.key < ${query.limit}))`;
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

/**
 * The common table `objects(place, size, text, position)`: the head of the list at the place -1, the page's objects,
 * and for each the bytes of those before it. The table is recursive so that it stops at the object that makes the
 * answer too large. A hundred rows can need far more memory than the database has, and their size is known only once
 * their text is built. One query alone reads the table, because SQLite prepares it, with all tables before it, for
 * each that names it.
 */
function objectsTable(model: ReadModel, caller: Caller, query: Query, position: SQL): SQL {
  const { table } = model;
  const { limit } = query;
  return sql`objects(place, size, text, position) AS (
    SELECT -1, 0, json_object('count', count, 'isAtLeast', "isAtLeast", 'refused', refused,
      'included', included, 'hasMore', json_array_length(page.list) > ${limit}), NULL
    FROM totals CROSS JOIN page CROSS JOIN budget
    UNION ALL SELECT objects.place + 1, ${sizeOfPage}, ${objectJson(model, caller, query)},
      CASE WHEN objects.place + 2 = ${limit} THEN ${position} END
    FROM objects CROSS JOIN page
    CROSS JOIN ${table} ON ${table}.rowid = page.list ->> (objects.place + 1)
    WHERE objects.place + 1 < ${limit} AND ${sizeOfPage} <= ${MAX_OF_OBJECTS}
      AND (SELECT included IS NULL FROM budget))`;
}

/** The bytes of the objects up to and including this one, each with the comma that follows it, and of the head. */
const sizeOfPage = sql`objects.size + octet_length(objects.text) + 1`;

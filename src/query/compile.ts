import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable } from "../db/access.ts";
import { objectJson } from "./object.ts";
import type { Query, Selection } from "./parse.ts";
import { ownField, type ReadModel } from "./read-model.ts";
import { findRows } from "./rows.ts";

/** The rows that the objects in place of the ids of a page may read, for a stranger and for a caller who is known. */
const MOST_INCLUDED = { stranger: 200_000, known: 600_000 };

const EVERYTHING: Selection = { include: [], exclude: [] };

/** The bound on the bytes of a page's objects: the bound on an answer, less what surrounds the objects. */
const MAX_OF_OBJECTS = sql.raw(String(16 * 1024 * 1024 - 64 * 1024));

/**
 * The statement that answers a list. Every row has the `count` of all rows that match the query, `isAtLeast`,
 * whether there are more than that, and `hasMore`, whether rows follow the page. The page's objects come as JSON text (`body`) with their `place`;
 * an empty page has one row with a null `place`. The last row of a full page has its `position`. Where the
 * answer would be too large, every `body` is null. Where finding the rows would read too many, `refused` is
 * the number of rows, and there are no objects. Where the included objects would read too many, `included` is
 * that number.
 */
export function compileList(model: ReadModel, caller: Caller, query: Query): SQL {
  const { limit } = query;
  const { tables, position } = findRows(model, caller, query);
  return sql`WITH ${callerTable(caller)}, ${tables}, ${budgetTable(model, caller, query)},
    ${objectsTable(model, caller, query, position)}
    SELECT count, "isAtLeast", refused, included, json_array_length(page.list) > ${limit} AS "hasMore",
      ${shownObject}, position
    FROM totals CROSS JOIN page CROSS JOIN budget LEFT JOIN objects ON place >= 0 ORDER BY place`;
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
 * The common table `objects(place, size, body, position)`: the page's objects, and for each the bytes of
 * those before it. The table is recursive so that it stops at the object that makes the answer too large. A
 * hundred rows can need far more memory than the database has, and their size is known only once their text
 * is built.
 */
function objectsTable(model: ReadModel, caller: Caller, query: Query, position: SQL): SQL {
  const { table } = model;
  return sql`objects(place, size, body, position) AS MATERIALIZED (SELECT -1, 0, '', NULL UNION ALL
    SELECT objects.place + 1, ${sizeOfPage}, ${objectJson(model, caller, query)},
      CASE WHEN objects.place + 2 = ${query.limit} THEN ${position} END
    FROM objects CROSS JOIN page
    CROSS JOIN ${table} ON ${table}.rowid = page.list ->> (objects.place + 1)
    WHERE objects.place + 1 < ${query.limit} AND ${sizeOfPage} <= ${MAX_OF_OBJECTS}
      AND (SELECT included IS NULL FROM budget))`;
}

/** The bytes of the objects up to and including this one, each with the comma that follows it. */
const sizeOfPage = sql`objects.size + octet_length(objects.body) + 1`;

const shownObject = sql`place,
  CASE WHEN (SELECT max(${sizeOfPage}) FROM objects) <= ${MAX_OF_OBJECTS} THEN body END AS body`;

import { type SQL, sql } from "drizzle-orm";
import { callerTable, type Viewer } from "../db/access.ts";
import { quoteId } from "./field.ts";
import { OPERATORS } from "./operators.ts";
import type { FilterClause, Query, Selection } from "./parse.ts";
import { findFilter, ownField, type Resource } from "./resource.ts";

const EVERYTHING: Selection = { include: [], exclude: [] };

/** The statements that answer a list: the page's objects as JSON text (`body`), and the whole `count`. */
export function compileList(
  resource: Resource,
  viewer: Viewer,
  query: Query,
): readonly [page: SQL, count: SQL] {
  return [compilePage(resource, viewer, query), compileCount(resource, viewer, query.filters)];
}

/**
 * One object as JSON text (`body`): no row when there is none, a null body when the viewer may not
 * read it.
 */
export function compileDetail(
  resource: Resource,
  viewer: Viewer,
  id: string,
  selection: Selection = EVERYTHING,
): SQL {
  return sql`WITH ${callerTable(viewer)}
    SELECT CASE WHEN ${resource.readable(viewer)} THEN ${objectJson(resource, viewer, selection)} END AS body
    FROM ${resource.table} WHERE ${resource.id} = ${id}`;
}

/** The rows of the page are found first, over indexes alone, and only then read. */
function compilePage(resource: Resource, viewer: Viewer, query: Query): SQL {
  const order = sql.join([...orderOf(resource, query)], sql`, `);
  return sql`WITH ${callerTable(viewer)}, page AS MATERIALIZED (
      SELECT ${resource.table}.rowid AS page_row FROM ${resource.table}
      WHERE ${conditions(resource, viewer, query.filters)}
      ORDER BY ${order} LIMIT ${query.limit} OFFSET ${query.offset})
    SELECT ${objectJson(resource, viewer, query)} AS body
    FROM page JOIN ${resource.table} ON ${resource.table}.rowid = page_row ORDER BY ${order}`;
}

function compileCount(resource: Resource, viewer: Viewer, filters: readonly FilterClause[]): SQL {
  const { scope } = resource;
  const onScopesAlone = filters.every(({ path }) => findFilter(resource, path)?.scoped);
  if (scope === undefined || !onScopesAlone) {
    return sql`WITH ${callerTable(viewer)} SELECT count(*) AS count FROM ${resource.table}
      WHERE ${conditions(resource, viewer, filters)}`;
  }
  return sql`WITH ${callerTable(viewer)} SELECT coalesce(sum(${scope.count}), 0) AS count
    FROM ${scope.table} WHERE ${conditions(resource, viewer, filters, scope.ofScope)}`;
}

function conditions(
  resource: Resource,
  viewer: Viewer,
  filters: readonly FilterClause[],
  scope = resource.scope?.ofRow ?? resource.id,
): SQL {
  return sql.join(
    [
      resource.visible(viewer, scope),
      ...filters.map((clause) => compileFilter(resource, viewer, clause, scope)),
    ],
    sql` AND `,
  );
}

function compileFilter(
  resource: Resource,
  viewer: Viewer,
  { path, operator, values, negated }: FilterClause,
  scope: SQL,
): SQL {
  const filter = findFilter(resource, path);
  const definition = OPERATORS.get(operator);
  if (filter === undefined || definition === undefined) {
    throw new Error(`No filter ${path}.${operator} on ${resource.name}`);
  }
  const asksForNone = operator === "isnull" && filter.related === true;
  const condition = asksForNone
    ? filter.where(() => sql`1`, viewer, scope)
    : filter.where((target) => definition.compile(target, values), viewer, scope);
  // A comparison with a missing value is neither true nor false: negated it holds.
  const denied = negated !== (asksForNone && values[0] === 1);
  return denied ? sql`(${condition}) IS NOT TRUE` : sql`(${condition})`;
}

/** The id breaks ties, so that pages neither overlap nor leave a gap. */
function orderOf(resource: Resource, query: Query): readonly SQL[] {
  if (query.sort.length === 0) return resource.defaultOrder;
  const keys = query.sort.map(({ field, descending }) => {
    const key = ownField(resource, field)?.sort;
    if (key === undefined) throw new Error(`No sort key ${field} on ${resource.name}`);
    return descending ? sql`${key} DESC` : key;
  });
  return [...keys, resource.id];
}

/** The JSON text of one row, its keys in the order of the field table. */
function objectJson(resource: Resource, viewer: Viewer, selection: Selection): SQL {
  const parts: SQL[] = [];
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.json === undefined || selection.exclude.includes(name)) continue;
    const lead = sql.raw(`'${parts.length === 0 ? "{" : ","}"${name}":'`);
    const value =
      field.include !== undefined && selection.include.includes(name)
        ? field.include.list(embedded(field.include.resource(), viewer), viewer)
        : field.json(viewer);
    parts.push(sql`${lead} || ${value}`);
  }
  return sql`${balanced(parts)} || '}'`;
}

/** A related object, or no more than its id where the viewer may not read it. */
function embedded(resource: Resource, viewer: Viewer): SQL {
  return sql`CASE WHEN ${resource.readable(viewer)} THEN ${objectJson(resource, viewer, EVERYTHING)}
    ELSE '{"id":' || ${quoteId(resource.id)} || '}' END`;
}

/** Concatenates as a balanced tree: D1 allows expressions a depth of 100. */
function balanced(parts: readonly SQL[]): SQL {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const middle = Math.ceil(parts.length / 2);
  return sql`(${balanced(parts.slice(0, middle))} || ${balanced(parts.slice(middle))})`;
}

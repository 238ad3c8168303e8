import { type SQL, sql } from "drizzle-orm";
import { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Expression } from "../db/expression.ts";
import type { Position, PositionValue } from "./cursor.ts";
import type { Query, SortKey } from "./parse.ts";
import { ownField, type ReadModel } from "./read-model.ts";

// The order of a list, and where in that order a cursor stands.

/** One key of an order. */
export interface OrderKey {
  readonly key: Expression;
  readonly descending: boolean;
}

/**
 * The sort keys of a list. The id breaks ties, so that pages neither overlap nor leave a gap, in the direction
 * of the key before it. The order downwards is then the order upwards read from its end.
 */
export function sortKeysOf(model: ReadModel, sort: Query["sort"]): readonly OrderKey[] {
  const last = sort.at(-1);
  if (last === undefined) {
    return model.defaultOrder.map((key) => ({ key, descending: false }));
  }
  const isTotal = sort.some(({ field }) => ownField(model, field)?.unique);
  const id = { key: model.id, descending: last.descending };
  return [...sort.map((key) => sortKeyOf(model, key)), ...(isTotal ? [] : [id])];
}

function sortKeyOf(model: ReadModel, { field, descending }: SortKey): OrderKey {
  const key = ownField(model, field)?.sort;
  if (key === undefined) throw new Error(`No sort key ${field} on ${model.name}`);
  return { key, descending };
}

/** What follows `ORDER BY`. */
export function orderBy(keys: readonly OrderKey[]): SQL {
  return sql.join(
    keys.map(({ key, descending }) => (descending ? sql`${key} DESC` : sql`${key}`)),
    sql`, `,
  );
}

/** The same order backwards. */
export const reversed = (keys: readonly OrderKey[]): readonly OrderKey[] =>
  keys.map(({ key, descending }) => ({ key, descending: !descending }));

/** The values of a row's keys as a JSON list: the position of the row for a cursor. */
export function positionJson(keys: readonly OrderKey[]): SQL {
  // A real number keeps all of its digits, which json_quote would round.
  const values = keys.map(
    ({ key }) => sql`CASE typeof(${key}) WHEN 'real' THEN format('%!.17g', ${key})
      ELSE json_quote(${key}) END`,
  );
  return sql`'[' || ${sql.join(values, sql` || ',' || `)} || ']'`;
}

/**
 * The conditions for the rows after a cursor, as ranges of the order: each range comes after the one before,
 * and an index over the keys serves each of them.
 */
export function rangesAfter(keys: readonly OrderKey[], values: Position): readonly SQL[] {
  const [first, ...rest] = keys;
  if (first === undefined) return [];
  const [value = null, ...restValues] = values;
  const same = sql`${first.key} IS ${value}`;
  return [
    ...(rest.length === 0 ? [] : [sql`${same} AND ${isAfter(rest, restValues)}`]),
    ...furtherRanges(first, value),
  ];
}

/** The condition for the rows after a cursor, for rows that no index sorts. */
export function isAfter(keys: readonly OrderKey[], values: Position): SQL {
  return sql`(${sql.join([...rangesAfter(keys, values)], sql` OR `)})`;
}

/** The ranges of rows whose key itself comes after the value. A null comes before every other value. */
function furtherRanges({ key, descending }: OrderKey, value: PositionValue): readonly SQL[] {
  if (!descending) return [value === null ? sql`${key} IS NOT NULL` : sql`${key} > ${value}`];
  if (value === null) return [];
  const isNever = key instanceof SQLiteColumn && key.notNull;
  return [sql`${key} < ${value}`, ...(isNever ? [] : [sql`${key} IS NULL`])];
}

import { type SQL, sql } from "drizzle-orm";
import type { Caller } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { OPERATORS } from "./operators.ts";
import type { FilterClause } from "./parse.ts";
import { findFilter, type ReadModel, type Scope } from "./read-model.ts";

/** Whether a filter depends on the row's scope alone. */
export function isScoped(model: ReadModel, { path }: FilterClause): boolean {
  return model.scope !== undefined && findFilter(model, path)?.scoped === true;
}

/** The condition for rows that the caller may see and that match the filters. */
export function rowConditions(
  model: ReadModel,
  caller: Caller,
  filters: readonly FilterClause[],
): SQL {
  const { scope } = model;
  const rest = filters.filter((clause) => !isScoped(model, clause));
  const conditions = rest.map((clause) => compileFilter(model, caller, clause, model.id));
  const seen =
    scope === undefined
      ? model.visible(caller, model.id)
      : sql`${scope.ofRow} IN (SELECT ${scope.ofScope} FROM ${scope.table}
          WHERE ${scopeConditions(model, scope, caller, filters)})`;
  return sql.join([seen, ...conditions], sql` AND `);
}

/** The condition for scopes that the caller may see and that match the filters on scopes. */
export function scopeConditions(
  model: ReadModel,
  scope: Scope,
  caller: Caller,
  filters: readonly FilterClause[],
): SQL {
  const scoped = filters.filter((clause) => isScoped(model, clause));
  const conditions = scoped.map((clause) => compileFilter(model, caller, clause, scope.ofScope));
  return sql.join([model.visible(caller, scope.ofScope), ...conditions], sql` AND `);
}

/** The condition for given rows, each of which is checked by itself. */
export function conditionsOnRow(
  model: ReadModel,
  caller: Caller,
  filters: readonly FilterClause[],
): SQL {
  const conditions = filters.map((clause) => {
    const scope = isScoped(model, clause) ? model.scope?.ofRow : undefined;
    return compileFilter(model, caller, clause, scope ?? model.id);
  });
  return sql.join([model.readable(caller), ...conditions], sql` AND `);
}

/** The condition that each word of a search occurs in one of the model's searched fields. */
export function wordConditions(model: ReadModel, caller: Caller, words: readonly string[]): SQL[] {
  const paths = model.search?.fields ?? [];
  return words.map((word) => {
    const places = paths.map((path) => wordOccursIn(model, caller, path, word));
    return sql`(${sql.join(places, sql` OR `)})`;
  });
}

/** Whether a folded word occurs in one field of a row. */
export function wordOccursIn(model: ReadModel, caller: Caller, path: string, word: string): SQL {
  const filter = findFilter(model, path);
  if (filter === undefined) throw new Error(`No field ${path} to search in on ${model.name}`);
  return filter.where(
    ({ column, folded = column }) => sql`instr(${folded}, ${word}) > 0`,
    caller,
    model.id,
  );
}

function compileFilter(
  model: ReadModel,
  caller: Caller,
  { path, operator, values, negated }: FilterClause,
  scope: Expression,
): SQL {
  const filter = findFilter(model, path);
  const definition = OPERATORS.get(operator);
  if (filter === undefined || definition === undefined) {
    throw new Error(`No filter ${path}.${operator} on ${model.name}`);
  }
  const asksForNone = operator === "isnull" && filter.related === true;
  const condition = asksForNone
    ? filter.where(() => sql`1`, caller, scope)
    : filter.where((target) => definition.compile(target, values), caller, scope);
  // A comparison with NULL is neither true nor false. A negated filter matches such a row.
  const denied = negated !== (asksForNone && values[0] === 1);
  return denied ? sql`(${condition}) IS NOT TRUE` : sql`(${condition})`;
}

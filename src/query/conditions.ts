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

/** The conditions of filters; none of them depends on the scope alone where the model has scopes. */
export function filterConditions(
  model: ReadModel,
  caller: Caller,
  filters: readonly FilterClause[],
): readonly SQL[] {
  return filters.map((clause) => compileFilter(model, caller, clause, model.id));
}

/**
 * The scopes that the caller may see and that match the filters on scopes, each once: a query of
 * `(id, rows)`, where `rows` is the number of the model's rows in the scope.
 */
export function seenScopes(
  model: ReadModel,
  scope: Scope,
  caller: Caller,
  filters: readonly FilterClause[],
): SQL {
  const conditions = filters
    .filter((clause) => isScoped(model, clause))
    .map((clause) => compileFilter(model, caller, clause, scope.ofScope));
  const all = [scope.visible(caller), sql`${scope.count} > 0`, ...conditions];
  return sql`SELECT DISTINCT ${scope.ofScope} AS id, ${scope.count} AS rows FROM ${scope.table}
    WHERE ${sql.join(all, sql` AND `)}`;
}

/** The same condition on one row of the scope `ofRow`, which reads that scope and no other. */
export function rowIsSeen(
  model: ReadModel,
  scope: Scope,
  caller: Caller,
  filters: readonly FilterClause[],
  ofRow: Expression = scope.ofRow,
): SQL {
  const conditions = filters
    .filter((clause) => isScoped(model, clause))
    .map((clause) => compileFilter(model, caller, clause, ofRow));
  // Without the sign, SQLite would look up each thing that the caller may read in the index of the scope.
  const visible = sql`EXISTS (SELECT 1 FROM ${scope.table}
    WHERE ${scope.ofScope} = ${ofRow} AND +${scope.visible(caller)})`;
  return sql.join([visible, ...conditions], sql` AND `);
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

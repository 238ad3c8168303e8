import { type SQL, sql } from "drizzle-orm";
import type { Caller } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { OPERATORS, type Target } from "./operators.ts";
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

/** Whether an operator asks for single values, which an index can find. */
export const isExact = (operator: string) => operator === "eq" || operator === "in";

/** Whether a filter may read all records that are related to each row. */
export function isHeavy(model: ReadModel, { path, operator }: FilterClause): boolean {
  const isRead = !isExact(operator) && operator !== "isnull";
  return isRead && findFilter(model, path)?.isHeavy === true;
}

/** What an index finds: a query of rows, by their `key`, and the filters that need no further check on them. */
export interface Narrowing {
  readonly key: Expression;
  readonly candidates: SQL;
  readonly answered: readonly FilterClause[];
  /** Common tables that the query needs. */
  readonly tables?: SQL;
}

/**
 * The first filter of a list that asks for single values which an index finds.
 *
 * @param isTried which filters are looked at
 */
export function findNarrowing(
  model: ReadModel,
  caller: Caller,
  filters: readonly FilterClause[],
  isTried: (clause: FilterClause) => boolean,
): Narrowing | undefined {
  for (const clause of filters) {
    const { path, operator, values, negated } = clause;
    const candidates = findFilter(model, path)?.candidates;
    const definition = OPERATORS.get(operator);
    if (candidates === undefined || definition === undefined || negated) continue;
    if (!isExact(operator) || !isTried(clause)) continue;
    const test = (target: Target) => definition.compile(target, values);
    return { key: model.id, candidates: candidates(test, caller), answered: [clause] };
  }
  return undefined;
}

const ON_RANGES = ["eq", "in", "gt", "gte", "lt", "lte", "range"];

/** The filters on a range of a date that the scopes are sorted by: one index has the range of each scope. */
export function findRange(
  model: ReadModel,
  scope: Scope,
  caller: Caller,
  filters: readonly FilterClause[],
): Narrowing | undefined {
  const isRange = ({ path, operator, negated }: FilterClause) =>
    findFilter(model, path)?.type === "instant" &&
    Object.hasOwn(scope.orders, path) &&
    ON_RANGES.includes(operator) &&
    !negated;
  const first = filters.find(isRange);
  if (first === undefined) return undefined;
  const clauses = filters.filter((clause) => clause.path === first.path && isRange(clause));
  const conditions = filterConditions(model, caller, clauses);
  const index = scope.orders[first.path]?.ofScope ?? "";
  return {
    key: model.id,
    answered: clauses,
    candidates: sql`SELECT ${model.id} FROM (${seenScopes(model, scope, caller, filters)}) AS seen
      CROSS JOIN ${model.table} INDEXED BY ${sql.raw(index)} ON ${scope.ofRow} = seen.id
      AND ${sql.join([...conditions], sql` AND `)}`,
  };
}

/** How many rows the conditions of filters read for each row that they decide on. */
export function costOf(model: ReadModel, filters: readonly FilterClause[]): number {
  return filters.reduce((sum, { path }) => sum + (findFilter(model, path)?.cost ?? 0), 0);
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
    .map((clause) => compileFilter(model, caller, clause, sql`+${scope.ofScope}`));
  // Without the sign, SQLite would combine each scope that a filter finds with each thing that the caller may
  // read, and look up all of these pairs.
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
  const test = (target: Target) => (asksForNone ? sql`1` : definition.compile(target, values));
  const condition =
    filter.isHeavy && filter.candidates && isExact(operator)
      ? sql`${model.id} IN (${filter.candidates(test, caller)})`
      : filter.where(test, caller, scope);
  // A comparison with NULL is neither true nor false. A negated filter matches such a row.
  const denied = negated !== (asksForNone && values[0] === 1);
  return denied ? sql`(${condition}) IS NOT TRUE` : sql`(${condition})`;
}

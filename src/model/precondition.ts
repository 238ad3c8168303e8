import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { type Caller, callerTable, isBeingFilled, isSignedIn, levelOn } from "../db/access.ts";
import { raise } from "../db/constraint-error.ts";
import type { Expression } from "../db/expression.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import { SHARED_TABLES } from "../db/shared-tables.ts";
import { LEVEL_FOR, type Permission, type SharedKind, type Verb } from "../values/permission.ts";
import type { Violation } from "../values/violation.ts";
import type { Accessed } from "./access.ts";

/**
 * A precondition of a write: a `SELECT` of a column `violation`, with one row for each violation (the JSON of a
 * `Violation`). At the start of the transaction the `SELECT` is part of the guard, which stops the write.
 * After a refusal the same `SELECT` runs again and lists all violations.
 */
export type Precondition = (caller: Caller) => SQL;

/** The precondition as a statement that lists its violations. */
export function findViolations(precondition: Precondition, caller: Caller): SQL {
  return sql`WITH ${callerTable(caller)} ${precondition(caller)}`;
}

/**
 * The preconditions as one statement that fails the batch with the first violation. An import in progress and
 * a token that is not valid come before all others. It is one statement because in D1 a statement costs more
 * than what these read.
 */
export function guardOf(preconditions: readonly Precondition[], caller: Caller): SQL {
  const violations = [isOpen, callerIsKnown, ...preconditions].map(
    (each) => sql`(${each(caller)})`,
  );
  const first = sql`coalesce(${sql.join([...violations], sql`, `)}, NULL)`;
  return sql`WITH ${callerTable(caller)} ${raise(sql`SELECT violation
    FROM (SELECT ${first} AS violation) WHERE violation IS NOT NULL`)}`;
}

const isOpen: Precondition = () =>
  sql`SELECT '{"kind":"filling"}' AS violation WHERE ${isBeingFilled}`;

const callerIsKnown: Precondition = (caller) =>
  isSignedIn(caller)
    ? sql`SELECT '{"kind":"unauthenticated"}' AS violation WHERE NOT EXISTS (SELECT 1 FROM caller)`
    : sql`SELECT NULL AS violation WHERE 0`;

/** A table of records with an id, as preconditions refer to it. */
export type RecordTable = SQLiteTable & { readonly id: SQLiteColumn };

/** The record in the path exists, and the caller may see it. */
export function targetIsVisible(model: Accessed, id: string): Precondition {
  const { title, table, viewPermission: permission } = model;
  const hidden = JSON.stringify({ kind: "hidden", model: title, permission });
  return (caller) => sql`SELECT violation FROM (SELECT CASE
      (SELECT ${model.readable(caller)} FROM ${table} WHERE ${model.id} = ${id})
      WHEN 1 THEN NULL WHEN 0 THEN ${hidden} ELSE '{"kind":"absent"}' END AS violation)
    WHERE violation IS NOT NULL`;
}

/** Every id in a field exists. */
export function idsExist(field: string, table: RecordTable, ids: readonly string[]): Precondition {
  return () => sql`SELECT json_object('kind', 'missing', 'field', ${field}, 'id', value) AS violation
    FROM json_each(${JSON.stringify(ids)})
    WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table.id} = value)`;
}

/** No other record of the table has this value in a unique column. */
export function valueIsFree(
  field: string,
  column: SQLiteColumn,
  value: string,
  title: string,
  exceptId = "",
): Precondition {
  // Drizzle types `column.table` without its columns. Every table with a unique name or email has an id.
  const table = column.table as RecordTable;
  return conflictWhere(
    field,
    takenMessage(title, field),
    sql`EXISTS (SELECT 1 FROM ${table} WHERE ${column} = ${value} AND ${table.id} <> ${exceptId})`,
  );
}

export function takenMessage(title: string, field: string): string {
  return `${title} with this ${field} already exists.`;
}

/** The caller has a permission on every one of these records of a kind that exists. */
export function holdsOn(verb: Verb, kind: SharedKind, ids: readonly string[]): Precondition {
  return holdsOnAll(verb, kind, sql`SELECT value FROM json_each(${JSON.stringify(ids)})`);
}

/** As `holdsOn`, for the ids that a `SELECT value` finds. */
export function holdsOnAll(verb: Verb, kind: SharedKind, ids: Expression): Precondition {
  const { records: table } = SHARED_TABLES[kind];
  const permission: Permission = `${verb}_${kind}`;
  return (caller) => sql`SELECT
      json_object('kind', 'denied', 'permission', ${permission}, 'id', value) AS violation
    FROM (${ids}) WHERE EXISTS (SELECT 1 FROM ${table} WHERE ${table.id} = value)
    AND ${levelOn(caller, kind, sql`value`)} < ${LEVEL_FOR[verb]}`;
}

/**
 * The caller has the change permission on every project or data storage in a column of related rows; `from`
 * is what follows `FROM`. A violation does not reveal the id of a record that the caller may not see.
 */
export function changesAll(
  kind: "project" | "datastorage",
  id: SQLiteColumn,
  from: Expression,
): Precondition {
  const permission: Permission = `change_${kind}`;
  return (caller) => {
    const level = levelOn(caller, kind, id);
    return sql`SELECT json_object('kind', 'denied', 'permission', ${permission},
        'id', CASE WHEN ${level} > 0 THEN ${id} END) AS violation
      FROM ${from} AND ${level} < ${LEVEL_FOR.change}`;
  };
}

/**
 * The caller has `change_project` on every project of this project set, or only on the projects whose row of
 * `session_projects` meets a condition.
 */
export function changesProjectsOf(projectSetId: Expression, condition = sql`true`): Precondition {
  return changesAll(
    "project",
    sessionProjects.projectId,
    sql`${sessionProjects} WHERE ${sessionProjects.projectSetId} = ${projectSetId} AND ${condition}`,
  );
}

/** A field of the body does not conflict with what is stored: it conflicts where `condition` holds. */
export function conflictWhere(
  field: string,
  message: string,
  condition: Expression | ((caller: Caller) => SQL),
): Precondition {
  return violationWhere({ kind: "conflict", field, message }, condition);
}

/** The state of the target allows the write: it does not where `condition` holds. */
export function blockedWhere(message: string, condition: Expression): Precondition {
  return violationWhere({ kind: "blocked", message }, condition);
}

/** One violation that is known in advance and occurs where `condition` holds. */
export function violationWhere(
  violation: Violation,
  condition: Expression | ((caller: Caller) => SQL),
): Precondition {
  const text = JSON.stringify(violation);
  return (caller) => sql`SELECT ${text} AS violation
    WHERE ${typeof condition === "function" ? condition(caller) : condition}`;
}

import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { type Caller, callerTable, isBeingFilled, levelOn } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { dataStorages } from "../db/schema/data-storages.ts";
import { groups } from "../db/schema/groups.ts";
import { projects } from "../db/schema/projects.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import { type Holder, LEVEL_FOR, type Permission, type Verb } from "../values/permission.ts";
import type { Violation } from "../values/violation.ts";
import type { Accessed } from "./access.ts";

/**
 * What must hold for a write: a `SELECT` of a column `fault`, one row for each violation (the JSON of a
 * `Violation`). It is asked at the head of the writing batch, which it stops, and after a refusal once
 * more, in the same words, to say all that is wrong.
 */
export type Precondition = (caller: Caller) => SQL;

/** The precondition as a statement that lists its violations. */
export function findViolations(precondition: Precondition, caller: Caller): SQL {
  return sql`WITH ${callerTable(caller)} ${precondition(caller)}`;
}

/**
 * The preconditions as one statement that fails the batch with the first violation, and before all others
 * while an import fills the database, and when the token is not valid. One, because in D1 a statement costs more than what these read.
 */
export function guardOf(preconditions: readonly Precondition[], caller: Caller): SQL {
  const violations = [isOpen, callerIsKnown, ...preconditions].map(
    (each) => sql`(${each(caller)})`,
  );
  return sql`WITH ${callerTable(caller)}
    INSERT INTO write_faults (fault) SELECT fault
    FROM (SELECT coalesce(${sql.join([...violations], sql`, `)}, NULL) AS fault) WHERE fault IS NOT NULL`;
}

const isOpen: Precondition = () => sql`SELECT '{"kind":"filling"}' AS fault WHERE ${isBeingFilled}`;

const callerIsKnown: Precondition = (caller) =>
  caller.kind === "bearer"
    ? sql`SELECT '{"kind":"unauthenticated"}' AS fault WHERE NOT EXISTS (SELECT 1 FROM caller)`
    : sql`SELECT NULL AS fault WHERE 0`;

const HOLDERS = { project: projects, datastorage: dataStorages, group: groups } as const;

/** A table of records with an id, as preconditions refer to it. */
export type RecordTable = SQLiteTable & { readonly id: SQLiteColumn };

/** The record that the request addresses is there, and the caller may see it. */
export function targetIsVisible(model: Accessed, id: string): Precondition {
  const { title, table, viewPermission: permission } = model;
  const hidden = JSON.stringify({ kind: "hidden", model: title, permission });
  return (caller) => sql`SELECT fault FROM (SELECT CASE
      (SELECT ${model.readable(caller)} FROM ${table} WHERE ${model.id} = ${id})
      WHEN 1 THEN NULL WHEN 0 THEN ${hidden} ELSE '{"kind":"absent"}' END AS fault)
    WHERE fault IS NOT NULL`;
}

/** Every id that a field names exists. */
export function idsExist(field: string, table: RecordTable, ids: readonly string[]): Precondition {
  return () => sql`SELECT json_object('kind', 'missing', 'field', ${field}, 'id', value) AS fault
    FROM json_each(${JSON.stringify(ids)})
    WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table.id} = value)`;
}

/** No other record of the table has this value in a column that is unique. */
export function valueIsFree(
  field: string,
  column: SQLiteColumn,
  value: string,
  title: string,
  exceptId = "",
): Precondition {
  // The table of a named column has its columns too, and one with a name or an email to be free has an id.
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

/** The caller holds a permission on every one of these projects, data storages or groups that exists. */
export function holdsOn(verb: Verb, holder: Holder, ids: readonly string[]): Precondition {
  return holdsOnAll(verb, holder, sql`SELECT value FROM json_each(${JSON.stringify(ids)})`);
}

/** As `holdsOn`, for the ids that a `SELECT value` finds. */
export function holdsOnAll(verb: Verb, holder: Holder, ids: Expression): Precondition {
  const table = HOLDERS[holder];
  const permission: Permission = `${verb}_${holder}`;
  return (caller) => sql`SELECT
      json_object('kind', 'denied', 'permission', ${permission}, 'id', value) AS fault
    FROM (${ids}) WHERE EXISTS (SELECT 1 FROM ${table} WHERE ${table.id} = value)
    AND ${levelOn(caller, holder, sql`value`)} < ${LEVEL_FOR[verb]}`;
}

/**
 * The change permission on every project or data storage in a column of related rows; `from` is what
 * follows `FROM`. The id of one that the caller may not see is not told.
 */
export function changesAll(
  holder: "project" | "datastorage",
  id: SQLiteColumn,
  from: Expression,
): Precondition {
  const permission: Permission = `change_${holder}`;
  return (caller) => {
    const level = levelOn(caller, holder, id);
    return sql`SELECT json_object('kind', 'denied', 'permission', ${permission},
        'id', CASE WHEN ${level} > 0 THEN ${id} END) AS fault
      FROM ${from} AND ${level} < ${LEVEL_FOR.change}`;
  };
}

/**
 * `change_project` on every project that the sessions of this project set are in, or on those of them
 * alone that meet a condition on their row of `session_projects`.
 */
export function changesProjectsOf(projectSetId: Expression, condition = sql`true`): Precondition {
  return changesAll(
    "project",
    sessionProjects.projectId,
    sql`${sessionProjects} WHERE ${sessionProjects.projectSetId} = ${projectSetId} AND ${condition}`,
  );
}

/** A field of the body is not at odds with what is stored: the message says how it is, where it is. */
export function conflictWhere(
  field: string,
  message: string,
  condition: Expression | ((caller: Caller) => SQL),
): Precondition {
  return violationWhere({ kind: "conflict", field, message }, condition);
}

/** The target is in no state that stands in the way of the write. */
export function blockedWhere(message: string, condition: Expression): Precondition {
  return violationWhere({ kind: "blocked", message }, condition);
}

/** One violation that is known in advance, where a condition holds. */
export function violationWhere(
  violation: Violation,
  condition: Expression | ((caller: Caller) => SQL),
): Precondition {
  const text = JSON.stringify(violation);
  return (caller) => sql`SELECT ${text} AS fault
    WHERE ${typeof condition === "function" ? condition(caller) : condition}`;
}

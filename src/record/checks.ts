import { callerTable, levelOn, type Viewer } from "../db/access.ts";
import { type SQL, sql } from "../db/sql.ts";
import { type Column, dataStorages, groups, projects, type Table } from "../db/tables.ts";
import { type Holder, LEVEL_FOR, type Permission, type Verb } from "../domain/permission.ts";
import type { Resource } from "../query/resource.ts";

/**
 * One thing that must hold for a write: a `SELECT` of a column `fault`, one row for each fault found
 * (the JSON of a domain `Fault`). It is asked twice, in the same words: by the permission middleware,
 * to say all that is wrong, and at the head of the writing batch, to stop it when something changed
 * in between.
 */
export type Check = (viewer: Viewer) => SQL;

/** The check as a statement that lists its faults. */
export function askCheck(check: Check, viewer: Viewer): SQL {
  return sql`WITH ${callerTable(viewer)} ${check(viewer)}`;
}

/**
 * The checks as one statement that fails the batch with the first fault, and before all others when the
 * token does not open the door. One, because in D1 a statement costs more than what these read.
 */
export function guardAll(checks: readonly Check[], viewer: Viewer): SQL {
  const faults = [callerIsKnown, ...checks].map((check) => sql`(${check(viewer)})`);
  return sql`WITH ${callerTable(viewer)}
    INSERT INTO write_faults (fault) SELECT fault
    FROM (SELECT coalesce(${sql.join(faults, sql`, `)}, NULL) AS fault) WHERE fault IS NOT NULL`;
}

const callerIsKnown: Check = (viewer) =>
  viewer.kind === "bearer"
    ? sql`SELECT '{"kind":"unauthenticated"}' AS fault WHERE NOT EXISTS (SELECT 1 FROM caller)`
    : sql`SELECT NULL AS fault WHERE 0`;

const HOLDERS = { project: projects, datastorage: dataStorages, group: groups } as const;

/** A table of records with an id, as checks refer to it. */
export type RecordTable = Table & { readonly id: Column };

/** The record that the request addresses is there, and the viewer may see it. */
export function targetIsVisible(resource: Resource, id: string, permission: Permission): Check {
  const hidden = JSON.stringify({ kind: "hidden", model: resource.title, permission });
  return (viewer) => sql`SELECT fault FROM (SELECT CASE
      (SELECT ${resource.readable(viewer)} FROM ${resource.table} WHERE ${resource.id} = ${id})
      WHEN 1 THEN NULL WHEN 0 THEN ${hidden} ELSE '{"kind":"absent"}' END AS fault)
    WHERE fault IS NOT NULL`;
}

/** Every id that a field names exists. */
export function idsExist(field: string, table: RecordTable, ids: readonly string[]): Check {
  return () => sql`SELECT json_object('kind', 'missing', 'field', ${field}, 'id', value) AS fault
    FROM json_each(${JSON.stringify(ids)})
    WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table.id} = value)`;
}

/** No other record of the table has this value in a column that is unique. */
export function valueIsFree(
  field: string,
  column: Column,
  value: string,
  title: string,
  exceptId = "",
): Check {
  // The table of a named column has its columns too, and one with a name or an email to be free has an id.
  const table = column.table as RecordTable;
  const fault = JSON.stringify({ kind: "conflict", field, message: takenMessage(title, field) });
  return () => sql`SELECT ${fault} AS fault
    WHERE EXISTS (SELECT 1 FROM ${table} WHERE ${column} = ${value} AND ${table.id} <> ${exceptId})`;
}

export function takenMessage(title: string, field: string): string {
  return `${title} with this ${field} already exists.`;
}

/** The viewer holds a permission on every one of these projects, data storages or groups that exists. */
export function holdsOn(verb: Verb, holder: Holder, ids: readonly string[]): Check {
  return holdsOnAll(verb, holder, sql`SELECT value FROM json_each(${JSON.stringify(ids)})`);
}

/** As `holdsOn`, for the ids that a `SELECT value` finds. */
export function holdsOnAll(verb: Verb, holder: Holder, ids: SQL): Check {
  const table = HOLDERS[holder];
  const permission: Permission = `${verb}_${holder}`;
  return (viewer) => sql`SELECT
      json_object('kind', 'denied', 'permission', ${permission}, 'id', value) AS fault
    FROM (${ids}) WHERE EXISTS (SELECT 1 FROM ${table} WHERE ${table.id} = value)
    AND ${levelOn(viewer, holder, sql`value`)} < ${LEVEL_FOR[verb]}`;
}

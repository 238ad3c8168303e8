import { projectSetIsVisible } from "../../db/access.ts";
import { type SQL, sql } from "../../db/sql.ts";
import { dataStorages, sessionDataStorages, sessions } from "../../db/tables.ts";
import type { Fault } from "../../domain/fault.ts";
import { type Check, holdsOn, holdsOnAll, idsExist, targetIsVisible } from "../../record/checks.ts";
import { changesProjectsOf, projectSetOf } from "../../record/of-session.ts";
import { sessionDataStorage } from "./fields.ts";
import type { MovedAssociation, NewAssociation, WholeOrder } from "./schemas.ts";

const ofAssociation = (column: SQL, id: string) =>
  sql`(SELECT ${column} FROM ${sessionDataStorages} WHERE ${sessionDataStorages.id} = ${id})`;

/** What must hold for a storage to be added to a session. */
export function rulesForAdd({ session, datastorage }: Partial<NewAssociation>): readonly Check[] {
  return [
    ...(session === undefined ? [] : rulesForSession(session)),
    ...(datastorage === undefined ? [] : rulesForStorages([datastorage])),
    ...(session === undefined || datastorage === undefined
      ? []
      : [pairIsNew(session, datastorage)]),
  ];
}

/** What must hold for an association to be moved. */
export function rulesForMove(
  id: string,
  { session, datastorage }: Partial<MovedAssociation>,
): readonly Check[] {
  const fixed = (field: string, column: SQL, value: string | undefined) =>
    value === undefined ? [] : [isUnchanged(id, field, column, value)];
  return [
    ...rulesForRemove(id),
    ...fixed("session", sessionDataStorages.sessionId, session),
    ...fixed("datastorage", sessionDataStorages.dataStorageId, datastorage),
  ];
}

/** What must hold for an association to be removed. */
export function rulesForRemove(id: string): readonly Check[] {
  return [
    targetIsVisible(sessionDataStorage, id, "view_project"),
    changesProjectsOf(projectSetOf(ofAssociation(sessionDataStorages.sessionId, id))),
    holdsOnAll(
      "change",
      "datastorage",
      sql`SELECT ${sessionDataStorages.dataStorageId} AS value FROM ${sessionDataStorages}
        WHERE ${sessionDataStorages.id} = ${id}`,
    ),
  ];
}

/** What must hold for the storages of a session to be put in a new order. */
export function rulesForReorder({ session, datastorage }: Partial<WholeOrder>): readonly Check[] {
  return [
    ...(session === undefined ? [] : rulesForSession(session)),
    ...(datastorage === undefined ? [] : rulesForStorages(datastorage)),
    ...(session === undefined || datastorage === undefined
      ? []
      : [namesAllStorages(session, datastorage)]),
  ];
}

function rulesForSession(id: string): readonly Check[] {
  return [idsExist("session", sessions, [id]), changesProjectsOf(projectSetOf(sql`${id}`))];
}

function rulesForStorages(ids: readonly string[]): readonly Check[] {
  return [idsExist("datastorage", dataStorages, ids), holdsOn("change", "datastorage", ids)];
}

/**
 * A conflict with the storages of a session, told only to those who may see the session: to others it
 * would tell what the session holds.
 */
function conflictInSession(session: string, message: string, condition: SQL): Check {
  const fault: Fault = { kind: "conflict", field: "datastorage", message };
  return (viewer) => sql`SELECT ${JSON.stringify(fault)} AS fault
    WHERE ${projectSetIsVisible(viewer, projectSetOf(sql`${session}`))} AND ${condition}`;
}

function pairIsNew(session: string, datastorage: string): Check {
  return conflictInSession(
    session,
    "This session already has this data storage.",
    sql`EXISTS (SELECT 1 FROM ${sessionDataStorages}
      WHERE ${sessionDataStorages.sessionId} = ${session}
      AND ${sessionDataStorages.dataStorageId} = ${datastorage})`,
  );
}

function namesAllStorages(session: string, ids: readonly string[]): Check {
  const named = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const ofSession = sql`(SELECT ${sessionDataStorages.dataStorageId} FROM ${sessionDataStorages}
    WHERE ${sessionDataStorages.sessionId} = ${session})`;
  return conflictInSession(
    session,
    "These must be exactly the data storages that the session has now.",
    sql`((SELECT count(*) FROM ${ofSession}) <> ${ids.length}
      OR EXISTS (SELECT 1 FROM ${named} WHERE value NOT IN ${ofSession}))`,
  );
}

function isUnchanged(id: string, field: string, column: SQL, value: string): Check {
  const fault: Fault = {
    kind: "conflict",
    field,
    message: `The ${field} of an association does not change: remove it and add another.`,
  };
  return () =>
    sql`SELECT ${JSON.stringify(fault)} AS fault WHERE ${ofAssociation(column, id)} <> ${value}`;
}

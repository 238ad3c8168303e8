import { type SQL, sql } from "../db/sql.ts";
import { type Column, sessions } from "../db/tables.ts";
import type { Fault } from "../domain/fault.ts";
import type { Resource } from "../query/resource.ts";
import { type Check, idsExist, targetIsVisible } from "./checks.ts";
import { changesProjectsOf, projectSetOf, type RecordsOfSession } from "./of-session.ts";
import type { RecordRules } from "./service.ts";
import { asIs, withFold } from "./store.ts";
import { order, orElse, orNull, text, uuid } from "./values.ts";

// What all records of a session share when they are written: fields, columns and rules.

/** The fields that a client writes of any record of a session. */
export const shapeOfSession = {
  session: uuid,
  notes: orElse(() => text(500), ""),
  order: orElse(() => orNull(order()), null),
};

/** What a client may send back of any record as it was read. */
export const readOnlyOfSession = ["id", "created_date", "updated_date", "links"] as const;

/** The columns of those fields. */
export const columnsOfSession = (table: RecordsOfSession) => ({
  session: asIs(table.sessionId),
  notes: withFold(table.notes, table.notesFolded),
  order: asIs(table.position),
});

/** The session of one record. */
export function sessionOf(table: RecordsOfSession, id: string): SQL {
  return sql`(SELECT ${table.sessionId} FROM ${table} WHERE ${table.id} = ${id})`;
}

/**
 * The rules of records that are seen and changed with the permissions of their session: to write one
 * takes `change_project` on every project of the session, in which it stays for good.
 */
export function rulesOfSession<Input extends { readonly session: string }>(
  resource: Resource,
  table: RecordsOfSession,
): RecordRules<Input> {
  const remove = (id: string) => [
    targetIsVisible(resource, id, resource.viewPermission),
    changesProjectsOf(projectSetOf(sessionOf(table, id))),
  ];
  return {
    create: ({ session }) => (session === undefined ? [] : rulesForSession(session)),
    change: (id, { session }) => [
      ...remove(id),
      ...(session === undefined ? [] : [sessionStays(resource, table, id, session)]),
    ],
    remove,
  };
}

function rulesForSession(session: string): readonly Check[] {
  return [
    idsExist("session", sessions, [session]),
    changesProjectsOf(projectSetOf(sql`${session}`)),
  ];
}

function sessionStays(
  { title }: Resource,
  table: RecordsOfSession,
  id: string,
  session: string,
): Check {
  const fault: Fault = {
    kind: "conflict",
    field: "session",
    message: `The session of a record does not change: delete this ${title} and add another.`,
  };
  return () =>
    sql`SELECT ${JSON.stringify(fault)} AS fault WHERE ${sessionOf(table, id)} <> ${session}`;
}

/**
 * As `rulesOfSession`, for records that an epoch can refer to: one that is referred to cannot be
 * deleted. `reference` is the column in which epochs refer to them.
 */
export function rulesOfModule<Input extends { readonly session: string }>(
  resource: Resource,
  table: RecordsOfSession,
  reference: Column,
): RecordRules<Input> {
  const rules = rulesOfSession<Input>(resource, table);
  return {
    ...rules,
    remove: (id) => [...rules.remove(id), isInNoEpoch(resource, reference, id)],
  };
}

function isInNoEpoch({ title }: Resource, reference: Column, id: string): Check {
  const fault: Fault = {
    kind: "blocked",
    message: `This ${title} is still referenced by an epoch: take it out of the epoch, or delete the epoch first.`,
  };
  return () => sql`SELECT ${JSON.stringify(fault)} AS fault
    WHERE EXISTS (SELECT 1 FROM ${reference.table} WHERE ${reference} = ${id})`;
}

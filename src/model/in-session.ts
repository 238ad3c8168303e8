import { getTableName, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { projectSetIsVisible, readableIds } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { projectSets, sessionProjects, sessions } from "../db/schema/sessions.ts";
import { DEFAULT_ORDER, type Scope } from "../query/read-model.ts";
import type { Access, Accessed } from "./access.ts";
import { createdDate, updatedDate } from "./fields.ts";
import {
  blockedWhere,
  changesProjectsOf,
  conflictWhere,
  idsExist,
  type Precondition,
  targetIsVisible,
} from "./precondition.ts";

// Records that belong to a session: a caller who may read the session may read them, and a caller who may
// change the session may write them.

/** A table of records that belong to a session and have a position within it. */
export type RecordsOfSession = SQLiteTable &
  Record<
    "id" | "sessionId" | "position" | "projectSetId" | "createdDate" | "updatedDate",
    SQLiteColumn
  >;

/** The project set of a session, for any expression of its id. */
export function projectSetOf(sessionId: Expression): SQL {
  return sql`(SELECT ${sessions.projectSetId} FROM ${sessions} WHERE ${sessions.id} = ${sessionId})`;
}

/**
 * The order of records within their session. Records without a position come last, in the order of their
 * creation.
 */
export function placeInSession(table: RecordsOfSession): readonly Expression[] {
  return [sql`${table.position} IS NULL`, table.position, table.createdDate, table.id];
}

/** The session of one record. */
export function sessionOf(
  table: Pick<RecordsOfSession, "id" | "sessionId"> & SQLiteTable,
  id: string,
): SQL {
  return sql`(SELECT ${table.sessionId} FROM ${table} WHERE ${table.id} = ${id})`;
}

/** The scope of sessions and of what belongs to them: the project set of the session. */
export function projectSetScope(
  projectSetId: SQLiteColumn,
  count: SQLiteColumn,
  orders: Scope["orders"],
): Scope {
  return {
    ofRow: projectSetId,
    table: sessionProjects,
    ofScope: sessionProjects.projectSetId,
    count,
    visible: (caller) => sql`${sessionProjects.projectId} IN ${readableIds(caller, "project")}`,
    orders,
  };
}

/** The read access of a row that belongs to a session: that of the session. */
export const readWithSession = (scope: Scope): Access["read"] => ({
  viewPermission: "view_project",
  scope,
  readable: (caller) => projectSetIsVisible(caller, scope.ofRow),
  projectIds: sql`(SELECT ${projectSets.projectIds} FROM ${projectSets}
    WHERE ${projectSets.id} = ${scope.ofRow})`,
});

/** The indexes that every table of records of sessions has (see `db/schema/modules.ts`). */
function ordersOf(table: RecordsOfSession): Scope["orders"] {
  const name = getTableName(table);
  const sortedBy = (key: string) => ({
    ofScope: `${name}_project_set_${key}`,
    ofAll: `${name}_${key}`,
  });
  return {
    [DEFAULT_ORDER]: sortedBy("place"),
    id: { ofScope: `${name}_project_set_id`, ofAll: `sqlite_autoindex_${name}_1` },
    created_date: sortedBy("created_date"),
    updated_date: sortedBy("updated_date"),
  };
}

/** The session that a body names exists, and the caller has `change_project` on every project of it. */
export function mayChangeSession(session: string): readonly Precondition[] {
  return [
    idsExist("session", sessions, [session]),
    changesProjectsOf(projectSetOf(sql`${session}`)),
  ];
}

/**
 * The access through the session: a write requires `change_project` on every project of the record's session,
 * and the session of a record cannot change. `count` counts the records of a project set. `referencedBy` is the column in which epochs refer to such
 * records; a record that an epoch refers to cannot be deleted.
 */
export function throughSession(
  table: RecordsOfSession,
  count: SQLiteColumn,
  referencedBy?: SQLiteColumn,
): Access<{ readonly session: string }> {
  const mayChange = (model: Accessed, id: string) => [
    targetIsVisible(model, id),
    changesProjectsOf(projectSetOf(sessionOf(table, id))),
  ];
  return {
    read: readWithSession(projectSetScope(table.projectSetId, count, ordersOf(table))),
    create: ({ session }) => (session === undefined ? [] : mayChangeSession(session)),
    change: (model, id, { session }) => [
      ...mayChange(model, id),
      ...(session === undefined ? [] : [staysInSession(model, table, id, session)]),
    ],
    remove: (model, id) => [
      ...mayChange(model, id),
      ...(referencedBy === undefined ? [] : [isInNoEpoch(model, referencedBy, id)]),
    ],
  };
}

function staysInSession(
  { title }: Accessed,
  table: RecordsOfSession,
  id: string,
  session: string,
): Precondition {
  return conflictWhere(
    "session",
    `The session of a record does not change: delete this ${title} and add another.`,
    sql`${sessionOf(table, id)} <> ${session}`,
  );
}

function isInNoEpoch({ title }: Accessed, reference: SQLiteColumn, id: string): Precondition {
  return blockedWhere(
    `This ${title} is still referenced by an epoch: take it out of the epoch, or delete the epoch first.`,
    sql`EXISTS (SELECT 1 FROM ${reference.table} WHERE ${reference} = ${id})`,
  );
}

/** The instants of creation and of the last change. A client may send both back. */
export const datesInSession = (table: RecordsOfSession) => ({
  created_date: { ...createdDate(table.createdDate), isIgnoredWhenSent: true as const },
  updated_date: { ...updatedDate(table.updatedDate), isIgnoredWhenSent: true as const },
});

import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Expression } from "../db/expression.ts";
import { sessions } from "../db/schema/sessions.ts";
import type { Access, Accessed } from "./access.ts";
import { createdDate, updatedDate } from "./fields.ts";
import { type Belonging, mayChangeParent, parentOf, throughParent } from "./in-parent.ts";
import { blockedWhere, type Precondition } from "./precondition.ts";
import { projectSetIn } from "./project-set.ts";

/** A table of records that belong to a session and have a place within it. */
export type RecordsOfSession = SQLiteTable &
  Record<
    "id" | "sessionId" | "position" | "place" | "projectSetId" | "createdDate" | "updatedDate",
    SQLiteColumn
  >;

/** How the records of a table belong to sessions. */
export const toSession = <
  Table extends Pick<RecordsOfSession, "id" | "sessionId" | "projectSetId"> & SQLiteTable,
>(
  table: Table,
): Belonging<"session", Table> => ({
  table,
  name: "session",
  parentId: table.sessionId,
  parent: sessions,
});

/** The project set of a session, for any expression of its id. */
export const projectSetOf = (sessionId: Expression): SQL => projectSetIn(sessions, sessionId);

/**
 * The order of records within their session. Records without a position come last, in the order of their
 * creation. The column `place` has the same order.
 */
export function orderInSession(table: RecordsOfSession): readonly Expression[] {
  return [sql`${table.position} IS NULL`, table.position, table.createdDate, table.id];
}

/** The session of one record. */
export const sessionOf = (table: Parameters<typeof toSession>[0], id: string): SQL =>
  parentOf(toSession(table), id);

/** The session that a body names exists, and the caller has `change_project` on every project of it. */
export const mayChangeSession = (session: string): readonly Precondition[] =>
  mayChangeParent({ name: "session", parent: sessions }, session);

/**
 * The access through the session. `count` counts the records of a project set. `referencedBy` is the column in
 * which epochs refer to such records; a record that an epoch refers to cannot be deleted.
 */
export function throughSession(
  table: RecordsOfSession,
  count: SQLiteColumn,
  referencedBy?: SQLiteColumn,
): Access<{ readonly session: string }> {
  const access = throughParent(toSession(table), count);
  if (referencedBy === undefined) return access;
  return {
    ...access,
    remove: (model, id) => [...access.remove(model, id), isInNoEpoch(model, referencedBy, id)],
  };
}

function isInNoEpoch({ title }: Accessed, reference: SQLiteColumn, id: string): Precondition {
  return blockedWhere(
    `This ${title} is still referenced by an epoch: take it out of the epoch, or delete the epoch first.`,
    sql`EXISTS (SELECT 1 FROM ${reference.table} WHERE ${reference} = ${id})`,
  );
}

/** The instants of creation and of the last change. A client may send both back. */
export const datesInSession = (table: RecordsOfSession) => datesOf(table);

/** As `datesInSession`, for any table with these columns. */
export const datesOf = (table: Record<"createdDate" | "updatedDate", SQLiteColumn>) => ({
  created_date: { ...createdDate(table.createdDate), isIgnoredWhenSent: true as const },
  updated_date: { ...updatedDate(table.updatedDate), isIgnoredWhenSent: true as const },
});

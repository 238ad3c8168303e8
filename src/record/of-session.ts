import { levelOn, projectSetIsVisible, type Viewer, visibleProjectSets } from "../db/access.ts";
import { type SQL, sql } from "../db/sql.ts";
import { type Column, projectSets, sessionProjects, sessions, type Table } from "../db/tables.ts";
import { LEVEL_FOR, type Permission } from "../domain/permission.ts";
import { referenceField } from "../query/field.ts";
import type { Field, Resource } from "../query/resource.ts";
import type { Check } from "./checks.ts";

/** A table of records that belong to a session and have a place among its records. */
export type RecordsOfSession = Table &
  Record<
    "id" | "sessionId" | "position" | "notes" | "notesFolded" | "createdDate" | "updatedDate",
    Column
  >;

/** The project set of a session, for any expression of its id. */
export function projectSetOf(sessionId: SQL): SQL {
  return sql`(SELECT ${sessions.projectSetId} FROM ${sessions} WHERE ${sessions.id} = ${sessionId})`;
}

/**
 * `change_project` on every project that the sessions of this project set are in, or on those of them
 * alone that meet a condition on their row of `session_projects`.
 */
export function changesProjectsOf(projectSetId: SQL, condition = sql`true`): Check {
  return changesAll(
    "project",
    sessionProjects.projectId,
    sql`${sessionProjects} WHERE ${sessionProjects.projectSetId} = ${projectSetId} AND ${condition}`,
  );
}

/**
 * The change permission on every project or data storage in a column of related rows; `from` is what
 * follows `FROM`. The id of one that the caller may not see is not told.
 */
export function changesAll(holder: "project" | "datastorage", id: Column, from: SQL): Check {
  const permission: Permission = `change_${holder}`;
  return (viewer) => {
    const level = levelOn(viewer, holder, id);
    return sql`SELECT json_object('kind', 'denied', 'permission', ${permission},
        'id', CASE WHEN ${level} > 0 THEN ${id} END) AS fault
      FROM ${from} AND ${level} < ${LEVEL_FOR.change}`;
  };
}

/** Who sees a record that belongs to a session: whoever sees the session. */
export function seenWithSession(sessionId: Column): {
  visible: (viewer: Viewer) => SQL;
  readable: (viewer: Viewer) => SQL;
} {
  return {
    // By each record's own session: a list of all sessions seen would be made first, whatever is asked.
    visible: (viewer) => sql`${projectSetOf(sessionId)} IN ${visibleProjectSets(viewer)}`,
    readable: (viewer) => projectSetIsVisible(viewer, projectSetOf(sessionId)),
  };
}

/** The order of records within their session: those without a place come last, as they were made. */
export function placeInSession(table: RecordsOfSession): readonly SQL[] {
  return [sql`${table.position} IS NULL`, table.position, table.createdDate, table.id];
}

/** A resource of records that belong to a session: seen with it, listed session by session. */
export function resourceOfSession(
  table: RecordsOfSession,
  about: Pick<Resource, "name" | "listName" | "title" | "fields">,
): Resource {
  return {
    ...about,
    viewPermission: "view_project",
    table,
    id: table.id,
    defaultOrder: [table.sessionId, ...placeInSession(table)],
    projectIds: sql`(SELECT ${projectSets.projectIds} FROM ${projectSets}
      WHERE ${projectSets.id} = ${projectSetOf(table.sessionId)})`,
    ...seenWithSession(table.sessionId),
  };
}

/** The session of a record. Whoever sees the record sees the session, and may ask for its name. */
export function sessionField(sessionId: Column): Field {
  const reference = referenceField(sessionId);
  const name = { column: sessions.name, folded: sessions.nameFolded };
  return {
    ...reference,
    filters: {
      ...reference.filters,
      name: {
        type: "text",
        where: (test) => sql`EXISTS (SELECT 1 FROM ${sessions}
          WHERE ${sessions.id} = ${sessionId} AND ${test(name)})`,
      },
    },
  };
}

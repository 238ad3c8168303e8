import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable, levelOn, readableIds } from "../../db/access.ts";
import { dataStorages } from "../../db/schema/data-storages.ts";
import { groupMembers, groups } from "../../db/schema/groups.ts";
import { behaviorSubjects, behaviors } from "../../db/schema/modules.ts";
import { projectGroups, projects, projectUsers } from "../../db/schema/projects.ts";
import { sessionDataStorages, sessionProjects, sessions } from "../../db/schema/sessions.ts";
import { subjects } from "../../db/schema/subjects.ts";
import { projectSetOf } from "../../model/in-session.ts";
import { dataStorage } from "../data-storage.ts";
import { subject } from "../subject.ts";

// What the page of a session shows around it. The page shows it only together with the session, which the caller
// may read.

/** How many projects, ways and data storages the page shows: as many as a session can have. */
const MAX_RELATED = 100;

/** In how many of its projects the page of a session shows the session before it and the one after it. */
export const MAX_TIMELINES = 5;

/** The projects of a session with this id, in their order: the rows of `session_projects`. */
const projectsOf = (id: string) => sql`${sessionProjects}
  JOIN ${projects} ON ${projects.id} = ${sessionProjects.projectId}
  WHERE ${sessionProjects.projectSetId} = ${projectSetOf(sql`${id}`)}`;

/**
 * The projects of a session, as rows of `id`, `name` (null when the caller may not read it), `isPublic`, `level`
 * and `ways`, a JSON list of how the caller has the level: `[level, group]`, the group null for a level in person.
 * The public portal sees its public projects alone.
 */
export function projectsAround(caller: Caller, id: string): SQL {
  const level = levelOn(caller, "project", projects.id);
  const own = sql`(SELECT id FROM caller)`;
  const ways = sql`(SELECT json_group_array(json_array(level, way)) FROM (
    SELECT ${projectUsers.level} AS level, NULL AS way FROM ${projectUsers}
      WHERE ${projectUsers.recordId} = ${projects.id} AND ${projectUsers.userId} = ${own}
    UNION ALL SELECT ${projectGroups.level}, ${groups.name} FROM ${projectGroups}
      JOIN ${groupMembers} ON ${groupMembers.recordId} = ${projectGroups.groupId}
      JOIN ${groups} ON ${groups.id} = ${projectGroups.groupId}
      WHERE ${projectGroups.recordId} = ${projects.id} AND ${groupMembers.userId} = ${own}
    ORDER BY 1 DESC LIMIT ${MAX_RELATED}))`;
  return sql`WITH ${callerTable(caller)} SELECT ${projects.id} AS "id",
      CASE WHEN ${level} > 0 THEN ${projects.name} END AS "name",
      CASE WHEN ${level} > 0 THEN ${projects.isPublic} END AS "isPublic",
      ${level} AS "level", ${ways} AS "ways"
    FROM ${projectsOf(id)} ${caller.kind === "public" ? sql`AND ${projects.isPublic} = 1` : sql``}
    ORDER BY ${sessionProjects.position} LIMIT ${MAX_RELATED}`;
}

/**
 * The data storages of a session, in their order, as rows of `id`, `name` (null when the caller may not read it),
 * `location`, and `organization` and `protocols` as JSON. The public portal sees public ones alone.
 */
export function storagesAround(caller: Caller, id: string): SQL {
  const { data_protocols: protocols } = dataStorage.fields;
  const isReadable = sql`${dataStorages.id} IN ${readableIds(caller, "datastorage")}`;
  const shown = (value: SQL) => sql`CASE WHEN ${isReadable} THEN ${value} END`;
  return sql`WITH ${callerTable(caller)} SELECT ${dataStorages.id} AS "id",
      ${shown(sql`${dataStorages.name}`)} AS "name",
      ${shown(sql`${dataStorages.location}`)} AS "location",
      ${shown(sql`${dataStorages.dataOrganization}`)} AS "organization",
      ${shown(sql`${protocols.json?.(caller) ?? sql`'[]'`}`)} AS "protocols"
    FROM ${sessionDataStorages}
    JOIN ${dataStorages} ON ${dataStorages.id} = ${sessionDataStorages.dataStorageId}
    WHERE ${sessionDataStorages.sessionId} = ${id}
    ${caller.kind === "public" ? sql`AND ${isReadable}` : sql``}
    ORDER BY ${sessionDataStorages.position}, ${sessionDataStorages.id} LIMIT ${MAX_RELATED}`;
}

/**
 * The subjects of the behaviors of a session, by name, as rows of `id` and `name`. The name is null for a subject that
 * the caller may not read, and for one that is not here; the public portal leaves them out.
 */
export function subjectsAround(caller: Caller, id: string): SQL {
  const name = sql`CASE WHEN ${subject.readable(caller)} THEN ${subjects.name} END`;
  return sql`WITH ${callerTable(caller)}, named AS MATERIALIZED (
      SELECT DISTINCT ${behaviorSubjects.mentionedId} AS id FROM ${behaviors}
      CROSS JOIN ${behaviorSubjects} ON ${behaviorSubjects.recordId} = ${behaviors.id}
      WHERE ${behaviors.sessionId} = ${id} LIMIT ${MAX_RELATED})
    SELECT named.id AS "id", ${name} AS "name" FROM named LEFT JOIN ${subjects} ON ${subjects.id} = named.id
    ${caller.kind === "public" ? sql`WHERE ${name} IS NOT NULL` : sql``}
    ORDER BY ${name} IS NULL, ${name}, named.id`;
}

/**
 * The session before this one and the one after it in time, in each of the first projects that the caller may
 * read, as rows of `project`, `way` (`before` or `after`), `id`, `name` and `dateTime`. Each row of an index is
 * found without its neighbours, once for every list of projects that has the project in it. A session without a
 * date has no neighbours.
 */
export function neighboursInTime(caller: Caller, id: string): SQL {
  const own = sql`(SELECT ${sessions.dateTime} AS at FROM ${sessions} WHERE ${sessions.id} = ${id})`;
  const neighbour = (way: "before" | "after") => {
    const [test, order] =
      way === "before" ? [sql.raw("<"), sql.raw("DESC")] : [sql.raw(">"), sql.raw("ASC")];
    const key = sql`(${sessions.dateTime}, ${sessions.id}) ${test} (own.at, ${id})`;
    const inSet = sql`(SELECT ${sessions.id} FROM ${sessions}
      WHERE ${sessions.projectSetId} = sets.project_set_id AND ${key}
      ORDER BY ${sessions.dateTime} ${order}, ${sessions.id} ${order} LIMIT 1)`;
    return sql`(SELECT found FROM (SELECT ${inSet} AS found FROM ${sessionProjects} AS sets
        WHERE sets.project_id = near.project)
      JOIN ${sessions} ON ${sessions.id} = found
      ORDER BY ${sessions.dateTime} ${order}, ${sessions.id} ${order} LIMIT 1)`;
  };
  return sql`WITH ${callerTable(caller)}, own AS MATERIALIZED ${own},
    near AS MATERIALIZED (SELECT ${projects.id} AS project, ${sessionProjects.position} AS place FROM ${projectsOf(id)}
      AND ${levelOn(caller, "project", projects.id)} > 0
      ORDER BY place LIMIT ${MAX_TIMELINES}),
    found AS MATERIALIZED (
      SELECT project, place, 'before' AS way, ${neighbour("before")} AS id FROM near, own WHERE own.at IS NOT NULL
      UNION ALL
      SELECT project, place, 'after', ${neighbour("after")} FROM near, own WHERE own.at IS NOT NULL)
    SELECT found.project AS "project", found.way AS "way", ${sessions.id} AS "id", ${sessions.name} AS "name",
      ${sessions.dateTime} AS "dateTime"
    FROM found CROSS JOIN ${sessions} ON ${sessions.id} = found.id ORDER BY found.place, found.way DESC`;
}

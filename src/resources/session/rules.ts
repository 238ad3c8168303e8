import { type SQL, sql } from "../../db/sql.ts";
import {
  dataStorages,
  projects,
  sessionDataStorages,
  sessionProjects,
  sessions,
} from "../../db/tables.ts";
import {
  type Check,
  holdsOn,
  holdsOnAll,
  idsExist,
  targetIsVisible,
  valueIsFree,
} from "../../record/checks.ts";
import { changesAll, changesProjectsOf, projectSetOf } from "../../record/of-session.ts";
import type { RecordRules } from "../../record/service.ts";
import { session } from "./fields.ts";
import type { SessionInput } from "./schemas.ts";

/** What must hold for a session to be written (contract, section 2). */
export const sessionRules: RecordRules<SessionInput> = {
  create: (input) => [...nameRules(input), ...projectRules(input), ...storageRules(input)],
  change: (id, input) => [
    targetIsVisible(session, id, "view_project"),
    ...nameRules(input, id),
    ...(namesProjectsAlone(input) ? takeOutRules(id, input) : changeRules(id, input)),
  ],
  remove: (id) => [
    targetIsVisible(session, id, "view_project"),
    changesProjectsOf(projectSetOf(sql`${id}`)),
  ],
};

function nameRules({ name }: Partial<SessionInput>, id?: string): readonly Check[] {
  return name === undefined ? [] : [valueIsFree("name", sessions.name, name, session.title, id)];
}

/** The projects that a body names exist, and the caller may change those that meet a condition. */
function projectRules(
  { projects: ids }: Partial<SessionInput>,
  condition = sql`true`,
): readonly Check[] {
  if (ids === undefined) return [];
  const named = sql`SELECT value FROM json_each(${JSON.stringify(ids)}) WHERE ${condition}`;
  return [idsExist("projects", projects, ids), holdsOnAll("change", "project", named)];
}

function storageRules({ datastorage: ids = [] }: Partial<SessionInput>): readonly Check[] {
  if (ids.length === 0) return [];
  return [idsExist("datastorage", dataStorages, ids), holdsOn("change", "datastorage", ids)];
}

function changeRules(id: string, input: Partial<SessionInput>): readonly Check[] {
  const { datastorage } = input;
  return [
    changesProjectsOf(projectSetOf(sql`${id}`)),
    ...projectRules(input),
    ...storageRules(input),
    ...(datastorage === undefined ? [] : [changesStoragesBeside(id, datastorage)]),
  ];
}

/** The caller may change every storage that a session has and that a new list takes away. */
function changesStoragesBeside(id: string, kept: readonly string[]): Check {
  const { sessionId, dataStorageId } = sessionDataStorages;
  return changesAll(
    "datastorage",
    dataStorageId,
    sql`${sessionDataStorages} WHERE ${sessionId} = ${id}
      AND ${dataStorageId} NOT IN (SELECT value FROM json_each(${JSON.stringify(kept)}))`,
  );
}

const namesProjectsAlone = (input: Partial<SessionInput>) =>
  Object.keys(input).join() === ("projects" satisfies keyof SessionInput);

/**
 * Whoever may change a project can take a session out of it, whatever other projects the session is in:
 * else a contributor could add a project of their own and keep everyone from the session. A list that does
 * anything more than to take the session out of projects needs what every other change needs.
 */
function takeOutRules(id: string, input: Partial<SessionInput>): readonly Check[] {
  const { projects: ids = [] } = input;
  const staysInOrder = takesOut(id, ids);
  const isLeft = sql`${sessionProjects.projectId} NOT IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  return [
    changesProjectsOf(projectSetOf(sql`${id}`), sql`(${isLeft} OR NOT ${staysInOrder})`),
    ...projectRules(input, sql`NOT ${staysInOrder}`),
  ];
}

/** Whether a list is that of the session's projects, in their order, without one or more of them. */
function takesOut(id: string, ids: readonly string[]): SQL {
  const named = JSON.stringify(ids);
  const ofSession = sql`${sessionProjects}
    WHERE ${sessionProjects.projectSetId} = ${projectSetOf(sql`${id}`)}`;
  return sql`(${ids.length} < (SELECT count(*) FROM ${ofSession})
    AND ${named} = (SELECT json_group_array(${sessionProjects.projectId} ORDER BY ${sessionProjects.position})
      FROM ${ofSession} AND ${sessionProjects.projectId} IN (SELECT value FROM json_each(${named}))))`;
}

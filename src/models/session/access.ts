import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { levelOn } from "../../db/access.ts";
import { sessionProjects, sessions } from "../../db/schema/sessions.ts";
import type { Access } from "../../model/access.ts";
import { projectSetOf, projectSetScope, readWithSession } from "../../model/in-session.ts";
import {
  changesProjectsOf,
  holdsOnAll,
  type Precondition,
  targetIsVisible,
} from "../../model/precondition.ts";
import { type BlockList, DEFAULT_ORDER, type Scope } from "../../query/read-model.ts";
import { LEVEL_FOR } from "../../values/permission.ts";

/** The part of a session's input that its access depends on. */
interface Input {
  readonly projects: readonly string[];
}

const blocksBy = (list: string, key: SQLiteColumn, id?: SQLiteColumn): BlockList => ({
  table: "session_blocks",
  list,
  key,
  ...(id && { id }),
});

const BY_NAME = {
  ofScope: "sessions_project_set_name",
  ofAll: "sessions_name_project_set",
  blocks: blocksBy("name", sessions.name),
};

/** The indexes and the blocks of the table of sessions (see `db/schema/sessions.ts` and the migrations). */
const ORDERS: Scope["orders"] = {
  [DEFAULT_ORDER]: BY_NAME,
  name: BY_NAME,
  id: {
    ofScope: "sessions_project_set_id",
    ofAll: "sqlite_autoindex_sessions_1",
    blocks: blocksBy("id", sessions.id),
  },
  date_time: {
    ofScope: "sessions_project_set_date_time",
    ofAll: "sessions_date_time",
    blocks: blocksBy("date_time", sessions.dateTime, sessions.id),
  },
  created_date: {
    ofScope: "sessions_project_set_created_date",
    ofAll: "sessions_created_date",
    blocks: blocksBy("created_date", sessions.createdDate, sessions.id),
  },
  updated_date: {
    ofScope: "sessions_project_set_updated_date",
    ofAll: "sessions_updated_date",
    blocks: blocksBy("updated_date", sessions.updatedDate, sessions.id),
  },
};

/** The access through the projects of the session (contract, section 2). */
export const throughProjects: Access<Input> = {
  read: {
    ...readWithSession(
      projectSetScope(sessions.projectSetId, sessionProjects.sessionCount, ORDERS),
    ),
    usable: (caller) => sql`NOT EXISTS (SELECT 1 FROM ${sessionProjects}
      WHERE ${sessionProjects.projectSetId} = ${sessions.projectSetId}
      AND ${levelOn(caller, "project", sessionProjects.projectId)} < ${LEVEL_FOR.change})`,
  },
  create: ({ projects }) => changesNamed(projects),
  change: (model, id, input) => [
    targetIsVisible(model, id),
    ...(namesProjectsAlone(input)
      ? mayTakeOut(id, input.projects)
      : [changesProjectsOf(projectSetOf(sql`${id}`)), ...changesNamed(input.projects)]),
  ],
  remove: (model, id) => [targetIsVisible(model, id), changesProjectsOf(projectSetOf(sql`${id}`))],
};

/** The caller has `change_project` on the projects of the body for which a condition holds. */
function changesNamed(ids?: readonly string[], condition = sql`true`): readonly Precondition[] {
  if (ids === undefined) return [];
  const named = sql`SELECT value FROM json_each(${JSON.stringify(ids)}) WHERE ${condition}`;
  return [holdsOnAll("change", "project", named)];
}

const namesProjectsAlone = (input: Partial<Input>) =>
  Object.keys(input).join() === ("projects" satisfies keyof Input);

/**
 * A caller with `change_project` may remove a session from that project, whatever other projects the session
 * is in. Otherwise a contributor could add a project of their own and lock everyone else out of the session.
 * A list that changes anything else needs the preconditions of every other change.
 */
function mayTakeOut(id: string, ids: readonly string[] = []): readonly Precondition[] {
  const takesOutOnly = takesOut(id, ids);
  const isLeft = sql`${sessionProjects.projectId} NOT IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  return [
    changesProjectsOf(projectSetOf(sql`${id}`), sql`(${isLeft} OR NOT ${takesOutOnly})`),
    ...changesNamed(ids, sql`NOT ${takesOutOnly}`),
  ];
}

/** Whether a list removes one or more projects from the session, and adds none. The ids are distinct. */
function takesOut(id: string, ids: readonly string[]): SQL {
  const ofSession = sql`${sessionProjects}
    WHERE ${sessionProjects.projectSetId} = ${projectSetOf(sql`${id}`)}`;
  return sql`(${ids.length} < (SELECT count(*) FROM ${ofSession})
    AND ${ids.length} = (SELECT count(*) FROM ${ofSession}
      AND ${sessionProjects.projectId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))))`;
}

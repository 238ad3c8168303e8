import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { levelOn } from "../db/access.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import type { Scope } from "../query/read-model.ts";
import { LEVEL_FOR } from "../values/permission.ts";
import type { Access } from "./access.ts";
import {
  changesProjectsOf,
  holdsOnAll,
  type Precondition,
  targetIsVisible,
} from "./precondition.ts";
import {
  type InProjectSet,
  projectSetIn,
  projectSetScope,
  readThroughProjectSet,
} from "./project-set.ts";

/** The part of the input that the access depends on. */
interface Input {
  readonly projects: readonly string[];
}

/**
 * The access through the projects of a session or a subject (contract, section 2).
 *
 * @param count the column that counts the records of a project set
 * @param orders the indexes of the table
 */
export function throughProjects(
  table: InProjectSet,
  count: SQLiteColumn,
  orders: Scope["orders"],
): Access<Input> {
  const setOf = (id: string) => projectSetIn(table, sql`${id}`);
  return {
    read: {
      ...readThroughProjectSet(projectSetScope(table.projectSetId, count, orders)),
      usable: (caller) => sql`NOT EXISTS (SELECT 1 FROM ${sessionProjects}
        WHERE ${sessionProjects.projectSetId} = ${table.projectSetId}
        AND ${levelOn(caller, "project", sessionProjects.projectId)} < ${LEVEL_FOR.change})`,
    },
    create: ({ projects }) => changesNamed(projects),
    change: (model, id, input) => [
      targetIsVisible(model, id),
      ...(namesProjectsAlone(input)
        ? mayTakeOut(setOf(id), input.projects)
        : [changesProjectsOf(setOf(id)), ...changesNamed(input.projects)]),
    ],
    remove: (model, id) => [targetIsVisible(model, id), changesProjectsOf(setOf(id))],
  };
}

/** The caller has `change_project` on the projects of the body for which a condition holds. */
function changesNamed(ids?: readonly string[], condition = sql`true`): readonly Precondition[] {
  if (ids === undefined) return [];
  const named = sql`SELECT value FROM json_each(${JSON.stringify(ids)}) WHERE ${condition}`;
  return [holdsOnAll("change", "project", named)];
}

const namesProjectsAlone = (input: Partial<Input>) =>
  Object.keys(input).join() === ("projects" satisfies keyof Input);

/**
 * A caller with `change_project` may remove a record from that project, whatever other projects the record is in.
 * Otherwise a contributor could add a project of their own and lock everyone else out of the record. A list that
 * changes anything else needs the preconditions of every other change.
 */
function mayTakeOut(set: SQL, ids: readonly string[] = []): readonly Precondition[] {
  const takesOutOnly = takesOut(set, ids);
  const isLeft = sql`${sessionProjects.projectId} NOT IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  return [
    changesProjectsOf(set, sql`(${isLeft} OR NOT ${takesOutOnly})`),
    ...changesNamed(ids, sql`NOT ${takesOutOnly}`),
  ];
}

/** Whether a list removes one or more projects from the set, and adds none. The ids are distinct. */
function takesOut(set: SQL, ids: readonly string[]): SQL {
  const inSet = sql`${sessionProjects} WHERE ${sessionProjects.projectSetId} = ${set}`;
  return sql`(${ids.length} < (SELECT count(*) FROM ${inSet})
    AND ${ids.length} = (SELECT count(*) FROM ${inSet}
      AND ${sessionProjects.projectId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))))`;
}

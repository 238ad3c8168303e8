import { type SQL, sql } from "drizzle-orm";
import { levelOn } from "../db/access.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import type { Precondition, RecordTable } from "./precondition.ts";
import type { InProjectSet } from "./project-set.ts";
import type { LinkTable } from "./relations.ts";

/** What a write says of a list of sessions or subjects of one project. */
interface Written {
  /** The record that changes; absent for a new one. */
  readonly record?: string;
  readonly project?: string | undefined;
  readonly ids?: readonly string[] | undefined;
}

/**
 * The sessions or the subjects in a list are those of its project: the ids that are new to the list, and all of them
 * when the list moves to another project. One that has left the project since stays in the list. A caller who may
 * not see the project does not learn what is in it.
 *
 * @param field the name of the list
 * @param members the table of the sessions or subjects
 */
export function membersAreInProject(
  { table, recordId, relatedId, id }: LinkTable,
  field: string,
  members: InProjectSet,
  { record, project, ids }: Written,
): readonly Precondition[] {
  if (ids === undefined && project === undefined) return [];
  const list = id.table as RecordTable & { readonly projectId: typeof id };
  const stored = sql`SELECT ${relatedId} FROM ${table} WHERE ${recordId} = ${record ?? ""}`;
  const old = sql`(SELECT ${list.projectId} FROM ${list} WHERE ${id} = ${record ?? ""})`;
  const owner: SQL = project === undefined ? old : sql`${project}`;
  const named =
    ids === undefined
      ? sql`SELECT ${relatedId} AS value FROM ${table} WHERE ${recordId} = ${record ?? ""}`
      : sql`SELECT value FROM json_each(${JSON.stringify(ids)})`;
  return [
    (caller) => sql`SELECT json_object('kind', 'conflict', 'field', ${field}, 'message',
        'Invalid pk "' || value || '" - object does not exist in this project.') AS violation
      FROM (${named}) WHERE NOT (value IN (${stored}) AND ${old} IS ${owner})
      AND NOT EXISTS (SELECT 1 FROM ${members} WHERE ${members.id} = value
        AND (${levelOn(caller, "project", owner)} = 0 OR EXISTS (SELECT 1 FROM ${sessionProjects}
          WHERE ${sessionProjects.projectSetId} = ${members.projectSetId}
          AND ${sessionProjects.projectId} = ${owner})))`,
  ];
}

import { type SQL, sql } from "drizzle-orm";
import { levelOn } from "../db/access.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import type { Precondition, RecordTable } from "./precondition.ts";
import type { InProjectSet } from "./project-set.ts";
import type { LinkTable } from "./relations.ts";

/** What a write says of a list of sessions or subjects of one project, which the field `Name` names. */
type Written<Name extends string> = Partial<
  Readonly<Record<"project", string> & Record<Name, readonly string[]>>
>;

/**
 * The preconditions of a model whose records are lists of sessions or subjects of one project: those in the list are
 * of the project. That holds for the ids that are new to the list, and for all of them when the list moves to another
 * project. One that has left the project since stays in the list. A caller who may not see the project does not learn
 * what is in it.
 *
 * @param field the name of the list
 * @param members the table of the sessions or subjects
 */
export function listIsOfProject<Name extends string>(
  { table, recordId, relatedId, id }: LinkTable,
  field: Name,
  members: InProjectSet,
) {
  const list = id.table as RecordTable & { readonly projectId: typeof id };
  const check = (record: string, written: Written<Name>): readonly Precondition[] => {
    const ids: readonly string[] | undefined = written[field];
    const { project } = written;
    if (ids === undefined && project === undefined) return [];
    const stored = sql`SELECT ${relatedId} FROM ${table} WHERE ${recordId} = ${record}`;
    const old = sql`(SELECT ${list.projectId} FROM ${list} WHERE ${id} = ${record})`;
    const owner: SQL = project === undefined ? old : sql`${project}`;
    const named =
      ids === undefined
        ? sql`SELECT ${relatedId} AS value FROM ${table} WHERE ${recordId} = ${record}`
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
  };
  // A new record has no id that its own list or its old project could be found by.
  return { create: (written: Written<Name>) => check("", written), change: check };
}

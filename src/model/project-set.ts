import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { projectSetIsVisible, readableIds } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { columnNames } from "../db/names.ts";
import { projectSets, sessionProjects } from "../db/schema/sessions.ts";
import type { Scope } from "../query/read-model.ts";
import type { Access } from "./access.ts";
import type { RecordTable } from "./precondition.ts";

// Sessions and subjects with the same projects in the same order share a row of `project_sets` (see the schema).
// Who may see one of these projects may see them, and the records that belong to them.

/** A table of sessions or subjects, or of what belongs to them. */
export type InProjectSet = RecordTable & Readonly<Record<"projectSetId", SQLiteColumn>>;

/** The project set of a row of a table, for any expression of its id. */
export function projectSetIn(table: InProjectSet, id: Expression): SQL {
  return sql`(SELECT ${table.projectSetId} FROM ${table} WHERE ${table.id} = ${id})`;
}

/** The scope of sessions and subjects, and of what belongs to them: the project set. */
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

/** The read access of a row with a project set. */
export const readThroughProjectSet = (scope: Scope): Access["read"] => ({
  viewPermission: "view_project",
  scope,
  readable: (caller) => projectSetIsVisible(caller, scope.ofRow),
  projectIds: sql`(SELECT ${projectSets.projectIds} FROM ${projectSets}
    WHERE ${projectSets.id} = ${scope.ofRow})`,
});

/** The statement that inserts the set of these projects, unless it exists. */
export function ensureProjectSet(projectIds: readonly string[]): SQL {
  return sql`INSERT INTO ${projectSets} (${columnNames([projectSets.projectIds])}) VALUES (${JSON.stringify(projectIds)})
    ON CONFLICT DO NOTHING`;
}

/** The id of the set of these projects. */
export function projectSetWith(projectIds: readonly string[]): SQL {
  return sql`(SELECT ${projectSets.id} FROM ${projectSets}
    WHERE ${projectSets.projectIds} = ${JSON.stringify(projectIds)})`;
}

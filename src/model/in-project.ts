import { sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { levelOn, readableIds } from "../db/access.ts";
import type { Access, Accessed } from "./access.ts";
import { holdsOn, holdsOnAll, type Precondition, targetIsVisible } from "./precondition.ts";

/**
 * The access through one project: its members read a record, and callers with `change_project` write it.
 * Moving a record to another project requires `change_project` on both.
 */
export function throughProject(projectId: SQLiteColumn): Access<{ readonly project: string }> {
  const mayChange = (model: Accessed, id: string): readonly Precondition[] => [
    targetIsVisible(model, id),
    holdsOnAll(
      "change",
      "project",
      sql`SELECT ${projectId} AS value FROM ${model.table} WHERE ${model.id} = ${id}`,
    ),
  ];
  const mayUse = (project?: string) =>
    project === undefined ? [] : [holdsOn("change", "project", [project])];
  return {
    read: {
      viewPermission: "view_project",
      visible: (caller) => sql`${projectId} IN ${readableIds(caller, "project")}`,
      readable: (caller) => sql`${levelOn(caller, "project", projectId)} > 0`,
      projectIds: sql`json_array(${projectId})`,
    },
    create: ({ project }) => mayUse(project),
    change: (model, id, { project }) => [...mayChange(model, id), ...mayUse(project)],
    remove: mayChange,
  };
}

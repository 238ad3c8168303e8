import { type SQL, sql } from "drizzle-orm";
import { columnNames } from "../../db/names.ts";
import { projectSets } from "../../db/schema/sessions.ts";

// Sessions with the same projects in the same order share a row of `project_sets` (see the schema).

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

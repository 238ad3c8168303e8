import { type SQL, sql } from "../../db/sql.ts";
import { projectSets, projects, projectTags, sessionProjects, sessions } from "../../db/tables.ts";
import { foldCase } from "../../domain/fold.ts";
import { toInstant } from "../../domain/instant.ts";
import { resourceNamed } from "../../query/resource.ts";
import { type Deed, fieldChange } from "../../record/history.ts";
import { asFlag, asJson, type RecordStore, storeOf, withFold } from "../../record/store.ts";
import type { ProjectInput } from "./schemas.ts";

const rows = storeOf<ProjectInput>(projects, {
  name: withFold(projects.name, projects.nameFolded),
  description: withFold(projects.description, projects.descriptionFolded),
  extraFields: asJson(projects.extraFields),
  isPublic: asFlag(projects.isPublic),
});

/** The statements that write a project and its tags. */
export const projectStore: RecordStore<ProjectInput> = {
  insert: (id, input, now) => [...rows.insert(id, input, now), insertTags(id, input.tags)],
  update: (id, input, now) => [
    ...rows.update(id, input, now),
    ...(input.tags ? [deleteTags(id), insertTags(id, input.tags)] : []),
  ],
  remove: (id) => [...moveSessionsFrom(id, toInstant(new Date())), ...rows.remove(id)],
};

/** The project sets that a project is in. */
const setsWith = (id: string) =>
  sql`(SELECT project_set_id FROM ${sessionProjects} WHERE project_id = ${id})`;

/** The list of projects of a set without one of them. */
const listWithout = (id: string, projectSetId: SQL) =>
  sql`(SELECT json_group_array(project_id ORDER BY position)
    FROM ${sessionProjects} WHERE project_set_id = ${projectSetId} AND project_id <> ${id})`;

/**
 * Moves the sessions of a project to the same list of projects without it. A set goes with its last
 * session, so that in the end nothing refers to the project.
 */
function moveSessionsFrom(id: string, now: string): readonly SQL[] {
  return [
    sql`INSERT INTO ${projectSets} (project_ids)
      SELECT ${listWithout(id, sql`affected.id`)} FROM ${projectSets} AS affected
      WHERE affected.id IN ${setsWith(id)} ON CONFLICT DO NOTHING`,
    sql`UPDATE ${sessions} SET updated_date = ${now}, project_set_id = (SELECT id FROM ${projectSets}
        WHERE project_ids = ${listWithout(id, sessions.projectSetId)})
      WHERE project_set_id IN ${setsWith(id)}`,
  ];
}

/** For the history, what the sessions of a project lose with it. */
export function lossOfProject(id: string): Deed {
  const resource = resourceNamed("session");
  const before = sql`(SELECT project_ids FROM ${projectSets} WHERE id = ${sessions.projectSetId})`;
  return {
    action: "change",
    resource,
    id: sql`(SELECT id FROM ${sessions} WHERE project_set_id IN ${setsWith(id)})`,
    changes: fieldChange("projects", before, listWithout(id, sessions.projectSetId)),
  };
}

function deleteTags(id: string): SQL {
  return sql`DELETE FROM ${projectTags} WHERE project_id = ${id}`;
}

function insertTags(id: string, tags: readonly string[]): SQL {
  const folded = JSON.stringify(tags.map((tag) => [tag, foldCase(tag)]));
  return sql`INSERT INTO ${projectTags} (project_id, tag, tag_folded, position)
    SELECT ${id}, value ->> 0, value ->> 1, key FROM json_each(${folded})`;
}

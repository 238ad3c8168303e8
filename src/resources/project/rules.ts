import { levelOn } from "../../db/access.ts";
import { sql } from "../../db/sql.ts";
import { projectSets, projects, sessionProjects } from "../../db/tables.ts";
import { LEVEL_FOR } from "../../domain/permission.ts";
import { type Check, holdsOn, targetIsVisible, valueIsFree } from "../../record/checks.ts";
import { ownersPublish } from "../../record/membership-rules.ts";
import type { RecordRules } from "../../record/service.ts";
import { project } from "./fields.ts";
import type { ProjectInput } from "./schemas.ts";

/** What must hold for a project to be written, beside what its members ask for. */
export const projectRules: RecordRules<ProjectInput> = {
  create: ({ name }) => nameRules(name),
  change: (id, { name, isPublic }) => [
    targetIsVisible(project, id, "view_project"),
    holdsOn("change", "project", [id]),
    ...nameRules(name, id),
    ...ownersPublish("project", id, isPublic),
  ],
  remove: (id) => [
    targetIsVisible(project, id, "view_project"),
    holdsOn("own", "project", [id]),
    noSessionIsLeftAlone(id),
  ],
};

function nameRules(name: string | undefined, id?: string): readonly Check[] {
  if (name === undefined) return [];
  return [valueIsFree("name", projects.name, name, project.title, id)];
}

/** Every session of the project is in another one too. Told to owners alone: the others may not anyway. */
function noSessionIsLeftAlone(id: string): Check {
  const alone = sql`SELECT sum(${projectSets.sessionCount}) AS count FROM ${sessionProjects}
    JOIN ${projectSets} ON ${projectSets.id} = ${sessionProjects.projectSetId}
    WHERE ${sessionProjects.projectId} = ${id} AND json_array_length(${projectSets.projectIds}) = 1`;
  return (viewer) => sql`SELECT json_object('kind', 'conflict', 'field', 'sessions', 'message',
      'Sessions of this project that are in no other project: ' || count
      || '. Delete them or put them in another project first.') AS fault
    FROM (${alone}) WHERE count > 0
    AND ${levelOn(viewer, "project", sql`${id}`)} >= ${LEVEL_FOR.own}`;
}

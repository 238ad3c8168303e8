import { type SQL, sql } from "drizzle-orm";
import { levelOn } from "../../db/access.ts";
import { dataStorages } from "../../db/schema/data-storages.ts";
import { projects } from "../../db/schema/projects.ts";
import { sessionProjects, sessions } from "../../db/schema/sessions.ts";
import { LEVEL_FOR } from "../../domain/permission.ts";
import {
  type Check,
  holdsOn,
  idsExist,
  targetIsVisible,
  valueIsFree,
} from "../../record/checks.ts";
import { session } from "./fields.ts";
import type { SessionInput } from "./schemas.ts";

/** What must hold for a session to be created (contract, section 2). */
export function rulesForCreate(input: Partial<SessionInput>): readonly Check[] {
  return namedRules(input);
}

/** What must hold for a session to be changed or replaced. */
export function rulesForChange(id: string, input: Partial<SessionInput>): readonly Check[] {
  return [...rulesForDelete(id), ...namedRules(input, id)];
}

/** What must hold for a session to be deleted. */
export function rulesForDelete(id: string): readonly Check[] {
  return [
    targetIsVisible(session, id, "view_project"),
    changesProjectsOf(
      sql`(SELECT ${sessions.projectSetId} FROM ${sessions} WHERE ${sessions.id} = ${id})`,
    ),
  ];
}

/** `change_project` on every project that the sessions of this project set are in. */
export function changesProjectsOf(projectSetId: SQL): Check {
  return (viewer) => {
    const level = levelOn(viewer, "project", sql`${sessionProjects.projectId}`);
    return sql`SELECT json_object('kind', 'denied', 'permission', 'change_project',
        'id', CASE WHEN ${level} > 0 THEN ${sessionProjects.projectId} END) AS fault
      FROM ${sessionProjects} WHERE ${sessionProjects.projectSetId} = ${projectSetId}
      AND ${level} < ${LEVEL_FOR.change}`;
  };
}

/** What the fields of a body ask for. */
function namedRules(input: Partial<SessionInput>, id?: string): readonly Check[] {
  const checks: Check[] = [];
  if (input.name !== undefined) {
    checks.push(valueIsFree("name", sessions.name, input.name, session.title, id));
  }
  if (input.projects !== undefined) {
    checks.push(
      idsExist("projects", projects, input.projects),
      holdsOn("change", "project", input.projects),
    );
  }
  if (input.datastorage !== undefined && input.datastorage.length > 0) {
    checks.push(
      idsExist("datastorage", dataStorages, input.datastorage),
      holdsOn("change", "datastorage", input.datastorage),
    );
  }
  return checks;
}

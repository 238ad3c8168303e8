import { sql } from "drizzle-orm";
import { dataStorages } from "../../db/schema/data-storages.ts";
import { projects } from "../../db/schema/projects.ts";
import { sessions } from "../../db/schema/sessions.ts";
import {
  type Check,
  holdsOn,
  idsExist,
  targetIsVisible,
  valueIsFree,
} from "../../record/checks.ts";
import { changesProjectsOf, projectSetOf } from "../../record/of-session.ts";
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
    changesProjectsOf(projectSetOf(sql`${id}`)),
  ];
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

import { sql } from "../../db/sql.ts";
import { dataStorages, projects, sessions } from "../../db/tables.ts";
import {
  type Check,
  holdsOn,
  idsExist,
  targetIsVisible,
  valueIsFree,
} from "../../record/checks.ts";
import { changesProjectsOf, projectSetOf } from "../../record/of-session.ts";
import type { RecordRules } from "../../record/service.ts";
import { session } from "./fields.ts";
import type { SessionInput } from "./schemas.ts";

/** What must hold for a session to be written (contract, section 2). */
export const sessionRules: RecordRules<SessionInput> = {
  create: (input) => namedRules(input),
  change: (id, input) => [...onSession(id), ...namedRules(input, id)],
  remove: (id) => onSession(id),
};

function onSession(id: string): readonly Check[] {
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

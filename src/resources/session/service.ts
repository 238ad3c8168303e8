import type { Viewer } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import type { Query } from "../../query/parse.ts";
import { targetIsVisible } from "../../record/checks.ts";
import { listBelow, type Page, type RecordKind } from "../../record/service.ts";
import { project } from "../project/fields.ts";
import { session } from "./fields.ts";
import { sessionRules } from "./rules.ts";
import type { SessionInput } from "./schemas.ts";
import { lossOfSession, sessionStore } from "./store.ts";

/** Sessions, as the shared verbs take them. */
export const sessionKind: RecordKind<SessionInput> = {
  resource: session,
  rules: sessionRules,
  store: sessionStore,
  takesAlong: lossOfSession,
};

/**
 * A page of the sessions of one project: whoever sees a project sees all of them.
 *
 * @throws Unauthenticated, and what reading the project would throw
 */
export function listSessionsOf(
  connection: Connection,
  viewer: Viewer,
  projectId: string,
  query: Query,
): Promise<Page> {
  const ofProject = { path: "projects", operator: "eq", negated: false, values: [projectId] };
  const checks = [targetIsVisible(project, projectId, project.viewPermission)];
  const filters = [...query.filters, ofProject];
  return listBelow(connection, viewer, checks, session, { ...query, filters });
}

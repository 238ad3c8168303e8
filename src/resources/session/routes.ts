import { answerList } from "../../http/answer.ts";
import { recordRoutes } from "../../http/record-routes.ts";
import type { Route } from "../../http/route.ts";
import { session } from "./fields.ts";
import { sessionInput } from "./schemas.ts";
import { listSessionsOf, sessionKind } from "./service.ts";

/** Where `links` of a project leads. */
const sessionsOfProject: Route = {
  method: "get",
  path: "/stem/project/:id/sessions",
  portals: ["private", "public"],
  summary: "List the sessions of a project",
  resource: session,
  query: "list",
  needs: "read",
  answers: { status: 200, with: "list" },
  handle: async ({ connection, viewer, id, query, url }) => {
    const page = await listSessionsOf(connection, viewer, id, query);
    return answerList(session, page, query, url);
  },
};

export const sessionRoutes = [
  ...recordRoutes({
    path: "/stem/session",
    named: ["a session", "sessions"],
    body: sessionInput,
    kind: sessionKind,
  }),
  sessionsOfProject,
];

import {
  changeRoute,
  createRoute,
  deleteRoute,
  detailRoute,
  listRoute,
  type Route,
  replaceRoute,
} from "../../http/route.ts";
import { session } from "./fields.ts";
import { rulesForChange, rulesForCreate, rulesForDelete } from "./rules.ts";
import { sessionInput } from "./schemas.ts";
import { changeSession, createSession, removeSession } from "./service.ts";

export const sessionRoutes: readonly Route[] = [
  listRoute({
    path: "/stem/session",
    resource: session,
    summary: "List sessions",
    portals: ["private", "public"],
  }),
  createRoute({
    path: "/stem/session",
    resource: session,
    summary: "Add a session",
    body: sessionInput,
    needs: ({ input }) => rulesForCreate(input),
    write: ({ connection, viewer, input }) => createSession(connection, viewer, input),
  }),
  detailRoute({
    path: "/stem/session/:id",
    resource: session,
    summary: "Read a session",
    portals: ["private", "public"],
  }),
  replaceRoute({
    path: "/stem/session/:id",
    resource: session,
    summary: "Replace a session: absent fields go back to their defaults",
    body: sessionInput,
    needs: ({ id, input }) => rulesForChange(id, input),
    write: ({ connection, viewer, id, input }) => changeSession(connection, viewer, id, input),
  }),
  changeRoute({
    path: "/stem/session/:id",
    resource: session,
    summary: "Change the fields of a session that are named",
    body: sessionInput,
    needs: ({ id, input }) => rulesForChange(id, input),
    write: ({ connection, viewer, id, input }) => changeSession(connection, viewer, id, input),
  }),
  deleteRoute({
    path: "/stem/session/:id",
    resource: session,
    summary: "Delete a session with its associations and module records",
    needs: ({ id }) => rulesForDelete(id),
    remove: ({ connection, viewer, id }) => removeSession(connection, viewer, id),
  }),
];

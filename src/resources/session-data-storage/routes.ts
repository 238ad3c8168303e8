import {
  actionRoute,
  changeRoute,
  createRoute,
  deleteRoute,
  detailRoute,
  listRoute,
  type Route,
} from "../../http/route.ts";
import { sessionDataStorage } from "./fields.ts";
import { rulesForAdd, rulesForMove, rulesForRemove, rulesForReorder } from "./rules.ts";
import { movedAssociation, newAssociation, wholeOrder } from "./schemas.ts";
import {
  addAssociation,
  changeAssociation,
  removeAssociation,
  reorderAssociations,
} from "./service.ts";

export const sessionDataStorageRoutes: readonly Route[] = [
  listRoute({
    path: "/stem/sessiondatastorage",
    resource: sessionDataStorage,
    summary: "List the data storages of sessions, in their order",
    portals: ["private"],
  }),
  createRoute({
    path: "/stem/sessiondatastorage",
    resource: sessionDataStorage,
    summary: "Add a data storage to a session, at the end or at a place",
    body: newAssociation,
    needs: ({ input }) => rulesForAdd(input),
    write: ({ connection, viewer, input }) => addAssociation(connection, viewer, input),
  }),
  actionRoute({
    path: "/stem/sessiondatastorage/reorder",
    resource: sessionDataStorage,
    summary: "Set the whole order of a session's data storages",
    body: wholeOrder,
    needs: ({ input }) => rulesForReorder(input),
    act: ({ connection, viewer, input }) => reorderAssociations(connection, viewer, input),
  }),
  detailRoute({
    path: "/stem/sessiondatastorage/:id",
    resource: sessionDataStorage,
    summary: "Read one association of a session with a data storage",
    portals: ["private"],
  }),
  changeRoute({
    path: "/stem/sessiondatastorage/:id",
    resource: sessionDataStorage,
    summary: "Move a data storage among those of its session",
    body: movedAssociation,
    needs: ({ id, input }) => rulesForMove(id, input),
    write: ({ connection, viewer, id, input }) => changeAssociation(connection, viewer, id, input),
  }),
  deleteRoute({
    path: "/stem/sessiondatastorage/:id",
    resource: sessionDataStorage,
    summary: "Take a data storage from its session",
    needs: ({ id }) => rulesForRemove(id),
    remove: ({ connection, viewer, id }) => removeAssociation(connection, viewer, id),
  }),
];

import type { Route } from "./http/route.ts";
import { behaviorRoutes } from "./resources/behavior/routes.ts";
import { dataAcquisitionRoutes } from "./resources/data-acquisition/routes.ts";
import { dataStorageRoutes } from "./resources/data-storage/routes.ts";
import { epochRoutes } from "./resources/epoch/routes.ts";
import { groupRoutes } from "./resources/group/routes.ts";
import { historyRoutes } from "./resources/history/routes.ts";
import { manipulationRoutes } from "./resources/manipulation/routes.ts";
import { projectRoutes } from "./resources/project/routes.ts";
import { sessionRoutes } from "./resources/session/routes.ts";
import { sessionDataStorageRoutes } from "./resources/session-data-storage/routes.ts";
import { userRoutes } from "./resources/user/routes.ts";

/** Every declared route of the service: what the app mounts and the tests run over. */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  ...historyRoutes,
  ...sessionDataStorageRoutes,
  ...dataAcquisitionRoutes,
  ...behaviorRoutes,
  ...manipulationRoutes,
  ...epochRoutes,
  ...projectRoutes,
  ...dataStorageRoutes,
  ...groupRoutes,
  ...userRoutes,
];

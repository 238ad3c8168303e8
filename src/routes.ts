import type { Route } from "./http/route.ts";
import { sessionRoutes } from "./resources/session/routes.ts";
import { sessionDataStorageRoutes } from "./resources/session-data-storage/routes.ts";

/** Every declared route of the service: what the app mounts and the tests run over. */
export const routes: readonly Route[] = [...sessionRoutes, ...sessionDataStorageRoutes];

import { meRoute } from "./api/me.ts";
import { routesOf } from "./api/model-routes.ts";
import type { Route } from "./api/route.ts";
import { models } from "./models/all.ts";

/** Every route of the service: the app mounts them and the tests run over them. */
export const routes: readonly Route[] = [...models.flatMap(routesOf), meRoute];

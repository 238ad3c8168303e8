import { HonoBase } from "hono/hono-base";
import { TrieRouter } from "hono/router/trie-router";
import { answerError, answerNotFound } from "./api/error.ts";
import { keepFromCaches, protect, shareWithOrigins } from "./api/headers.ts";
import { giveRequestId, observe } from "./api/observe.ts";
import { mountDocument, mountHealth, mountRoutes } from "./api/router.ts";
import type { Environment } from "./auth/environment.ts";
import { limitRequests } from "./auth/rate-limit.ts";
import { routes } from "./routes.ts";

// The middleware and the routes of the service. With `strict: false` a path matches with and without its
// trailing slash. Hono would try other routers first, which do not support a fixed word and an id in the same
// place of a path.
export const app = new HonoBase<Environment>({ strict: false, router: new TrieRouter() });

app.use(giveRequestId, observe, protect, keepFromCaches, shareWithOrigins, limitRequests);
mountRoutes(app, routes);
mountDocument(app, routes);
mountHealth(app);
app.notFound(answerNotFound);
app.onError(answerError);

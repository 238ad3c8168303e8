import { HonoBase } from "hono/hono-base";
import { requestId } from "hono/request-id";
import { TrieRouter } from "hono/router/trie-router";
import type { Environment } from "./http/environment.ts";
import { answerError, answerNotFound } from "./http/error.ts";
import { keepFromCaches, protect, shareWithOrigins } from "./http/headers.ts";
import { observe } from "./http/observe.ts";
import { limitByAddress } from "./http/rate-limit.ts";
import { mountDocument, mountHealth, mountRoutes } from "./http/router.ts";
import { routes } from "./routes.ts";

// The table of contents. `strict: false` answers a path with and without its closing slash. Hono would try
// other routers first, which do not take paths like ours, with a word in the place of an id.
export const app = new HonoBase<Environment>({ strict: false, router: new TrieRouter() });

app.use(requestId(), observe, protect, keepFromCaches, shareWithOrigins, limitByAddress);
mountRoutes(app, routes);
mountDocument(app, routes);
mountHealth(app);
app.notFound(answerNotFound);
app.onError(answerError);

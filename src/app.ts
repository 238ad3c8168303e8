import { Hono } from "hono";
import { requestId } from "hono/request-id";
import type { Environment } from "./http/environment.ts";
import { answerError, answerNotFound } from "./http/error.ts";
import { keepFromCaches, protect, shareWithOrigins } from "./http/headers.ts";
import { observe } from "./http/observe.ts";
import { limitByAddress } from "./http/rate-limit.ts";
import { mountDocument, mountHealth, mountRoutes } from "./http/router.ts";
import { routes } from "./routes.ts";

// The table of contents. `strict: false` answers a path with and without its closing slash.
export const app = new Hono<Environment>({ strict: false });

app.use(requestId(), observe, protect, keepFromCaches, shareWithOrigins, limitByAddress);
mountRoutes(app, routes);
mountDocument(app, routes);
mountHealth(app);
app.notFound(answerNotFound);
app.onError(answerError);

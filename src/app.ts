import { HonoBase } from "hono/hono-base";
import { TrieRouter } from "hono/router/trie-router";
import { keepFromCaches, protect, shareWithOrigins } from "./api/headers.ts";
import { giveRequestId, observe } from "./api/observe.ts";
import { mountDevice, mountDocument, mountHealth, mountRoutes } from "./api/router.ts";
import type { Environment } from "./auth/environment.ts";
import { limitRequests } from "./auth/rate-limit.ts";
import { files, pages } from "./pages/all.ts";
import { readQueryForm, showApiInBrowser } from "./pages/api-view.tsx";
import { answerAsset } from "./pages/assets.ts";
import { answerSwaggerFile } from "./pages/docs.tsx";
import { answerErrorOrPage, answerNotFoundOrPage } from "./pages/error.tsx";
import { mountPages, noteKeptForms } from "./pages/page.tsx";
import { routes } from "./routes.ts";

// The middleware and the routes of the service. With `strict: false` a path matches with and without its
// trailing slash. Hono would try other routers first, which do not support a fixed word and an id in the same
// place of a path.
export const app = new HonoBase<Environment>({ strict: false, router: new TrieRouter() });

app.use(showApiInBrowser(routes), giveRequestId, observe, protect, keepFromCaches);
noteKeptForms(app, pages);
app.use(shareWithOrigins, limitRequests, readQueryForm);
mountRoutes(app, routes);
mountDocument(app, routes);
mountHealth(app);
mountDevice(app);
mountPages(app, [...pages, ...files]);
app.get("/assets/:file", answerAsset);
app.get("/assets/swagger-ui/:version/:file", answerSwaggerFile);
app.notFound(answerNotFoundOrPage);
app.onError(answerErrorOrPage);

import type { Context, Hono } from "hono";
import { identify } from "../auth/identify.ts";
import { requirePermission } from "../auth/permission.ts";
import { respond } from "./answer.ts";
import type { Environment } from "./environment.ts";
import { answerHealth } from "./health.ts";
import { describeApi } from "./openapi.ts";
import type { Portal, Route } from "./route.ts";

/**
 * Mounts declared routes: each with its method, in each portal that it names, behind identification
 * and the permission middleware; `OPTIONS` and a 405 with `Allow` for every other method of the path.
 *
 * @throws Error for a route that does not say what it needs, so that forgetting it closes the door
 */
export function mountRoutes(app: Hono<Environment>, routes: readonly Route[]): void {
  for (const [path, offers] of byPath(routes)) {
    const methods = offers.map(({ route }) => route.method.toUpperCase());
    const heads = offers.some(({ route }) => isRead(route)) ? ["HEAD"] : [];
    const allow = [...methods, ...heads, "OPTIONS"].join(", ");
    for (const { portal, route } of offers) {
      if (route.method === "get" && !isRead(route)) refuseHead(app, path, allow);
      mountRoute(app, path, portal, route);
    }
    refuseOthers(app, path, allow);
  }
}

/** A `GET` that writes, as one does for clients who know no other verb, has no `HEAD` that would write too. */
const isRead = ({ method, needs }: Route) => method === "get" && needs === "read";

interface Offer {
  readonly portal: Portal;
  readonly route: Route;
}

/** What each path offers; paths with an id come last, because they match those with a word in its place. */
function byPath(routes: readonly Route[]): readonly (readonly [string, readonly Offer[]])[] {
  const offers = new Map<string, Offer[]>();
  for (const route of routes) {
    for (const portal of route.portals) {
      const path = `/api/${portal}${route.path}`;
      offers.set(path, [...(offers.get(path) ?? []), { portal, route }]);
    }
  }
  return [...offers].sort(([a], [b]) => Number(a.includes(":")) - Number(b.includes(":")));
}

/** Mounts the OpenAPI document of the routes at `/api/openapi.json`; it is made when it is first asked for. */
export function mountDocument(app: Hono<Environment>, routes: readonly Route[]): void {
  const path = "/api/openapi.json";
  let text: string | undefined;
  app.get(path, (context) => {
    text ??= JSON.stringify(describeApi(routes));
    return context.body(text, 200, { "Content-Type": "application/json" });
  });
  refuseOthers(app, path, "GET, HEAD, OPTIONS");
}

/** Mounts `GET /api/health`. */
export function mountHealth(app: Hono<Environment>): void {
  app.get("/api/health", answerHealth);
  refuseOthers(app, "/api/health", "GET, HEAD, OPTIONS");
}

function mountRoute(app: Hono<Environment>, path: string, portal: Portal, route: Route): void {
  if (route.needs === undefined) throw new Error(`${route.method} ${path} declares no permission`);
  app.on(
    route.method.toUpperCase(),
    path,
    identify(portal),
    requirePermission(route),
    async (context) => {
      const { connection, viewer, given } = context.var;
      const url = new URL(context.req.url);
      return respond(context, await route.handle({ connection, viewer, url, ...given }));
    },
  );
}

/** Hono answers `HEAD` with the handlers of `GET`, unless they are told. */
function refuseHead(app: Hono<Environment>, path: string, allow: string): void {
  app.get(path, (context, next) =>
    context.req.method === "HEAD" ? Promise.resolve(refuse(context, allow)) : next(),
  );
}

function refuseOthers(app: Hono<Environment>, path: string, allow: string): void {
  app.all(path, (context) => refuse(context, allow));
}

function refuse(context: Context<Environment>, allow: string): Response {
  context.header("Allow", allow);
  const { method } = context.req;
  if (method === "OPTIONS") return context.body(null, 204);
  return context.json({ detail: `Method "${method}" not allowed. Allowed: ${allow}.` }, 405);
}

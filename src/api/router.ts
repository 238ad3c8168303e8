import type { Context, MiddlewareHandler } from "hono";
import { every } from "hono/combine";
import type { HonoBase } from "hono/hono-base";
import type { Environment } from "../auth/environment.ts";
import { identify } from "../auth/identify.ts";
import type { Portal } from "../model/define.ts";
import { answerDevice, answerDeviceToken } from "./device.ts";
import { answerHealth } from "./health.ts";
import { describeApi } from "./openapi.ts";
import { read } from "./read.ts";
import type { Route } from "./route.ts";
import { write } from "./write.ts";

type App = HonoBase<Environment>;

/**
 * Mounts the declared routes: each path once in each of its portals, with `OPTIONS`. A method without a route
 * gets a 405 with `Allow`.
 */
export function mountRoutes(app: App, routes: readonly Route[]): void {
  for (const [path, offers] of byPath(routes)) {
    mount(app, path, new Map(offers.flatMap((offer) => handlersOf(offer))));
  }
}

interface Offer {
  readonly portal: Portal;
  readonly route: Route;
}

/**
 * The routes of each path. Paths with an id come last, because they also match paths with a fixed word in the
 * place of the id.
 */
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

/**
 * Mounts the OpenAPI document of the routes at `/api/openapi.json`. The document is built on the first
 * request.
 */
export function mountDocument(app: App, routes: readonly Route[]): void {
  let text: string | undefined;
  mountRead(app, "/api/openapi.json", (context) => {
    text ??= JSON.stringify(describeApi(routes));
    return Promise.resolve(context.body(text, 200, { "Content-Type": "application/json" }));
  });
}

/** Mounts `GET /api/health`. */
export function mountHealth(app: App): void {
  mountRead(app, "/api/health", answerHealth);
}

/** Mounts the device authorization: how a program begins it, and asks for its token. */
export function mountDevice(app: App): void {
  mount(app, "/api/auth/device", new Map([["POST", answerDevice]]));
  mount(app, "/api/auth/device/token", new Map([["POST", answerDeviceToken]]));
}

type Handler = MiddlewareHandler<Environment>;

/** The handlers of one route: one for its method, and for a read also one for `HEAD`. */
function handlersOf({ portal, route }: Offer): readonly (readonly [string, Handler])[] {
  const handler = every(
    identify(portal, route.kind),
    route.kind === "read" ? read(route) : write(route),
  );
  const method = route.method.toUpperCase();
  // A `GET` that writes exists for clients that send only GET. It has no `HEAD`, which would write too.
  const hasHead = route.kind === "read";
  return [[method, handler], ...(hasHead ? [["HEAD", handler] as const] : [])];
}

function mountRead(app: App, path: string, handler: Handler): void {
  mount(app, path, new Map(["GET", "HEAD"].map((method) => [method, handler])));
}

/**
 * One handler for all methods of a path: the router does a quarter of the work that one handler for each
 * method needs.
 */
function mount(app: App, path: string, handlers: ReadonlyMap<string, Handler>): void {
  const inOrder = [...handlers.keys()].sort((a, b) => Number(a === "HEAD") - Number(b === "HEAD"));
  const allow = [...inOrder, "OPTIONS"].join(", ");
  app.all(path, (context, next) => {
    context.set("route", path);
    const handler = handlers.get(context.req.method);
    return handler === undefined ? Promise.resolve(refuse(context, allow)) : handler(context, next);
  });
}

function refuse(context: Context<Environment>, allow: string): Response {
  context.header("Allow", allow);
  const { method } = context.req;
  if (method === "OPTIONS") return context.body(null, 204);
  return context.json({ detail: `Method "${method}" not allowed. Allowed: ${allow}.` }, 405);
}

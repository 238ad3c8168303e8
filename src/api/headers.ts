import { every } from "hono/combine";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import type { Environment } from "../auth/environment.ts";
import { limitRequests } from "../auth/rate-limit.ts";

/** The headers that keep a browser from making more of an answer than JSON. */
export const protect = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
});

/** No answer is kept by anything on the way: what is private today was not asked for by the next reader. */
export const keepFromCaches = createMiddleware<Environment>((context, next) => {
  context.header("Cache-Control", "no-store");
  return next();
});

/**
 * Lets pages of the origins in `CORS_ORIGINS` (separated by commas, `*` for any) call the API. Without
 * that variable no page of another origin can.
 */
export const shareWithOrigins = createMiddleware<Environment>(async (context, next) => {
  const origins = (context.env.CORS_ORIGINS ?? "").split(",").map((origin) => origin.trim());
  const isOptions = context.req.method === "OPTIONS";
  const isPreflight =
    isOptions && context.req.header("Access-Control-Request-Method") !== undefined;
  if (origins.join() === "" || (isOptions && !isPreflight)) return next();
  // A preflight is answered here, before it would meet the limit; a page can read the refusal of any other.
  return (isPreflight ? every(limitRequests, share(origins)) : share(origins))(context, next);
});

const share = (origins: readonly string[]) =>
  cors({
    origin: origins.includes("*") ? "*" : [...origins],
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: ["Authorization", "Content-Type", "Idempotency-Key", "If-Match"],
    exposeHeaders: ["ETag", "Retry-After", "Server-Timing", "X-Request-Id"],
    maxAge: 86_400,
  });

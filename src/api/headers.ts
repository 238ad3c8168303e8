import { every } from "hono/combine";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import type { Environment } from "../auth/environment.ts";
import { limitRequests } from "../auth/rate-limit.ts";
import { BOOKMARK_HEADER } from "./bookmarks.ts";

/**
 * Headers that stop a browser from treating an answer as anything but JSON. A page sets a content security
 * policy and a referrer policy of its own.
 */
export const protect = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  overwrite: false,
});

/** No cache stores an answer: the next reader may not be allowed to see it. */
export const keepFromCaches = createMiddleware<Environment>((context, next) => {
  context.header("Cache-Control", "no-store");
  return next();
});

/**
 * Allows pages of the origins in `CORS_ORIGINS` (separated by commas, `*` for any) to call the API. Without
 * that variable no page of another origin can call it.
 */
export const shareWithOrigins = createMiddleware<Environment>(async (context, next) => {
  const origins = (context.env.CORS_ORIGINS ?? "").split(",").map((origin) => origin.trim());
  const isOptions = context.req.method === "OPTIONS";
  const isPreflight =
    isOptions && context.req.header("Access-Control-Request-Method") !== undefined;
  if (origins.join() === "" || (isOptions && !isPreflight)) return next();
  // A preflight is answered here and counted here, because it never reaches the limit behind this middleware.
  // Any other request meets the limit later, so that its refusal has the CORS headers and the page can read
  // it.
  return (isPreflight ? every(limitRequests, share(origins)) : share(origins))(context, next);
});

const share = (origins: readonly string[]) =>
  cors({
    origin: origins.includes("*") ? "*" : [...origins],
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-Match",
      "If-None-Match",
      BOOKMARK_HEADER,
    ],
    exposeHeaders: ["ETag", "Retry-After", "Server-Timing", BOOKMARK_HEADER, "X-Request-Id"],
    maxAge: 86_400,
  });

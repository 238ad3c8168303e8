import { createMiddleware } from "hono/factory";
import { Connection, type TokenHolder } from "../db/connection.ts";
import { extendToken } from "../db/token.ts";
import type { Portal } from "../model/define.ts";
import { UnauthenticatedError } from "../values/errors.ts";
import { toInstant } from "../values/instant.ts";
import type { Environment } from "./environment.ts";

/**
 * Finds out on whose behalf a request comes. The token is not looked up here: it rides in the first
 * batch that the request sends (see `runAs`), so that a read stays one round trip.
 */
export const identify = (portal: Portal) =>
  createMiddleware<Environment>(async (context, next) => {
    if (portal === "public") {
      context.set("caller", { kind: "public" });
      return next();
    }
    const tokenHash = context.get("tokenHash");
    if (tokenHash === undefined) throw withoutToken(context.req.header("Authorization"));
    const now = toInstant(new Date());
    context.set("caller", { kind: "bearer", tokenHash, now });
    try {
      await next();
    } finally {
      const { tokenHolder } = context.get("connection");
      if (tokenHolder !== undefined && lastUsedBeforeToday(tokenHolder, now)) {
        context.executionCtx.waitUntil(
          extendToken(new Connection(context.env.DB), tokenHolder, now),
        );
      }
    }
  });

function withoutToken(header: string | undefined): UnauthenticatedError {
  return new UnauthenticatedError(
    header === undefined
      ? 'Authentication credentials were not provided. Send the header "Authorization: Bearer <token>".'
      : 'The Authorization header is not understood. It reads "Authorization: Bearer <token>".',
  );
}

/** Once a day is enough for a year that slides, and spares every other request a write. */
function lastUsedBeforeToday({ lastUsedDate }: TokenHolder, now: string): boolean {
  return lastUsedDate === null || lastUsedDate.slice(0, 10) < now.slice(0, 10);
}

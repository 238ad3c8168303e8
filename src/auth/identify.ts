import { createMiddleware } from "hono/factory";
import { type Caller, Connection } from "../db/connection.ts";
import { extendToken } from "../db/token.ts";
import { Unauthenticated } from "../domain/errors.ts";
import { toInstant } from "../domain/instant.ts";
import type { Portal } from "../model/define.ts";
import type { Environment } from "./environment.ts";

/**
 * Finds out on whose behalf a request comes. The token is not looked up here: it rides in the first
 * batch that the request sends (see `runAs`), so that a read stays one round trip.
 */
export const identify = (portal: Portal) =>
  createMiddleware<Environment>(async (context, next) => {
    if (portal === "public") {
      context.set("viewer", { kind: "public" });
      return next();
    }
    const tokenHash = context.get("tokenHash");
    if (tokenHash === undefined) throw withoutToken(context.req.header("Authorization"));
    const now = toInstant(new Date());
    context.set("viewer", { kind: "bearer", tokenHash, now });
    try {
      await next();
    } finally {
      const { caller } = context.get("connection");
      if (caller !== undefined && lastUsedBeforeToday(caller, now)) {
        context.executionCtx.waitUntil(extendToken(new Connection(context.env.DB), caller, now));
      }
    }
  });

function withoutToken(header: string | undefined): Unauthenticated {
  return new Unauthenticated(
    header === undefined
      ? 'Authentication credentials were not provided. Send the header "Authorization: Bearer <token>".'
      : 'The Authorization header is not understood. It reads "Authorization: Bearer <token>".',
  );
}

/** Once a day is enough for a year that slides, and spares every other request a write. */
function lastUsedBeforeToday({ lastUsedDate }: Caller, now: string): boolean {
  return lastUsedDate === null || lastUsedDate.slice(0, 10) < now.slice(0, 10);
}

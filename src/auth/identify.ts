import { createMiddleware } from "hono/factory";
import { Connection, type TokenHolder } from "../db/connection.ts";
import { extendToken } from "../db/token.ts";
import type { Portal } from "../model/define.ts";
import { UnauthenticatedError } from "../values/errors.ts";
import { toInstant } from "../values/instant.ts";
import type { Environment } from "./environment.ts";

/**
 * Sets the caller of a request. The token is not looked up here: the first batch of the request does that
 * (see `runAs`), so that a read needs one round trip. After the response, a token that was not used before
 * today is extended.
 *
 * @throws UnauthenticatedError when a request to the private portal has no readable token
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

/**
 * The lifetime of a token counts in days, so one update a day is enough, and all other requests write
 * nothing.
 */
function lastUsedBeforeToday({ lastUsedDate }: TokenHolder, now: string): boolean {
  return lastUsedDate === null || lastUsedDate.slice(0, 10) < now.slice(0, 10);
}

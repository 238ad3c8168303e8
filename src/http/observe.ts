import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import { Connection } from "../db/connection.ts";
import type { Environment } from "./environment.ts";

/**
 * Gives a request its database, and says afterwards what it cost: in the `Server-Timing` header, and in
 * one line of the log. Neither holds a token, a query or a body, and the header that anyone may read holds
 * no count of rows: it would tell a private object from one that does not exist.
 */
export const observe = createMiddleware<Environment>(async (context, next) => {
  const connection = new Connection(context.env.DB);
  context.set("connection", connection);
  const start = Date.now();
  await next();
  const { roundTrips, rowsRead, rowsWritten, milliseconds } = connection;
  const rows = `, ${rowsRead} rows read, ${rowsWritten} rows written`;
  const isOpen = context.get("viewer")?.kind !== "bearer";
  const cost = `${roundTrips} round trips${isOpen ? "" : rows}`;
  const duration = Date.now() - start;
  context.header("Server-Timing", `total;dur=${duration}, db;dur=${milliseconds};desc="${cost}"`);
  // biome-ignore lint/suspicious/noConsole: the log line of Workers observability.
  console.log(
    JSON.stringify({
      requestId: context.get("requestId"),
      method: context.req.method,
      route: routePath(context, -1),
      status: context.res.status,
      userId: connection.caller?.userId,
      roundTrips,
      rowsRead,
      rowsWritten,
      duration,
    }),
  );
});

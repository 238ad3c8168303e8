import { createMiddleware } from "hono/factory";
import { requestId } from "hono/request-id";
import type { Environment } from "../auth/environment.ts";
import { Connection } from "../db/connection.ts";

/** Always a new id: of one that a client chooses, two requests may carry the same. */
export const giveRequestId = requestId({ limitLength: 0 });

/** What a client's own request id looks like where it goes into the log. */
const PLAIN = /^[\w.-]{1,64}$/;

/**
 * Gives a request its database, and says afterwards what it cost: in the `Server-Timing` header, and with
 * the rows in one line of the log. Neither holds a token, a query or a body; the rows are not in the header,
 * because they would tell something of what the caller may not see.
 */
export const observe = createMiddleware<Environment>(async (context, next) => {
  const connection = new Connection(context.env.DB);
  context.set("connection", connection);
  const start = Date.now();
  await next();
  const { roundTrips, rowsRead, rowsWritten, milliseconds } = connection;
  const duration = Date.now() - start;
  const database = `db;dur=${milliseconds};desc="${roundTrips} round trips"`;
  // Not context.header: that would copy an answer which is already made.
  context.res.headers.set("Server-Timing", `total;dur=${duration}, ${database}`);
  // biome-ignore lint/suspicious/noConsole: the log line of Workers observability.
  console.log(
    JSON.stringify({
      requestId: context.get("requestId"),
      clientRequestId: clientRequestId(context.req.header("X-Request-Id")),
      method: context.req.method,
      route: context.get("route") ?? "*",
      status: context.res.status,
      userId: connection.tokenHolder?.userId,
      roundTrips,
      rowsRead,
      rowsWritten,
      duration,
    }),
  );
});

/** Only a plain one, so that nobody writes into the log what it must not hold, or more than it should. */
function clientRequestId(header: string | undefined): string | undefined {
  return header !== undefined && PLAIN.test(header) ? header : undefined;
}

import { createMiddleware } from "hono/factory";
import { requestId } from "hono/request-id";
import type { Environment } from "../auth/environment.ts";
import { Connection } from "../db/connection.ts";

/** Always a new id: two requests may carry the same id when clients choose it. */
export const giveRequestId = requestId({ limitLength: 0 });

/** The form of a client's request id that the log accepts. */
const PLAIN = /^[\w.-]{1,64}$/;

/**
 * Gives a request its database connection, and reports the cost afterwards: in the `Server-Timing` header and
 * in one log line. Neither contains a secret, a query or a body: the log line names a token or a browser
 * session by its id. The numbers of rows are only in the log,
 * because they would reveal something about records that the caller may not see.
 */
export const observe = createMiddleware<Environment>(async (context, next) => {
  const connection = new Connection(context.env.DB);
  context.set("connection", connection);
  const start = Date.now();
  await next();
  const { credential, roundTrips, rowsRead, rowsWritten, milliseconds } = connection;
  const { servedByRegion, servedByPrimary } = connection;
  const duration = Date.now() - start;
  const database = `db;dur=${milliseconds};desc="${roundTrips} round trips"`;
  // Not context.header: it would copy a response that is already built.
  context.res.headers.set("Server-Timing", `total;dur=${duration}, ${database}`);
  // biome-ignore lint/suspicious/noConsole: the log line of Workers observability.
  console.log(
    JSON.stringify({
      requestId: context.get("requestId"),
      clientRequestId: clientRequestId(context.req.header("X-Request-Id")),
      method: context.req.method,
      route: context.get("route") ?? "*",
      status: context.res.status,
      userId: credential?.userId,
      ...(credential && { [credential.kind === "token" ? "tokenId" : "sessionId"]: credential.id }),
      roundTrips,
      rowsRead,
      rowsWritten,
      servedByRegion,
      servedByPrimary,
      duration,
    }),
  );
});

/**
 * The client's request id if it has the accepted form, so that no client writes arbitrary or long text to the
 * log.
 */
function clientRequestId(header: string | undefined): string | undefined {
  return header !== undefined && PLAIN.test(header) ? header : undefined;
}

import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import { BadRequestError } from "../values/errors.ts";
import { respond } from "./answer.ts";
import { pathId, queryOf } from "./request.ts";
import type { ReadRoute } from "./route.ts";

/**
 * A read, from the request to the answer, in one round trip. An invalid query is reported only after the
 * caller and the target have been checked, as the contract requires.
 *
 * @throws an ApiError
 */
export const read = (route: ReadRoute) => async (context: Context<Environment>) => {
  const { query, fault } = queryOf(context, route.model, route.query);
  const { connection, caller } = context.var;
  const { url } = context.req;
  const reading = route.read({ connection, caller, id: pathId(context), query, url });
  const answer = await reading.catch((error: unknown) => {
    // Too large is what stands in for a query with faults, and nobody has asked for that.
    throw error instanceof BadRequestError ? (fault ?? error) : error;
  });
  if (fault !== undefined) throw fault;
  return respond(context, answer);
};

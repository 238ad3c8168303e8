import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
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
  const answer = await route.read({ connection, caller, id: pathId(context), query, url });
  if (fault !== undefined) throw fault;
  return respond(context, answer);
};

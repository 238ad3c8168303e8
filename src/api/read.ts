import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import { BadRequestError } from "../values/errors.ts";
import { entityTag, isKnown, respond, respondNotModified } from "./answer.ts";
import { restartRead, startRead } from "./bookmarks.ts";
import { pathId, queryOf } from "./request.ts";
import type { ReadRoute } from "./route.ts";

/**
 * A read, from the request to the answer, in one round trip. An invalid query is reported only after the
 * caller and the target have been checked, as the contract requires. A read that fails at a replica is asked
 * once more, from the primary.
 *
 * @throws an ApiError
 */
export const read = (route: ReadRoute) => async (context: Context<Environment>) => {
  startRead(context);
  const { query, fault } = queryOf(context, route.model, route.query);
  const { connection, caller } = context.var;
  const { url } = context.req;
  const reading = () => route.read({ connection, caller, id: pathId(context), query, url });
  const answer = await reading()
    .catch((error: unknown) => {
      if (error instanceof BadRequestError || !restartRead(context)) throw error;
      return reading();
    })
    .catch((error: unknown) => {
      // Too large is what stands in for a query with faults, and nobody has asked for that.
      throw error instanceof BadRequestError ? (fault ?? error) : error;
    });
  if (fault !== undefined) throw fault;
  // A list, and an object under include[], exclude[] or only[], has the tag of its whole text.
  const tag = answer.entityTag ?? (await entityTag(answer.json));
  return isKnown(context.req.header("If-None-Match"), tag)
    ? respondNotModified(context, tag)
    : respond(context, { ...answer, entityTag: tag });
};

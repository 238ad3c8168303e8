import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import { OPERATORS } from "../query/operators.ts";
import { NO_QUERY, parseQuery, type Query, type QueryKind } from "../query/parse.ts";
import { type ReadModel, vocabularyOf } from "../query/resource.ts";
import { BadRequestError } from "../values/errors.ts";
import { parseUuid } from "../values/uuid.ts";

/** The id in the path in its stored form; `""` for a path without one. */
export function pathId(context: Context<Environment>): string {
  const written = context.req.param("id") ?? "";
  // What is no UUID is the id of nothing, and is not found like any other.
  return parseUuid(written) ?? written;
}

/** The query of a request, and the error that it has earned if there are faults in it. */
export function queryOf(
  context: Context<Environment>,
  model: ReadModel,
  kind: QueryKind,
): { readonly query: Query; readonly fault: BadRequestError | undefined } {
  const parameters = new URL(context.req.url).searchParams;
  const { query = NO_QUERY, faults } = parseQuery(parameters, kind, vocabularyOf(model), OPERATORS);
  return { query, fault: faults.length > 0 ? new BadRequestError(faults.join(" ")) : undefined };
}

import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import { OPERATORS } from "../query/operators.ts";
import { NO_QUERY, parseQuery, type Query, type QueryKind } from "../query/parse.ts";
import { type ReadModel, vocabularyOf } from "../query/read-model.ts";
import { BadRequestError } from "../values/errors.ts";
import { parseUuid } from "../values/uuid.ts";

/** The id in the path in its stored form; `""` for a path without an id. */
export function pathId(context: Context<Environment>): string {
  const written = context.req.param("id") ?? "";
  // A text that is not a UUID is not the id of any record, so the record is not found.
  return parseUuid(written) ?? written;
}

/** The query of a request, and the error for an invalid one. */
export function queryOf(
  context: Context<Environment>,
  model: ReadModel,
  kind: QueryKind,
): { readonly query: Query; readonly fault: BadRequestError | undefined } {
  const parameters = new URL(context.req.url).searchParams;
  const { query = NO_QUERY, faults } = parseQuery(parameters, kind, vocabularyOf(model), OPERATORS);
  return { query, fault: faults.length > 0 ? new BadRequestError(faults.join(" ")) : undefined };
}

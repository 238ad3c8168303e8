import { createMiddleware } from "hono/factory";
import { BadRequest, Refusal } from "../domain/errors.ts";
import { refusalOf } from "../domain/fault.ts";
import { parseUuid } from "../domain/uuid.ts";
import { answerOne, respond } from "../http/answer.ts";
import { readJsonBody } from "../http/body.ts";
import type { Environment } from "../http/environment.ts";
import type { Route } from "../http/route.ts";
import { idempotencyKey, ifMatch, type Term } from "../http/terms.ts";
import { OPERATORS } from "../query/operators.ts";
import { NO_QUERY, parseQuery } from "../query/parse.ts";
import { vocabularyOf } from "../query/resource.ts";
import { type ParsedInput, parseInput } from "../record/input.ts";
import { findFaults } from "../record/service.ts";

const NO_TERMS: Term = { questions: [], settle: async () => ({}) };

/**
 * The permission middleware: lets a request through to its handler when what the route declares to
 * need holds. For a write it reads the body and asks the database, in one round trip, who is calling,
 * what is there and what they may do; a refusal comes in the order of the contract, whatever else is
 * wrong. A read needs no question of its own: its statements show what the viewer may see and nothing
 * else.
 *
 * @throws a Refusal
 */
export function requirePermission(route: Route) {
  const { needs } = route;
  return createMiddleware<Environment>(async (context, next) => {
    const { connection, viewer } = context.var;
    const written = context.req.param("id") ?? "";
    // What is no UUID is the id of nothing, and is not found like any other.
    const id = parseUuid(written) ?? written;
    const parameters = new URL(context.req.url).searchParams;
    const vocabulary = vocabularyOf(route.resource);
    const { query = NO_QUERY, faults } = parseQuery(parameters, route.query, vocabulary, OPERATORS);
    const badQuery = faults.length > 0 ? new BadRequest(faults.join(" ")) : undefined;
    if (needs === "read") {
      context.set("given", { id, query, input: undefined });
      await next();
      if (badQuery !== undefined && context.error === undefined) throw badQuery;
      return undefined;
    }
    const { input, faults: shape, text = "" } = await readInput(route, context.req.raw);
    const header = (name: string) => context.req.header(name);
    const request = { route, connection, viewer, id, header };
    const terms = [idempotencyKey(request, text), ifMatch(request)].find(Boolean) ?? NO_TERMS;
    const checks = needs({ id, input });
    const { faults: found, answers } = await findFaults(
      connection,
      viewer,
      checks,
      terms.questions,
    );
    const settled = await terms.settle(answers);
    if (settled.keptAnswer !== undefined) {
      return respond(context, await answerOne(route.resource, settled.keptAnswer, 201));
    }
    const refusal = refusalOf(found, badQuery ?? shape) ?? settled.refusal;
    if (refusal !== undefined) throw refusal;
    context.set("given", { id, query, input });
    return next();
  });
}

async function readInput(
  { body }: Route,
  request: Request,
): Promise<Partial<Pick<ParsedInput, "faults">> & Pick<ParsedInput, "input"> & { text?: string }> {
  if (body === undefined) return { input: {} };
  const read = await readJsonBody(request);
  if (read instanceof Refusal) return { input: {}, faults: read };
  return { ...parseInput(body.declaration, read.value, body.mode), text: read.text };
}

import type { Context, Next } from "hono";
import { createMiddleware } from "hono/factory";
import type { Statement } from "../db/connection.ts";
import { BadRequest, type FieldErrors, Refusal } from "../domain/errors.ts";
import { refusalOf } from "../domain/fault.ts";
import { parseUuid } from "../domain/uuid.ts";
import { answerOne, respond } from "../http/answer.ts";
import { readJsonBody } from "../http/body.ts";
import type { Environment, Given } from "../http/environment.ts";
import type { Route } from "../http/route.ts";
import { idempotencyKey, ifMatch, NO_TERMS } from "../http/terms.ts";
import { OPERATORS } from "../query/operators.ts";
import { NO_QUERY, parseQuery } from "../query/parse.ts";
import { vocabularyOf } from "../query/resource.ts";
import { guardAll } from "../record/checks.ts";
import { type ParsedInput, parseInput } from "../record/input.ts";
import { findFaults } from "../record/service.ts";

/**
 * The permission middleware: a request passes when what its route declares to need holds, and a refusal
 * comes in the order of the contract, whatever else is wrong.
 *
 * A read needs no question of its own: its statements show what the viewer may see and nothing else. For a
 * write the needs become guards of the batch that writes, which fails when one does not hold; only then the
 * database is asked for all that speaks against it. So a write that may be done costs one round trip, and a
 * refusal at most two. Where the body is faulty, or a header asks for more, the questions come first.
 *
 * @throws a Refusal
 */
export function requirePermission(route: Route) {
  const { needs } = route;
  return createMiddleware<Environment>(async (context, next) => {
    const written = context.req.param("id") ?? "";
    // What is no UUID is the id of nothing, and is not found like any other.
    const id = parseUuid(written) ?? written;
    const parameters = new URL(context.req.url).searchParams;
    const vocabulary = vocabularyOf(route.resource);
    const { query = NO_QUERY, faults } = parseQuery(parameters, route.query, vocabulary, OPERATORS);
    const badQuery = faults.length > 0 ? new BadRequest(faults.join(" ")) : undefined;
    if (needs !== "read")
      return authorizeWrite(context, next, { route, id, query, badQuery, needs });
    context.set("given", { id, query, input: undefined });
    await next();
    if (badQuery !== undefined) throw badQuery;
    return undefined;
  });
}

interface AskedWrite extends Pick<Given, "id" | "query"> {
  readonly route: Route;
  readonly needs: Exclude<Route["needs"], "read">;
  readonly badQuery: Refusal | undefined;
}

async function authorizeWrite(
  context: Context<Environment>,
  next: Next,
  { route, id, query, badQuery, needs }: AskedWrite,
): Promise<Response | undefined> {
  const { connection, viewer } = context.var;
  const { input, faults: shape, text = "" } = await readInput(route, context.req.raw);
  const header = (name: string) => context.req.header(name);
  const request = { route, connection, viewer, id, header };
  const terms = [idempotencyKey(request, text), ifMatch(request)].find(Boolean);
  const checks = needs({ id, input });
  let first: readonly Statement[] = [];
  const isSound = badQuery === undefined && (shape === undefined || isEmpty(shape));
  if (!isSound || terms !== undefined) {
    const { questions, settle } = terms ?? NO_TERMS;
    const { faults, answers } = await findFaults(connection, viewer, checks, questions);
    const settled = await settle(answers);
    const { keptAnswer } = settled;
    if (keptAnswer instanceof Refusal) throw keptAnswer;
    if (keptAnswer !== undefined) {
      return respond(context, await answerOne(route.resource, keptAnswer, 201));
    }
    throwIfAny(refusalOf(faults, badQuery ?? shape) ?? settled.refusal);
    first = settled.guard === undefined ? [] : [settled.guard];
  }
  connection.guards = [...first, guardAll(checks, viewer)];
  context.set("given", { id, query, input });
  try {
    await next();
  } catch (error) {
    connection.guards = [];
    if (error instanceof Refusal && connection.roundTrips < MOST_ROUND_TRIPS) {
      const { faults } = await findFaults(connection, viewer, checks);
      throwIfAny(refusalOf(faults, undefined));
    }
    throw error;
  }
  return undefined;
}

/** What a write may cost: one that was refused is asked about once. */
const MOST_ROUND_TRIPS = 2;

const isEmpty = (faults: FieldErrors | Refusal) =>
  !(faults instanceof Refusal) && faults.size === 0;

function throwIfAny(refusal: Refusal | undefined): void {
  if (refusal !== undefined) throw refusal;
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

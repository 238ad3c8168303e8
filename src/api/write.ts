import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import type { Caller } from "../db/access.ts";
import type { Connection, Statement } from "../db/connection.ts";
import { askViolations, type Conditions, execute, type Replied } from "../model/execute.ts";
import { parseInput } from "../model/input.ts";
import type { Intent, Plan } from "../model/plan.ts";
import { ApiError } from "../values/errors.ts";
import { toInstant } from "../values/instant.ts";
import { type BodyErrors, errorOf } from "../values/violation.ts";
import { type Answer, answerOne, answerPage, NOTHING, respond } from "./answer.ts";
import { readJsonBody } from "./body.ts";
import { startWrite } from "./bookmarks.ts";
import { type Condition, conditionOf } from "./conditions.ts";
import { pathId, queryOf } from "./request.ts";
import type { WriteRoute } from "./route.ts";

/**
 * A write, from the request to the answer: parse, plan, execute, reply.
 *
 * A write that is allowed costs one round trip to the database, and one that is refused at most two, because
 * the guard of the transaction checks the preconditions. An invalid body or query, and a header that makes
 * the write conditional, are checked before the transaction, in one round trip. In all cases the errors have
 * the order of the contract.
 *
 * @throws an ApiError
 */
export const write = (route: WriteRoute) => async (context: Context<Environment>) => {
  startWrite(context);
  const request = await parse(context, route);
  const { connection, caller } = context.var;
  const intent = { caller, now: toInstant(new Date()) };
  const plan = route.plan(request.id, request.input, intent);
  const done = await carryOut(connection, intent, plan, request);
  if ("keptAnswer" in done) {
    return respond(context, await answerOne(route.model, done.keptAnswer, 201));
  }
  return respond(context, await reply(context, route, done));
};

/** What precedes the statements of a write: the errors of its body, and the condition of its request. */
export interface Checks {
  readonly fault: BodyErrors;
  readonly condition?: Condition | undefined;
  /** Statements that fail the transaction, for a condition that needs no question before it. */
  readonly guards?: readonly Statement[];
}

/**
 * Executes a plan after its checks. The API and the forms of the pages both write through this, so that their
 * refusals are the same.
 *
 * @returns the reply, or the answer that an earlier request under the same key got
 * @throws an ApiError when the write is refused
 */
export async function carryOut(
  connection: Connection,
  intent: Intent,
  plan: Plan,
  checks: Checks,
): Promise<Replied | { readonly keptAnswer: string }> {
  const settled = await settle(connection, intent.caller, plan, checks);
  return "keptAnswer" in settled ? settled : execute(connection, intent, plan, settled);
}

/** The request, as far as it could be read, and its errors. */
interface ParsedWrite extends Checks {
  readonly id: string;
  /** The parsed body. An invalid body gives only its valid fields. */
  readonly input: Readonly<Record<string, unknown>>;
}

async function parse(context: Context<Environment>, route: WriteRoute): Promise<ParsedWrite> {
  const id = pathId(context);
  const { fault: badQuery } = queryOf(context, route.model, "none");
  const { input, fault, text } = await parseBody(context, route);
  const condition = conditionOf({
    route,
    caller: context.var.caller,
    id,
    text,
    header: (name) => context.req.header(name),
  });
  return { id, input, fault: badQuery ?? fault, condition };
}

async function parseBody(context: Context<Environment>, { input: body }: WriteRoute) {
  if (body === undefined) return { input: {}, fault: undefined, text: "" };
  const read = await readJsonBody(context.req.raw);
  if (read instanceof ApiError) return { input: {}, fault: read, text: "" };
  const { input, faults } = parseInput(body.declaration, read.value, body.mode);
  const isSound = !(faults instanceof ApiError) && faults.size === 0;
  return { input, fault: isSound ? undefined : faults, text: read.text };
}

/**
 * Runs the checks that precede the transaction; a valid request without conditions has none. The plan from an
 * invalid body is used only for its preconditions, so that all errors are reported together.
 *
 * @throws an ApiError when the write is refused
 */
async function settle(
  connection: Connection,
  caller: Caller,
  { preconditions }: Plan,
  { fault, condition, guards: unasked = [] }: Checks,
): Promise<Conditions | { readonly keptAnswer: string }> {
  if (fault === undefined && condition === undefined) return { guards: unasked, wereAsked: false };
  const questions = condition?.questions ?? [];
  const { violations, answers } = await askViolations(connection, caller, preconditions, questions);
  const { keptAnswer, refusal, guards = [], keep } = (await condition?.settle(answers)) ?? {};
  if (keptAnswer instanceof ApiError) throw keptAnswer;
  if (keptAnswer !== undefined) return { keptAnswer };
  const found = errorOf(violations, fault) ?? refusal;
  if (found !== undefined) throw found;
  return { guards: [...unasked, ...guards], wereAsked: true, ...(keep && { keep }) };
}

async function reply(
  context: Context<Environment>,
  { model, answers }: WriteRoute,
  replied: Replied,
): Promise<Answer> {
  if (replied.show === "record") {
    return answerOne(model, replied.body, answers.status === 201 ? 201 : 200);
  }
  return replied.show === "list" ? answerPage(model, replied.page, context.req.url) : NOTHING;
}

import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import { askViolations, type Conditions, execute, NO_CONDITIONS } from "../model/execute.ts";
import { parseInput } from "../model/input.ts";
import type { Plan } from "../model/plan.ts";
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
  const settled = await settle(context, plan, request);
  if ("keptAnswer" in settled) {
    return respond(context, await answerOne(route.model, settled.keptAnswer, 201));
  }
  const replied = await execute(connection, intent, plan, settled);
  return respond(context, await reply(context, route, replied));
};

/** The request, as far as it could be read, and its errors. */
interface ParsedWrite {
  readonly id: string;
  /** The parsed body. An invalid body gives only its valid fields. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly fault: BodyErrors;
  readonly condition: Condition | undefined;
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
  { var: { connection, caller } }: Context<Environment>,
  { preconditions }: Plan,
  { fault, condition }: ParsedWrite,
): Promise<Conditions | { readonly keptAnswer: string }> {
  if (fault === undefined && condition === undefined) return NO_CONDITIONS;
  const questions = condition?.questions ?? [];
  const { violations, answers } = await askViolations(connection, caller, preconditions, questions);
  const { keptAnswer, refusal, guards = [], keep } = (await condition?.settle(answers)) ?? {};
  if (keptAnswer instanceof ApiError) throw keptAnswer;
  if (keptAnswer !== undefined) return { keptAnswer };
  const found = errorOf(violations, fault) ?? refusal;
  if (found !== undefined) throw found;
  return { guards, wereAsked: true, ...(keep && { keep }) };
}

async function reply(
  context: Context<Environment>,
  { model, answers }: WriteRoute,
  replied: Awaited<ReturnType<typeof execute>>,
): Promise<Answer> {
  if (replied.show === "record") {
    return answerOne(model, replied.body, answers.status === 201 ? 201 : 200);
  }
  return replied.show === "list" ? answerPage(model, replied.page, context.req.url) : NOTHING;
}

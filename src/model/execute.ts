import type { SQL } from "drizzle-orm";
import { type Caller, runAs } from "../db/access.ts";
import type { Connection, Row } from "../db/connection.ts";
import { isTooBig, readWriteFailure } from "../db/constraint-error.ts";
import { compileDetail, compileList } from "../query/compile.ts";
import { vocabularyOf } from "../query/read-model.ts";
import {
  ApiError,
  BadRequestError,
  DatabaseBeingFilledError,
  NotFoundError,
  ValidationError,
} from "../values/errors.ts";
import { errorOf, type Violation } from "../values/violation.ts";
import type { Intent, Plan, Reply } from "./plan.ts";
import { findViolations, type Precondition } from "./precondition.ts";
import { type Page, pageOf, readAs } from "./read.ts";

/** What the headers of a request add to the transaction of its write. */
export interface Conditions {
  /** Statements that run first and fail the transaction when a condition is not met. */
  readonly guards: readonly SQL[];
  /** Whether the preconditions have already been checked, so that a refusal needs no third round trip. */
  readonly wereAsked: boolean;
  /** The statements that store the reply, given the statement that reads it. */
  keep?(reply: SQL): readonly SQL[];
}

export const NO_CONDITIONS: Conditions = { guards: [], wereAsked: false };

/** The reply to a write: one object as JSON text, a page, or nothing. */
export type Replied =
  | { readonly show: "record"; readonly body: string }
  | { readonly show: "list"; readonly page: Page }
  | { readonly show: "nothing" };

/**
 * Executes a plan as one transaction, in one round trip: its preconditions, its audit entries, its
 * statements, and the reply as the caller sees it afterwards. When the transaction is refused, a second round
 * trip finds all violations, so that the error reports all of them.
 *
 * @throws an ApiError when a precondition does not hold, or when a concurrent write violates a constraint;
 * DatabaseBeingFilledError while an import runs
 */
export async function execute(
  connection: Connection,
  intent: Intent,
  plan: Plan,
  conditions: Conditions = NO_CONDITIONS,
): Promise<Replied> {
  const { caller } = intent;
  try {
    return await commitAndReply(connection, intent, plan, conditions);
  } catch (error) {
    const refusal = error instanceof ApiError ? error : errorOfFailure(error);
    if (refusal === undefined) throw error;
    if (conditions.wereAsked) throw refusal;
    const { violations } = await askViolations(connection, caller, plan.preconditions);
    throw errorOf(violations, undefined) ?? refusal;
  }
}

/**
 * When an object is too large for the database with its relations, a second round trip writes it again and
 * replies without them. A write is never refused because of the size of the related records.
 */
async function commitAndReply(
  connection: Connection,
  intent: Intent,
  plan: Plan,
  conditions: Conditions,
): Promise<Replied> {
  try {
    return await commit(connection, intent, plan, conditions);
  } catch (error) {
    const { reply } = plan;
    if (!isTooBig(error) || reply.show !== "record") throw error;
    const exclude = vocabularyOf(reply.model).includes;
    const smaller = { ...reply, selection: { include: [], exclude } };
    return commit(connection, intent, plan, conditions, smaller);
  }
}

async function commit(
  connection: Connection,
  intent: Intent,
  plan: Plan,
  { guards, keep }: Conditions,
  reply: Reply = plan.reply,
): Promise<Replied> {
  const replies = repliesOf(reply, intent.caller);
  const [first] = replies;
  const rows = await runAs(connection, intent.caller, [
    ...guards,
    ...plan.transaction(intent),
    ...(first === undefined ? [] : (keep?.(first) ?? [])),
    ...replies,
  ]);
  return readReply(reply, rows.slice(rows.length - replies.length));
}

/** The statements that read the reply. */
function repliesOf(reply: Reply, caller: Caller): readonly SQL[] {
  if (reply.show === "nothing") return [];
  return reply.show === "record"
    ? [compileDetail(reply.model, caller, reply.id, reply.selection)]
    : [compileList(reply.model, caller, reply.query)];
}

function readReply(reply: Reply, answers: readonly (readonly Row[])[]): Replied {
  if (reply.show === "nothing") return { show: "nothing" };
  if (reply.show === "list")
    return { show: "list", page: pageOf(reply.model, reply.query, answers) };
  const row = answers[0]?.[0];
  if (row === undefined) throw new NotFoundError();
  // The write may remove the caller's own right to see the record. The reply is then only its id.
  const body = row.body === null ? JSON.stringify({ id: reply.id }) : String(row.body);
  return { show: "record", body };
}

/**
 * The refusal for a transaction that failed because of a concurrent write; undefined for any other failure.
 *
 * @throws DatabaseBeingFilledError when an import has started
 */
function errorOfFailure(error: unknown): ApiError | undefined {
  if (isTooBig(error)) return new BadRequestError("This is larger than the database can hold.");
  const failure = readWriteFailure(error);
  if (failure.kind === "violation" && failure.violation.kind === "filling")
    throw new DatabaseBeingFilledError();
  if (failure.kind === "violation") return errorOf([failure.violation], undefined);
  if (failure.kind === "foreign-key") {
    return new BadRequestError(
      "Something that this refers to, or that refers to it, has just changed.",
    );
  }
  if (failure.kind !== "unique") return undefined;
  const field = failure.columns.at(-1)?.split(".").at(-1) ?? "";
  return new ValidationError(new Map([[field, ["A record with this value already exists."]]]));
}

/**
 * Finds the violations of a write, in one round trip, together with the rows of further statements.
 *
 * @returns the violations, and the rows of each of `questions`
 * @throws UnauthenticatedError when the token is not valid
 */
export async function askViolations(
  connection: Connection,
  caller: Caller,
  preconditions: readonly Precondition[],
  questions: readonly SQL[] = [],
): Promise<{ violations: readonly Violation[]; answers: readonly (readonly Row[])[] }> {
  const asked = preconditions.map((precondition) => findViolations(precondition, caller));
  const rows = await readAs(connection, caller, [...asked, ...questions]);
  // Each precondition builds its violations with json_object, in the shape of a Violation.
  const found = rows.slice(0, asked.length).flat();
  return {
    violations: found.map((row) => JSON.parse(String(row.violation)) as Violation),
    answers: rows.slice(asked.length),
  };
}

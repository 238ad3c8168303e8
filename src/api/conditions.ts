import type { Caller } from "../db/access.ts";
import type { Row, Statement } from "../db/connection.ts";
import type { Conditions } from "../model/execute.ts";
import {
  findKeptAnswer,
  guardNotKept,
  guardUnchanged,
  type KeptAnswer,
  keepAnswer,
} from "../model/kept-answers.ts";
import { compileDetail } from "../query/compile.ts";
import {
  type ApiError,
  BadRequestError,
  ForbiddenError,
  NotFoundError,
  PreconditionFailedError,
  UnprocessableError,
} from "../values/errors.ts";
import { hash } from "../values/hash.ts";
import { hiddenMessage, STALE } from "../values/violation.ts";
import { entityTag } from "./answer.ts";
import type { WriteRoute } from "./route.ts";

/**
 * A header that makes a write conditional: the statements to run before the write, and the decision that
 * follows from their rows.
 */
export interface Condition {
  readonly questions: readonly Statement[];
  settle(answers: readonly (readonly Row[])[]): Promise<Settled>;
}

/**
 * The decision on a condition: a refusal, the earlier answer, or what the transaction of the write includes.
 */
export interface Settled extends Partial<Pick<Conditions, "guards" | "keep">> {
  readonly refusal?: ApiError;
  /** The earlier answer, or the error in its place. That error precedes all other errors. */
  readonly keptAnswer?: string | ApiError;
}

/** The parts of a request that its conditions depend on. */
export interface ConditionalRequest {
  readonly route: WriteRoute;
  readonly caller: Caller;
  readonly id: string;
  /** The body as it was sent. */
  readonly text: string;
  header(name: string): string | undefined;
}

/** The condition of a request; undefined when it has none. */
export function conditionOf(request: ConditionalRequest): Condition | undefined {
  return idempotencyKey(request) ?? ifMatch(request);
}

/** `If-Match` on a write to one object: the object must be the same as when the client read it. */
function ifMatch({ route, caller, id, header }: ConditionalRequest): Condition | undefined {
  const tags = header("If-Match");
  if (tags === undefined || !route.path.includes("/:id")) return undefined;
  if (tags.trim() === "*") return { questions: [], settle: async () => ({}) };
  return {
    questions: [compileDetail(route.model, caller, id)],
    settle: async ([rows = []]) => {
      const body = String(rows[0]?.body ?? "");
      // A proxy that compresses an answer may turn its entity tag into a weak one.
      const wanted = tags.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
      if (!wanted.includes(await entityTag(body))) {
        return { refusal: new PreconditionFailedError(STALE) };
      }
      return { guards: [guardUnchanged(route.model, caller, id, body)] };
    },
  };
}

/** `Idempotency-Key` on a POST that creates an object: a repeated request gets the first answer again. */
function idempotencyKey({
  route,
  caller,
  text,
  header,
}: ConditionalRequest): Condition | undefined {
  const key = header("Idempotency-Key");
  if (key === undefined || route.answers.status !== 201) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    const refusal = new BadRequestError(
      "Idempotency-Key: 1 to 255 letters, digits or signs, no blanks.",
    );
    return { questions: [], settle: async () => ({ refusal }) };
  }
  const { statement, read } = findKeptAnswer(route.model, caller, key);
  return {
    questions: [statement],
    settle: async ([rows]) => {
      const requestHash = await hash(`${route.path}\n${text}`);
      const kept = read(rows);
      if (kept === undefined) {
        return {
          guards: [guardNotKept(caller, key)],
          keep: (reply) => keepAnswer(caller, key, requestHash, reply),
        };
      }
      if (kept.requestHash === requestHash) return { keptAnswer: replay(route, kept) };
      const message = "This Idempotency-Key was used for another request: take a new one for each.";
      return { refusal: new UnprocessableError(message) };
    },
  };
}

/** The stored answer, if the caller may still read the record. */
function replay({ model }: WriteRoute, { answer, readable }: KeptAnswer): string | ApiError {
  if (readable === 1) return answer;
  return readable === null
    ? new NotFoundError(
        "What this request created has been deleted. To create it again, take a new Idempotency-Key.",
      )
    : new ForbiddenError(hiddenMessage(model.title, model.viewPermission));
}

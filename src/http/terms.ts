import type { Viewer } from "../db/access.ts";
import type { Connection, Row, Statement } from "../db/connection.ts";
import {
  BadRequest,
  Forbidden,
  NotFound,
  PreconditionFailed,
  type Refusal,
  Unprocessable,
} from "../domain/errors.ts";
import { hiddenMessage, STALE } from "../domain/fault.ts";
import { hash } from "../domain/hash.ts";
import { compileDetail } from "../query/compile.ts";
import { findKeptAnswer, guardNotKept, guardUnchanged, keepAnswer } from "../record/terms.ts";
import { entityTag } from "./answer.ts";
import type { Route } from "./route.ts";

/** What a request's headers ask of its write: what to ask the database first, and what its answer means. */
export interface Term {
  readonly questions: readonly Statement[];
  /** The refusal that follows from the answers, or the answer that was given before. */
  readonly settle: (answers: readonly (readonly Row[])[]) => Promise<Settled>;
}

/** A request that asks for nothing of the kind, or for no more than that its object is there. */
export const NO_TERMS: Term = { questions: [], settle: async () => ({}) };

interface Settled {
  readonly refusal?: Refusal;
  /** Or why it is not given again, which comes before all other refusals. */
  readonly keptAnswer?: string | Refusal;
  /** A statement that fails the writing batch when another request has come first. */
  readonly guard?: Statement;
}

/** The request, as far as its terms depend on it. */
export interface TermsOf {
  readonly route: Route;
  readonly connection: Connection;
  readonly viewer: Viewer;
  readonly id: string;
  readonly header: (name: string) => string | undefined;
}

/** `If-Match` on a write to one object: it must still read as the client has read it. */
export function ifMatch({ route, viewer, id, header }: TermsOf): Term | undefined {
  const tags = header("If-Match");
  if (tags === undefined || !route.path.includes("/:id")) return undefined;
  if (tags.trim() === "*") return NO_TERMS;
  return {
    questions: [compileDetail(route.resource, viewer, id)],
    settle: async ([rows = []]) => {
      const body = String(rows[0]?.body ?? "");
      // What compresses an answer on its way may weaken its tag.
      const wanted = tags.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
      if (!wanted.includes(await entityTag(body)))
        return { refusal: new PreconditionFailed(STALE) };
      return { guard: guardUnchanged(route.resource, viewer, id, body) };
    },
  };
}

/** `Idempotency-Key` on a POST that makes an object: asked again, it gets the first answer. */
export function idempotencyKey(
  { route, connection, viewer, header }: TermsOf,
  body: string,
): Term | undefined {
  const key = header("Idempotency-Key");
  if (key === undefined || route.answers.status !== 201) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    const refusal = new BadRequest(
      "Idempotency-Key: 1 to 255 letters, digits or signs, no blanks.",
    );
    return { questions: [], settle: async () => ({ refusal }) };
  }
  return {
    questions: [findKeptAnswer(route.resource, viewer, key)],
    settle: async ([rows = []]) => {
      const requestHash = await hash(`${route.path}\n${body}`);
      const [kept] = rows;
      if (kept === undefined) {
        connection.keepAnswer = (answer) => keepAnswer(viewer, key, requestHash, answer);
        return { guard: guardNotKept(viewer, key) };
      }
      if (kept.requestHash === requestHash) return { keptAnswer: replay(route, kept) };
      const message = "This Idempotency-Key was used for another request: take a new one for each.";
      return { refusal: new Unprocessable(message) };
    },
  };
}

/** The answer that was kept, for a caller who may still read the record. */
function replay({ resource }: Route, { answer, readable }: Row): string | Refusal {
  if (readable === 1) return String(answer);
  return readable === null
    ? new NotFound(
        "What this request made has been deleted. To make it again, take a new Idempotency-Key.",
      )
    : new Forbidden(hiddenMessage(resource.title, resource.viewPermission));
}

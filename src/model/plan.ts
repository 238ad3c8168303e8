import type { SQL } from "drizzle-orm";
import { type AuditDraft, auditStatements } from "../audit/entries.ts";
import type { Caller } from "../db/access.ts";
import type { Query, Selection } from "../query/parse.ts";
import type { ReadModel } from "../query/read-model.ts";
import { guardOf, type Precondition } from "./precondition.ts";

/** The reply to a write: the record as the caller sees it afterwards, a list, or nothing. */
export type Reply =
  | {
      readonly show: "record";
      readonly model: ReadModel;
      readonly id: string;
      /** The shown part of the record; all of it when absent. */
      readonly selection?: Selection;
    }
  | { readonly show: "list"; readonly model: ReadModel; readonly query: Query }
  | { readonly show: "nothing" };

/** Who asks for a write, and when. */
export interface Intent {
  readonly caller: Caller;
  /** The instant of the write in its stored form. */
  readonly now: string;
}

/** The parts of a write: its preconditions, the statements that do it, its audit entries, and its reply. */
interface Parts {
  /** All preconditions of the write, declared once for the API and the administrator's command. */
  readonly preconditions: readonly Precondition[];
  readonly statements: readonly SQL[];
  readonly audit: readonly AuditDraft[];
  readonly reply: Reply;
}

/**
 * A write as data. Its statements cannot be read: a plan returns them only as a transaction that begins with
 * the guard of its preconditions. So no code can run them without the guard.
 */
export class Plan {
  readonly preconditions: Parts["preconditions"];
  readonly reply: Reply;
  readonly #statements: Parts["statements"];
  readonly #audit: Parts["audit"];

  constructor({ preconditions, statements, audit, reply }: Parts) {
    this.preconditions = preconditions;
    this.reply = reply;
    this.#statements = statements;
    this.#audit = audit;
  }

  /** The statements of the write, after the guard and between the statements of the audit entries. */
  transaction({ caller, now }: Intent): readonly SQL[] {
    const entries = auditStatements(this.#audit, caller, now);
    return [
      guardOf(this.preconditions, caller),
      ...entries.before,
      ...this.#statements,
      ...entries.after,
    ];
  }
}

import type { SQL } from "drizzle-orm";
import { type AuditDraft, auditStatements } from "../audit/entries.ts";
import type { Caller } from "../db/access.ts";
import type { Query, Selection } from "../query/parse.ts";
import type { ReadModel } from "../query/resource.ts";
import { guardOf, type Precondition } from "./precondition.ts";

/** What the reply to a write shows: the record as the caller sees it afterwards, a list, or nothing. */
export type Reply =
  | {
      readonly show: "record";
      readonly model: ReadModel;
      readonly id: string;
      /** The part of the record that is shown, all of it when absent. */
      readonly selection?: Selection;
    }
  | { readonly show: "list"; readonly model: ReadModel; readonly query: Query }
  | { readonly show: "nothing" };

/** A write as it was asked for, for whoever plans it. */
export interface Intent {
  readonly caller: Caller;
  /** The instant of the write in its stored form. */
  readonly now: string;
}

/** What a write is: what must hold, the statements that do it, its audit entries, and its reply. */
interface Parts {
  /** All of them are declared here, once, for the API, the pages and the administrator's command. */
  readonly preconditions: readonly Precondition[];
  readonly statements: readonly SQL[];
  readonly audit: readonly AuditDraft[];
  readonly reply: Reply;
}

/**
 * A write as pure data. Its statements cannot be read: they come out of a plan as a transaction alone, which
 * begins with the guard of its preconditions. So nothing is written unguarded, by mistake or by habit.
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

  /** The statements of the write, behind its guard and between its audit entries. */
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

import type { SQL } from "drizzle-orm";
import type { AuditDraft } from "../audit/entries.ts";
import type { Query, Selection } from "../query/parse.ts";
import type { Resource } from "../query/resource.ts";
import type { Precondition } from "./precondition.ts";

/** What the reply to a write shows: the record as the caller sees it afterwards, a list, or nothing. */
export type Reply =
  | {
      readonly show: "record";
      readonly model: Resource;
      readonly id: string;
      /** The part of the record that is shown, all of it when absent. */
      readonly selection?: Selection;
    }
  | { readonly show: "list"; readonly model: Resource; readonly query: Query }
  | { readonly show: "nothing" };

/**
 * A write as pure data: what must hold, the statements that do it, what goes into the history, and what
 * the reply shows. `execute` runs it as one transaction, behind its preconditions.
 */
export interface Plan {
  /** All of them are declared here, once, for the API, the pages and the administrator's command. */
  readonly preconditions: readonly Precondition[];
  readonly statements: readonly SQL[];
  readonly audit: readonly AuditDraft[];
  readonly reply: Reply;
}

/** A write as it was asked for, for whoever plans it. */
export interface Intent {
  readonly caller: import("../db/access.ts").Viewer;
  /** The instant of the write in its stored form. */
  readonly now: string;
}

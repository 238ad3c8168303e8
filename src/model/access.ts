import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { ReadModel } from "../query/read-model.ts";
import type { SharedKind } from "../values/permission.ts";
import type { Intent } from "./plan.ts";
import type { Precondition } from "./precondition.ts";

/**
 * Who may read the records of a model: the part of the access that the query language needs (see
 * `query/read-model.ts`).
 */
export type ReadAccess = Pick<
  ReadModel,
  "viewPermission" | "visible" | "readable" | "usable" | "scope" | "projectIds"
>;

/** The projects of a record that is shared with members, or that belongs to one: `id` is the column of that one. */
export const projectIdsOf = (kind: SharedKind, id: SQLiteColumn): Pick<ReadAccess, "projectIds"> =>
  kind === "project" ? { projectIds: sql`json_array(${id})` } : {};

/** The parts of a model that its access depends on. */
export type Accessed = Pick<ReadModel, "title" | "table" | "id" | "viewPermission" | "readable">;

/**
 * The access to the records of a model: who may read them, and the preconditions of a write in addition to
 * those of the fields.
 */
export interface Access<Input = Readonly<Record<string, unknown>>> {
  readonly read: ReadAccess;
  create(input: Partial<Input>): readonly Precondition[];
  change(model: Accessed, id: string, input: Partial<Input>): readonly Precondition[];
  remove(model: Accessed, id: string): readonly Precondition[];
  /** Further statements for a new record. */
  created?(id: string, intent: Intent): readonly SQL[];
}

/** The access to records that no caller writes, because the service itself writes them. */
export const readOnly = (read: ReadAccess): Access => ({
  read,
  create: refuse,
  change: refuse,
  remove: refuse,
});

function refuse(): never {
  throw new Error("The records of this model are not written one by one.");
}

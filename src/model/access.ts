import type { SQL } from "drizzle-orm";
import type { ReadModel } from "../query/resource.ts";
import type { Intent } from "./plan.ts";
import type { Precondition } from "./precondition.ts";

/** Who may read the records of a model: the part that the query language needs (see `query/resource.ts`). */
export type ReadAccess = Pick<
  ReadModel,
  "viewPermission" | "visible" | "readable" | "scope" | "projectIds"
>;

/** The parts of a model that its access depends on. */
export type Accessed = Pick<ReadModel, "title" | "table" | "id" | "viewPermission" | "readable">;

/**
 * How the records of a model are reached: who reads them, and what must hold for a write beside what the
 * fields themselves ask for.
 */
export interface Access<Input = Readonly<Record<string, unknown>>> {
  readonly read: ReadAccess;
  create(input: Partial<Input>): readonly Precondition[];
  change(model: Accessed, id: string, input: Partial<Input>): readonly Precondition[];
  remove(model: Accessed, id: string): readonly Precondition[];
  /** What else is written for a new record. */
  created?(id: string, intent: Intent): readonly SQL[];
}

/** Nobody writes the records of a model: the service does by itself. */
export const readOnly = (read: ReadAccess): Access => ({
  read,
  create: refuse,
  change: refuse,
  remove: refuse,
});

function refuse(): never {
  throw new Error("The records of this model are not written one by one.");
}

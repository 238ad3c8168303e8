import { type SQL, sql } from "drizzle-orm";
import type { Violation } from "../values/violation.ts";

/**
 * A statement that fails the batch with the first violation (as JSON) that a `SELECT` finds, and does nothing
 * when it finds none. A trigger of the view raises what is inserted. The names of the view and its column are
 * those of the first databases: the service that runs while a migration is applied inserts into them.
 */
export const raise = (violations: SQL): SQL => sql`INSERT INTO write_faults (fault) ${violations}`;

/** Why a batch failed: a violation that a guard raised, or a constraint that was not met. */
export type WriteFailure =
  | { kind: "violation"; violation: Violation }
  | { kind: "unique"; columns: readonly string[] }
  | { kind: "foreign-key" }
  | { kind: "other" };

const RAISED = /^D1_ERROR: (\{.*\}): SQLITE_CONSTRAINT \(extended: SQLITE_CONSTRAINT_TRIGGER\)$/s;
const UNIQUE = /UNIQUE constraint failed: ([\w., ]+): SQLITE_CONSTRAINT/;

/** Reads the reason from D1's error text, because D1 gives no error codes. */
export function readWriteFailure(error: unknown): WriteFailure {
  const message = error instanceof Error ? error.message : "";
  const raised = RAISED.exec(message)?.[1];
  // Our own preconditions build this text with json_object, in the shape of a Violation.
  if (raised !== undefined)
    return { kind: "violation", violation: JSON.parse(raised) as Violation };
  const columns = UNIQUE.exec(message)?.[1];
  if (columns !== undefined) return { kind: "unique", columns: columns.split(", ") };
  if (message.includes("FOREIGN KEY constraint failed")) return { kind: "foreign-key" };
  return { kind: "other" };
}

/**
 * Whether a text that the statement builds exceeds SQLite's bound on the length of a text: some megabytes in
 * D1.
 */
export function isTooBig(error: unknown): boolean {
  return error instanceof Error && error.message.includes("SQLITE_TOOBIG");
}

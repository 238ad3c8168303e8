import type { Violation } from "../values/violation.ts";

/** What a failed batch says of itself: a fault that a guard raised, or a constraint that it ran into. */
export type WriteFailure =
  | { kind: "fault"; fault: Violation }
  | { kind: "unique"; columns: readonly string[] }
  | { kind: "foreign-key" }
  | { kind: "other" };

const RAISED = /^D1_ERROR: (\{.*\}): SQLITE_CONSTRAINT \(extended: SQLITE_CONSTRAINT_TRIGGER\)$/s;
const UNIQUE = /UNIQUE constraint failed: ([\w., ]+): SQLITE_CONSTRAINT/;

/** Reads D1's error text, which is all that it gives. */
export function readWriteFailure(error: unknown): WriteFailure {
  const message = error instanceof Error ? error.message : "";
  const raised = RAISED.exec(message)?.[1];
  // The text is what one of our own checks built with json_object: it has the shape of a Violation.
  if (raised !== undefined) return { kind: "fault", fault: JSON.parse(raised) as Violation };
  const columns = UNIQUE.exec(message)?.[1];
  if (columns !== undefined) return { kind: "unique", columns: columns.split(", ") };
  if (message.includes("FOREIGN KEY constraint failed")) return { kind: "foreign-key" };
  return { kind: "other" };
}

/** Whether a text that the statement builds outgrew what SQLite holds in one: D1 ends it at some megabytes. */
export function isTooBig(error: unknown): boolean {
  return error instanceof Error && error.message.includes("SQLITE_TOOBIG");
}

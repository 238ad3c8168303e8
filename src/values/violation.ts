import { andMore, ErrorList, MAX_ERRORS } from "./error-list.ts";
import {
  type ApiError,
  BadRequestError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  PreconditionFailedError,
  UnauthenticatedError,
  ValidationError,
} from "./errors.ts";
import { type Permission, titleOf } from "./permission.ts";

/** A violation: what a check against the database finds wrong with a write. */
export type Violation =
  /** The token was revoked or has expired since it was looked up. */
  | { kind: "unauthenticated" }
  /** An import is filling the database. */
  | { kind: "filling" }
  /** Another request under the same idempotency key came first. */
  | { kind: "repeated" }
  /** The target is no longer what the caller has read. */
  | { kind: "stale" }
  /** The target does not exist. */
  | { kind: "absent" }
  /** The target exists, and the caller may not see it. */
  | { kind: "hidden"; model: string; permission: Permission }
  /** A field names something that does not exist. */
  | { kind: "missing"; field: string; id: string }
  /** A field of the body conflicts with what is stored; the message says how. */
  | { kind: "conflict"; field: string; message: string }
  /** The state of the target does not allow the write; the message says why. */
  | { kind: "blocked"; message: string }
  /**
   * The caller lacks a permission on `id`; null for a record that the caller may not see. `model` is its title, where
   * the permission does not tell it.
   */
  | { kind: "denied"; permission: Permission; id: string | null; model?: string };

const OF_PERMISSION = new Set<Violation["kind"]>(["denied", "hidden", "absent", "unauthenticated"]);

/** Whether the caller lacks a permission, rather than that the input or the state of the target is wrong. */
export const isOfPermission = ({ kind }: Violation) => OF_PERMISSION.has(kind);

const REPEATED =
  "A request with this Idempotency-Key has just been answered. Please send it again.";

/** The message for a write to a record that has changed since the client read it. */
export const STALE = "This has changed since you read it (If-Match): read it again, then write.";

/** The errors of a body that were found before the database was asked, or the error of an unreadable body. */
export type BodyErrors = ApiError | ErrorList | undefined;

/**
 * The refusal for these violations, in the order of the contract: the target, then the body (its shape and
 * its references, all together), then the permissions, then the state of the target.
 *
 * @param shape errors of the body's shape, found before the database was asked
 * @returns undefined when there is no violation
 */
export function errorOf(violations: readonly Violation[], shape: BodyErrors): ApiError | undefined {
  return (
    targetError(violations) ??
    bodyError(violations, shape) ??
    permissionError(violations) ??
    stateError(violations)
  );
}

function targetError(violations: readonly Violation[]): ApiError | undefined {
  for (const violation of violations) {
    if (violation.kind === "unauthenticated")
      return new UnauthenticatedError("You are not signed in any more.");
    if (violation.kind === "repeated") return new ConflictError(REPEATED);
    if (violation.kind === "stale") return new PreconditionFailedError(STALE);
    if (violation.kind === "absent") return new NotFoundError();
    if (violation.kind === "hidden")
      return new ForbiddenError(hiddenMessage(violation.model, violation.permission));
  }
  return undefined;
}

/** The message for a hidden object. It reveals nothing about the object. */
export function hiddenMessage(model: string, permission: Permission): string {
  const least = permission.startsWith("view_") ? "member" : "manager";
  return `You do not have permission to see this ${model}: you need ${permission} (${least} or higher).`;
}

function bodyError(violations: readonly Violation[], shape: BodyErrors): ApiError | undefined {
  if (shape instanceof Error) return shape;
  const list = shape ?? new ErrorList();
  for (const violation of violations) {
    if (violation.kind === "missing") {
      list.add(violation.field, `Invalid pk "${violation.id}" - object does not exist.`);
    } else if (violation.kind === "conflict") {
      list.add(violation.field, violation.message);
    }
  }
  return list.size > 0 ? new ValidationError(list.toErrors()) : undefined;
}

function permissionError(violations: readonly Violation[]): ApiError | undefined {
  const lacks = new Set<string>();
  for (const violation of violations) {
    if (violation.kind !== "denied") continue;
    const title = violation.model ?? titleOf(violation.permission);
    const object =
      violation.id === null ? `a ${title} that you cannot see` : `${title} ${violation.id}`;
    lacks.add(`${violation.permission} on ${object}`);
  }
  if (lacks.size === 0) return undefined;
  const listed = [...lacks].slice(0, MAX_ERRORS).join(", and ");
  const more = lacks.size > MAX_ERRORS ? ` ${andMore(lacks.size - MAX_ERRORS)}` : "";
  return new ForbiddenError(`You do not have permission to do this: you need ${listed}.${more}`);
}

function stateError(violations: readonly Violation[]): ApiError | undefined {
  const blocks = violations.filter((violation) => violation.kind === "blocked");
  if (blocks.length === 0) return undefined;
  return new BadRequestError(blocks.map(({ message }) => message).join(" "));
}

import { describe, expect, test } from "vitest";
import { ErrorList } from "../../../src/values/error-list.ts";
import {
  BadRequestError,
  ForbiddenError,
  NotFoundError,
  UnauthenticatedError,
  ValidationError,
} from "../../../src/values/errors.ts";
import { errorOf, hiddenMessage, type Violation } from "../../../src/values/violation.ts";

const ABSENT: Violation = { kind: "absent" };
const HIDDEN: Violation = { kind: "hidden", model: "session", permission: "view_project" };
const MISSING: Violation = { kind: "missing", field: "projects", id: "p" };
const CONFLICT: Violation = { kind: "conflict", field: "name", message: "taken" };
const DENIED: Violation = { kind: "denied", permission: "change_project", id: "p" };
/** A list grows with what is found later: each test has its own. */
const shape = () => {
  const list = new ErrorList();
  list.add("name", "This field is required.");
  return list;
};

const fieldsOf = (refusal: unknown) =>
  refusal instanceof ValidationError ? Object.fromEntries(refusal.fields) : undefined;

describe("errorOf", () => {
  test("nothing wrong is no refusal", () => {
    expect(errorOf([], undefined)).toBeUndefined();
    expect(errorOf([], new ErrorList())).toBeUndefined();
  });

  test.each<readonly [string, readonly Violation[], unknown]>([
    [
      "a token that has run out",
      [{ kind: "unauthenticated" }, ABSENT, DENIED],
      UnauthenticatedError,
    ],
    ["an absent target", [DENIED, MISSING, ABSENT], NotFoundError],
    ["a hidden target", [DENIED, MISSING, HIDDEN], ForbiddenError],
    ["a missing reference", [DENIED, MISSING], ValidationError],
    ["a conflict", [DENIED, CONFLICT], ValidationError],
    ["a lack of permission", [DENIED], ForbiddenError],
  ])("%s comes before what comes later in the contract", (_, faults, kind) => {
    expect(errorOf(faults, undefined)).toBeInstanceOf(kind);
  });

  test("the body's shape comes after the target and before the permissions", () => {
    expect(errorOf([ABSENT], shape())).toBeInstanceOf(NotFoundError);
    expect(errorOf([HIDDEN], shape())).toBeInstanceOf(ForbiddenError);
    expect(errorOf([DENIED], shape())).toBeInstanceOf(ValidationError);
  });

  test("a body that could not be read at all is told as it is, after the target", () => {
    const unread = new BadRequestError("JSON parse error");
    expect(errorOf([DENIED, MISSING], unread)).toBe(unread);
    expect(errorOf([ABSENT], unread)).toBeInstanceOf(NotFoundError);
  });

  test("faults of the shape, missing references and conflicts are told all at once", () => {
    const storage: Violation = { kind: "missing", field: "datastorage", id: "s" };
    const refusal = errorOf([MISSING, { ...MISSING, id: "q" }, CONFLICT, storage], shape());
    expect(fieldsOf(refusal)).toEqual({
      name: ["This field is required.", "taken"],
      projects: [
        'Invalid pk "p" - object does not exist.',
        'Invalid pk "q" - object does not exist.',
      ],
      datastorage: ['Invalid pk "s" - object does not exist.'],
    });
  });

  test("permissions are named each once, those on what is out of sight without its id", () => {
    const unseen: Violation = { kind: "denied", permission: "change_project", id: null };
    const storage: Violation = { kind: "denied", permission: "change_datastorage", id: "s" };
    expect(errorOf([DENIED, unseen, DENIED, unseen, storage], undefined)?.message).toBe(
      "You do not have permission to do this: you need change_project on project p, and " +
        "change_project on a project that you cannot see, and change_datastorage on data storage s.",
    );
  });

  test("a hidden target is told by the permission alone", () => {
    expect(hiddenMessage("session", "view_project")).toBe(
      "You do not have permission to see this session: you need view_project (member or higher).",
    );
  });
});

import { describe, expect, test } from "vitest";
import {
  BadRequest,
  Forbidden,
  InvalidBody,
  NotFound,
  Unauthenticated,
} from "../../../src/domain/errors.ts";
import { type Fault, hiddenMessage, refusalOf } from "../../../src/domain/fault.ts";
import { FaultList } from "../../../src/domain/fault-list.ts";

const ABSENT: Fault = { kind: "absent" };
const HIDDEN: Fault = { kind: "hidden", model: "session", permission: "view_project" };
const MISSING: Fault = { kind: "missing", field: "projects", id: "p" };
const CONFLICT: Fault = { kind: "conflict", field: "name", message: "taken" };
const DENIED: Fault = { kind: "denied", permission: "change_project", id: "p" };
/** A list grows with what is found later: each test has its own. */
const shape = () => {
  const list = new FaultList();
  list.add("name", "This field is required.");
  return list;
};

const fieldsOf = (refusal: unknown) =>
  refusal instanceof InvalidBody ? Object.fromEntries(refusal.fields) : undefined;

describe("refusalOf", () => {
  test("nothing wrong is no refusal", () => {
    expect(refusalOf([], undefined)).toBeUndefined();
    expect(refusalOf([], new FaultList())).toBeUndefined();
  });

  test.each<readonly [string, readonly Fault[], unknown]>([
    ["a token that has run out", [{ kind: "unauthenticated" }, ABSENT, DENIED], Unauthenticated],
    ["an absent target", [DENIED, MISSING, ABSENT], NotFound],
    ["a hidden target", [DENIED, MISSING, HIDDEN], Forbidden],
    ["a missing reference", [DENIED, MISSING], InvalidBody],
    ["a conflict", [DENIED, CONFLICT], InvalidBody],
    ["a lack of permission", [DENIED], Forbidden],
  ])("%s comes before what comes later in the contract", (_, faults, kind) => {
    expect(refusalOf(faults, undefined)).toBeInstanceOf(kind);
  });

  test("the body's shape comes after the target and before the permissions", () => {
    expect(refusalOf([ABSENT], shape())).toBeInstanceOf(NotFound);
    expect(refusalOf([HIDDEN], shape())).toBeInstanceOf(Forbidden);
    expect(refusalOf([DENIED], shape())).toBeInstanceOf(InvalidBody);
  });

  test("a body that could not be read at all is told as it is, after the target", () => {
    const unread = new BadRequest("JSON parse error");
    expect(refusalOf([DENIED, MISSING], unread)).toBe(unread);
    expect(refusalOf([ABSENT], unread)).toBeInstanceOf(NotFound);
  });

  test("faults of the shape, missing references and conflicts are told all at once", () => {
    const storage: Fault = { kind: "missing", field: "datastorage", id: "s" };
    const refusal = refusalOf([MISSING, { ...MISSING, id: "q" }, CONFLICT, storage], shape());
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
    const unseen: Fault = { kind: "denied", permission: "change_project", id: null };
    const storage: Fault = { kind: "denied", permission: "change_datastorage", id: "s" };
    expect(refusalOf([DENIED, unseen, DENIED, unseen, storage], undefined)?.message).toBe(
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

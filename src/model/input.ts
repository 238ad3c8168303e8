import * as z from "zod/mini";
import type { Description } from "../query/read-model.ts";
import { ErrorList, MAX_ERRORS, shorten } from "../values/error-list.ts";
import { type ApiError, BadRequestError } from "../values/errors.ts";
import { isJsonObject } from "../values/json.ts";

/** How a body is read: as a new record, as a replacement of a record, or as changes to some fields. */
export type InputMode = "create" | "replace" | "change";

/**
 * The fields that a client writes, by wire name, and the fields that it may send back and that are ignored.
 */
export interface InputDeclaration<Shape extends z.core.$ZodLooseShape = z.core.$ZodLooseShape> {
  readonly shape: Shape;
  /** What people read of each field; absent for a body that no document describes. */
  readonly descriptions?: { readonly [Name in keyof Shape]: Description };
  readonly readOnly: readonly string[];
  /** Other names of fields, for clients that cannot use the field's own name. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** The parsed values of a body of this shape, by wire name. */
export type ParsedShape<Shape extends z.core.$ZodLooseShape> = {
  readonly [Name in keyof Shape]: z.output<Shape[Name]>;
};

/** The parsed values of the valid fields, and the errors of the others. */
export interface ParsedInput {
  readonly input: Readonly<Record<string, unknown>>;
  readonly faults: ErrorList | ApiError;
}

const DICTIONARY = "Invalid data. Expected an object";

/**
 * Reads a body field by field, so that all errors are found together and the valid fields can still be
 * checked against the database. An absent field gets its default, unless the mode is `change`.
 */
export function parseInput(
  { shape, readOnly, aliases = {} }: InputDeclaration,
  sent: unknown,
  mode: InputMode,
): ParsedInput {
  if (!isJsonObject(sent)) {
    return { input: {}, faults: new BadRequestError(`${DICTIONARY}, but got ${kindOf(sent)}.`) };
  }
  const input: Record<string, unknown> = {};
  const faults = new ErrorList();
  const body = { ...sent };
  for (const [alias, name] of Object.entries(aliases)) {
    if (!Object.hasOwn(sent, alias)) continue;
    delete body[alias];
    if (!Object.hasOwn(sent, name)) body[name] = sent[alias];
    else faults.add(alias, `This stands for ${name}, which is there too: send one of the two.`);
  }
  const unknown = `Unknown field. Fields that can be written: ${Object.keys(shape).join(", ")}.`;
  for (const name of Object.keys(body)) {
    if (!Object.hasOwn(shape, name) && !readOnly.includes(name)) faults.add(name, unknown);
  }
  for (const [name, schema] of Object.entries(shape)) {
    const given = Object.hasOwn(body, name);
    if (!given && mode === "change") continue;
    const result = z.safeParse(schema, given ? body[name] : undefined);
    if (result.success) input[name] = result.data;
    else for (const issue of result.error.issues) faults.add(name, describeIssue(issue));
  }
  return { input, faults };
}

/** The message for an error inside a list or an object: `item 2: url: Enter a valid URL.` */
function describeIssue({ path, message, ...issue }: z.core.$ZodIssue): string {
  const place = path.map((step) =>
    typeof step === "number" ? `item ${step + 1}: ` : `${shorten(String(step))}: `,
  );
  const text =
    issue.code === "unrecognized_keys"
      ? `unknown key ${shorten(issue.keys.slice(0, MAX_ERRORS).join(", "))}`
      : message;
  return `${place.join("")}${text}`;
}

/** The kind of a value in JSON's terms, for messages: the terms of Python and MATLAB differ. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return isJsonObject(value) ? "an object" : "a number";
  return (
    { string: "a string", number: "a number", boolean: "a boolean" }[typeof value as "string"] ??
    "nothing"
  );
}

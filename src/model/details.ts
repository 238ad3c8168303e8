import * as z from "zod/mini";
import { InexactNumber, isJsonObject, writeJson } from "../values/json.ts";
import { expected, INEXACT, NOT_TEXT, TOO_LARGE_NUMBER, text } from "./schemas.ts";

// Details are JSON whose shape depends on the type of the record. The service stores them unchanged.

/**
 * How deep lists and objects may be nested: SQLite's JSON reader and our own code have a bound on the depth.
 */
const MAX_DEPTH = 50;

/** The longest stored JSON text, in bytes: D1 bounds the size of a row. */
const MAX_BYTES = 256 * 1024;

/** How many problems one error lists. */
const MAX_FAULTS = 10;

/** The current version of BrainSTEM's schemas, which is the default. */
const CURRENT_VERSION = "1.1.0";

/** A version such as `1.1.0`; `""` when it is unknown. An absent one is the current one, where there is only one. */
export const schemaVersion = (current = CURRENT_VERSION) =>
  z._default(
    text(20).check(z.regex(/^(\d+\.\d+\.\d+)?$/, { error: "Enter a version such as 1.1.0." })),
    current,
  );

type Path = readonly (string | number)[];

interface Problem {
  readonly path: Path;
  readonly message: string;
}

type Container = Record<string, unknown> | unknown[];

const isContainer = (value: unknown): value is Container =>
  Array.isArray(value) || isJsonObject(value);

/** A JSON object. */
export const objectDetails = z
  .custom<Record<string, unknown>>(isJsonObject, {
    error: expected("Expected an object"),
    abort: true,
  })
  .check(isKeepable, z.meta({ type: "object" }));

/** A JSON object or list. */
export const objectOrListDetails = z
  .custom<Container>(isContainer, {
    error: expected("Expected an object or a list"),
    abort: true,
  })
  .check(isKeepable, z.meta({ type: ["object", "array"] }));

function isKeepable(payload: z.core.ParsePayload<Container>): void {
  const { value } = payload;
  const problems = firstOf(problemsOf(value, []));
  if (problems.length === 0 && isTooLong(value)) {
    problems.push({ path: [], message: `Ensure this field has no more than ${MAX_BYTES} bytes.` });
  }
  for (const { path, message } of problems) {
    payload.issues.push({ code: "custom", input: value, path: [...path], message });
  }
}

function firstOf(problems: Iterable<Problem>): Problem[] {
  const first: Problem[] = [];
  for (const problem of problems) {
    first.push(problem);
    if (first.length === MAX_FAULTS) break;
  }
  return first;
}

/**
 * Measures the stored text, which can be longer than the text that was sent: a number such as `1e20` is
 * longer when it is written.
 */
function isTooLong(value: Container): boolean {
  return new TextEncoder().encode(writeJson(value)).byteLength > MAX_BYTES;
}

/** The values and keys that the service cannot store and return unchanged. */
function* problemsOf(value: Container, path: Path): Generator<Problem, undefined> {
  if (path.length >= MAX_DEPTH) {
    yield { path: [], message: `Ensure this field is nested no deeper than ${MAX_DEPTH} levels.` };
    return;
  }
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(value);
  for (const [key, item] of entries) {
    const message = scalarProblem(item);
    if (scalarProblem(key) !== undefined) yield { path, message: `keys: ${NOT_TEXT}` };
    else if (message !== undefined) yield { path: [...path, key], message };
    else if (isContainer(item)) yield* problemsOf(item, [...path, key]);
  }
}

function scalarProblem(value: unknown): string | undefined {
  if (value instanceof InexactNumber) return INEXACT;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : TOO_LARGE_NUMBER;
  if (typeof value !== "string") return undefined;
  return value.isWellFormed() && !value.includes("\0") ? undefined : NOT_TEXT;
}

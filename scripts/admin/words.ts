import {
  ApiError,
  DatabaseBeingFilledError,
  DatabaseUnavailableError,
  NotFoundError,
  ValidationError,
} from "../../src/values/errors.ts";
import { Failure } from "../platform/failure.ts";

/** Prints a result for programs: one JSON value on stdout. */
export function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Prints some keys of an object on one line of stdout, as JSON. */
export function printKeys(body: string, keys: readonly string[]): void {
  process.stdout.write(`${JSON.stringify(JSON.parse(body), [...keys])}\n`);
}

/** A stored instant as the API shows it. */
export function shownInstant(stored: string | null): string | null {
  return stored === null ? null : `${stored}Z`;
}

/** Prints a sentence for a person, on stderr. */
export function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/**
 * Replaces the API's short message for a record that does not exist by a sentence that names it.
 *
 * @throws Failure with the sentence in place of a NotFoundError
 */
export async function orAbsent<Value>(work: Promise<Value>, sentence: string): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof NotFoundError ? new Failure(sentence) : error;
  }
}

/** The sentence for an expected error; undefined for a bug. */
export function explain(error: unknown): string | undefined {
  if (error instanceof ValidationError) {
    return [...error.fields]
      .map(([field, messages]) => `${field}: ${messages.join(" ")}`)
      .join("\n");
  }
  if (error instanceof DatabaseBeingFilledError) {
    return `${error.message} One that has died is run again, or undone with "npm run admin -- import --discard".`;
  }
  if (error instanceof DatabaseUnavailableError) {
    return `The database does not answer, so nothing is certain to be written: ${error.message}`;
  }
  return error instanceof ApiError || error instanceof Failure ? error.message : undefined;
}

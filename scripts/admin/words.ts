import {
  ApiError,
  DatabaseBeingFilledError,
  DatabaseUnavailableError,
  NotFoundError,
  ValidationError,
} from "../../src/values/errors.ts";
import { Failure } from "../platform/failure.ts";

/** What a program reads: on stdout, one JSON value. */
export function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Some of the keys of an object that a service answered with, on one line. */
export function printKeys(body: string, keys: readonly string[]): void {
  process.stdout.write(`${JSON.stringify(JSON.parse(body), [...keys])}\n`);
}

/** A stored instant as the API shows it. */
export function shownInstant(stored: string | null): string | null {
  return stored === null ? null : `${stored}Z`;
}

/** What a person reads: on stderr. */
export function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** Says what it is that does not exist, where the API would say no more than that. */
export async function orAbsent<Value>(work: Promise<Value>, sentence: string): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof NotFoundError ? new Failure(sentence) : error;
  }
}

/** The sentence for an error that is no bug, undefined for one that is. */
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

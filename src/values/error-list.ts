import type { FieldErrors } from "./errors.ts";

/** How many errors an answer lists. A body can have a hundred thousand, and an answer must stay short. */
export const MAX_ERRORS = 50;

/** How much of a sent text an answer repeats, in UTF-16 units. */
const MAX_ECHO = 100;

/** The beginning of a sent text, for a message that repeats it. */
export function shorten(text: string): string {
  if (text.length <= MAX_ECHO) return text;
  // Removes half of a surrogate pair at the end.
  return `${text.slice(0, MAX_ECHO).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** The sentence for the errors that are not listed. */
export function andMore(count: number): string {
  return `And ${count} more ${count === 1 ? "error" : "errors"} of this request.`;
}

/** The errors of one request by field: the first `MAX_ERRORS` of them, and how many there are in all. */
export class ErrorList {
  readonly #messages = new Map<string, string[]>();
  #count = 0;

  /** The number of errors, including those that are not listed. */
  get size(): number {
    return this.#count;
  }

  add(field: string, message: string): void {
    this.#count += 1;
    if (this.#count > MAX_ERRORS) return;
    const key = shorten(field);
    const messages = this.#messages.get(key);
    if (messages === undefined) this.#messages.set(key, [message]);
    else messages.push(message);
  }

  /** The messages by field. The last message of the last field says how many more errors there are. */
  toErrors(): FieldErrors {
    const rest = this.#count - MAX_ERRORS;
    if (rest <= 0) return this.#messages;
    const errors = new Map<string, readonly string[]>(this.#messages);
    const [field = "", messages = []] = [...this.#messages].at(-1) ?? [];
    return errors.set(field, [...messages, andMore(rest)]);
  }
}

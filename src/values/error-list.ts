import type { FieldErrors } from "./errors.ts";

/** As many faults as help: a body can have a hundred thousand, and an answer is to stay short. */
export const MAX_ERRORS = 50;

/** As much of what was sent as an answer repeats, in UTF-16 units. */
const MAX_ECHO = 100;

/** The beginning of a text that was sent, for a message that repeats it. */
export function shorten(text: string): string {
  if (text.length <= MAX_ECHO) return text;
  // Half a character is none.
  return `${text.slice(0, MAX_ECHO).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** The sentence for the faults that are not listed. */
export function andMore(count: number): string {
  return `And ${count} more ${count === 1 ? "error" : "errors"} of this request.`;
}

/** The faults of one request, field by field: the first `MAX_ERRORS` of them, and how many there are. */
export class ErrorList {
  readonly #messages = new Map<string, string[]>();
  #count = 0;

  /** How many faults there are, those that are not listed too. */
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

  /** The messages by field; the last one of the last field says how many more there are. */
  toErrors(): FieldErrors {
    const rest = this.#count - MAX_ERRORS;
    if (rest <= 0) return this.#messages;
    const errors = new Map<string, readonly string[]>(this.#messages);
    const [field = "", messages = []] = [...this.#messages].at(-1) ?? [];
    return errors.set(field, [...messages, andMore(rest)]);
  }
}

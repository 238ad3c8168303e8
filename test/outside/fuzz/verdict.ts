import { requireDescribed } from "../../support/described.ts";
import type { Received, Sent } from "../service/send.ts";

/** After how many milliseconds an answer is late, on a machine that is busy. */
const LATE = 10_000;

/** What is refused before it comes to the Worker, by what runs it: an address or headers that are too long. */
const REFUSED_BEFORE: readonly number[] = [414, 431];

/** Whether the service says that it cannot answer now, as it may. */
export function isUnavailable({ status, headers }: Received): boolean {
  return status === 503 && headers.has("Retry-After");
}

/** What is wrong with an answer, in a sentence; undefined when nothing is. */
export function findProblem(base: string, sent: Sent, answer: Received): string | undefined {
  const { status, headers, milliseconds } = answer;
  if (milliseconds > LATE) return `answered after ${Math.round(milliseconds)} ms`;
  if (!headers.has("X-Request-Id")) {
    return REFUSED_BEFORE.includes(status) ? undefined : `${status} without X-Request-Id`;
  }
  if (isUnavailable(answer)) return undefined;
  if (status >= 500) return `answered ${status}: ${answer.text.slice(0, 300)}`;
  try {
    requireDescribed(sent.method, new URL(base + sent.path), answer);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import type { Received } from "../service/send.ts";
import type { Asked } from "./requests.ts";
import { isUnavailable } from "./verdict.ts";

interface Line {
  requests: number;
  done: number;
  refused: number;
  slowest: number;
}

/** What the service has answered, counted. */
export class Tally {
  requests = 0;
  unavailable = 0;
  readonly #statuses = new Map<number, number>();
  readonly #routes = new Map<string, Line>();

  count({ operation }: Asked, answer: Received): void {
    const { status, milliseconds } = answer;
    this.requests += 1;
    if (isUnavailable(answer)) this.unavailable += 1;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    const route = `${operation.method.padEnd(6)} ${operation.path}`;
    const line = this.#routes.get(route) ?? { requests: 0, done: 0, refused: 0, slowest: 0 };
    this.#routes.set(route, line);
    line.requests += 1;
    if (status < 300) line.done += 1;
    else if (status < 500) line.refused += 1;
    line.slowest = Math.max(line.slowest, milliseconds);
  }

  /** What a person reads at the end. */
  print(seconds: number): string {
    const columns = (...words: readonly (string | number)[]) =>
      words.map((word) => String(word).padStart(9)).join("");
    const rows = [...this.#routes]
      .toSorted()
      .map(([route, { requests, done, refused, slowest }]) => {
        return `${columns(requests, done, refused, Math.round(slowest))}  ${route}`;
      });
    const statuses = [...this.#statuses]
      .toSorted(([one], [other]) => one - other)
      .map(([status, count]) => `${status}: ${count}`);
    return [
      `${columns("requests", "2xx", "4xx", "slowest")}  made for (some are sent elsewhere)`,
      ...rows,
      `${this.requests} requests, ${Math.round(this.requests / seconds)} a second; ${statuses.join(", ")}`,
      `503 with Retry-After: ${this.unavailable}`,
    ].join("\n");
  }
}

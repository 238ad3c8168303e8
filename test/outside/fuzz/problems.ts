import { say } from "../service/options.ts";

/** After as many nobody needs more. */
const MOST = 500;

/** What was found that must not be. Of problems that differ in ids and numbers alone the first is said. */
export class Problems {
  count = 0;
  readonly #kinds = new Map<string, number>();

  /** @param example makes the line that shows it again */
  add(problem: string, example = () => ""): void {
    this.count += 1;
    const kind = problem.replace(/[0-9a-f-]{36}|\d+/g, "#").slice(0, 200);
    const known = this.#kinds.get(kind) ?? 0;
    this.#kinds.set(kind, known + 1);
    if (known === 0) say(`${problem}\n  ${example()}`.trimEnd());
  }

  get areEnough(): boolean {
    return this.count >= MOST;
  }

  print(): string {
    return [...this.#kinds].map(([kind, count]) => `${count} x ${kind}`).join("\n");
  }
}

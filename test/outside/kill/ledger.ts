/** Which of its states a session is in: the number of its last change, or "absent" when it is not there. */
export type State = number | "absent";

interface Entry {
  /** The state that a client was told of. */
  told: State;
  /** The state that a client asked for and has not heard of. */
  asked?: State;
}

/** What clients know of the sessions that they wrote, by name. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();

  /** A client asks for a state. */
  ask(name: string, state: State): void {
    this.#entries.set(name, { told: this.#entries.get(name)?.told ?? "absent", asked: state });
  }

  /** A client was told that what it asked for is so. */
  confirm(name: string): void {
    const { told, asked } = this.#entries.get(name) ?? { told: "absent" };
    this.#entries.set(name, { told: asked ?? told });
  }

  /**
   * Compares the sessions whose names begin with `prefix` with those that are there: a session is as its
   * client was told, or as its client asked last without an answer. What is there counts as told from then on.
   *
   * @returns a sentence for each session that is otherwise
   */
  compare(found: ReadonlyMap<string, State>, prefix: string): readonly string[] {
    const entries = [...this.#entries].filter(([name]) => name.startsWith(prefix));
    return entries.flatMap(([name, { told, asked = told }]) => {
      const state = found.get(name) ?? "absent";
      this.#entries.set(name, { told: state });
      if (state === told || state === asked) return [];
      return [`${name}: told ${told}, asked ${asked}, found ${state}`];
    });
  }
}

import type { SQL } from "drizzle-orm";

/**
 * Pieces of statements that are the same for many requests, each kept under a text that says what it depends on.
 * Clients can ask for any number of different pieces, so the memory has a bound.
 */
export class KeptPieces {
  readonly #pieces = new Map<string, SQL>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The piece under a key. The function makes it when it is not kept. */
  get(key: string, make: () => SQL): SQL {
    const known = this.#pieces.get(key);
    if (known !== undefined) return known;
    const piece = make();
    if (this.#pieces.size >= this.#most) this.#pieces.clear();
    this.#pieces.set(key, piece);
    return piece;
  }
}

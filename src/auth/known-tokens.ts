/** The bound on stored hashes: more than the number of bearers that call one isolate within `LIFETIME`. */
const MOST = 1_000;

/** How many milliseconds a token counts as known after the database last accepted it. */
const LIFETIME = 600_000;

/**
 * The hashes of tokens that the database has recently accepted in this isolate. They decide only which limit
 * counts a request; every request still authenticates against the database. Only valid tokens are added, so a
 * stranger can neither fill the memory nor displace another caller.
 */
export class KnownTokens {
  /** The time of the last acceptance by hash, in milliseconds, the oldest first. */
  readonly #goodAt = new Map<string, number>();

  has(tokenHash: string): boolean {
    return Date.now() - (this.#goodAt.get(tokenHash) ?? -Infinity) < LIFETIME;
  }

  add(tokenHash: string): void {
    this.#goodAt.delete(tokenHash);
    this.#goodAt.set(tokenHash, Date.now());
    if (this.#goodAt.size > MOST) this.delete(this.#goodAt.keys().next().value ?? "");
  }

  delete(tokenHash: string): void {
    this.#goodAt.delete(tokenHash);
  }
}

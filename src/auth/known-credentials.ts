/** The bound on stored hashes: more than the number of people who call one isolate within `LIFETIME`. */
const MOST = 1_000;

/** How many milliseconds a credential counts as known after the database last accepted it. */
const LIFETIME = 600_000;

/**
 * The hashes of tokens and browser sessions that the database has recently accepted in this isolate. They
 * decide only which limit counts a request; every request still authenticates against the database. Only
 * valid ones are added, so a stranger can neither fill the memory nor displace another caller.
 */
export class KnownCredentials {
  /** The time of the last acceptance by hash, in milliseconds, the oldest first. */
  readonly #goodAt = new Map<string, number>();

  has(hash: string): boolean {
    return Date.now() - (this.#goodAt.get(hash) ?? -Infinity) < LIFETIME;
  }

  add(hash: string): void {
    this.#goodAt.delete(hash);
    this.#goodAt.set(hash, Date.now());
    if (this.#goodAt.size > MOST) this.delete(this.#goodAt.keys().next().value ?? "");
  }

  delete(hash: string): void {
    this.#goodAt.delete(hash);
  }
}

/** More bearers than call one isolate in a while. */
const MOST = 1_000;

/** For how many milliseconds a token is known after the database has last found it good. */
const LIFETIME = 600_000;

/**
 * The hashes of tokens that this isolate has lately seen open the door. They decide under which limit a
 * request counts, and nothing else: who is calling is asked of the database each time. Only a good token
 * comes in, so a stranger can neither fill the memory nor push anybody out.
 */
export class KnownTokens {
  /** When each was last found good, in this order. */
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

import { hash, toHexadecimal } from "./hash.ts";

/**
 * The SHA-256 of a token: all of it that is ever stored, looked up or compared.
 *
 * So the time of an answer tells nothing about a token. The database finds the row by an index over the
 * hashes, which may take longer the more leading digits agree; but who sends a guess cannot choose its
 * hash digit by digit, and who had learned a stored hash whole would still have to find 256 random bits of
 * which it is the hash.
 */
export const hashToken = (token: string): Promise<string> => hash(token);

const encoder = new TextEncoder();

/** Whether two hashes are the same, in a time that does not depend on where they differ. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [encoder.encode(one), encoder.encode(other)];
  return a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b);
}

/** A new bearer token with 256 random bits; the prefix lets a leaked one be recognised. */
export function makeToken(): string {
  return `bst_${toHexadecimal(crypto.getRandomValues(new Uint8Array(32)))}`;
}

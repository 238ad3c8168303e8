import { hash, toHexadecimal } from "./hash.ts";

/**
 * The SHA-256 of a token or another secret. Only the hash is stored, looked up and compared.
 *
 * The response time therefore reveals nothing about a token. The database finds the row in an index over the
 * hashes, which may take longer when more leading digits agree. But a caller who guesses tokens cannot choose
 * the hash digit by digit. A caller who knows a complete stored hash would still have to find the 256 random
 * bits behind it.
 */
export const hashToken = (token: string): Promise<string> => hash(token);

const encoder = new TextEncoder();

/** Whether two hashes are the same, in a time that does not depend on where they differ. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [encoder.encode(one), encoder.encode(other)];
  return a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b);
}

/** A new secret: 256 random bits as 64 hexadecimal digits. */
export function makeSecret(): string {
  return toHexadecimal(crypto.getRandomValues(new Uint8Array(32)));
}

/** The form of what `makeSecret` makes. */
export function isSecret(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** A new bearer token. Its prefix lets scanners recognise a leaked token. */
export function makeToken(): string {
  return `bst_${makeSecret()}`;
}

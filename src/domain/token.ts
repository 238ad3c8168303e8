import { hash } from "./hash.ts";

/** The SHA-256 of a token: all of it that is ever stored. */
export const hashToken = (token: string): Promise<string> => hash(token);

/** A new bearer token with 256 random bits; the prefix lets a leaked one be recognised. */
export function makeToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `bst_${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

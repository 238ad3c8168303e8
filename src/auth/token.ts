/** The SHA-256 of a token, as 64 hexadecimal digits: all of it that is ever stored. */
export async function hashToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A new bearer token with 256 random bits; the prefix lets a leaked one be recognised. */
export function makeToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `bst_${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

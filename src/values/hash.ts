const encoder = new TextEncoder();

const HEXADECIMAL = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** The SHA-256 of a text in UTF-8, as 64 hexadecimal digits. */
export async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return toHexadecimal(new Uint8Array(digest));
}

/** Two digits for each byte. */
export function toHexadecimal(bytes: Uint8Array): string {
  let digits = "";
  for (const byte of bytes) digits += HEXADECIMAL[byte];
  return digits;
}

/**
 * Folds case for all of Unicode, close to Unicode's full case folding: two texts that differ only in
 * case fold to the same text, and a part of a text folds to a part of its fold.
 *
 * Upper case joins what lower case keeps apart (`ß` and `ss`, `ﬁ`, `ſ`), and lower case before it what
 * upper case keeps apart (`ẞ`). The final sigma is written as any other, because whether a sigma is
 * final depends on what follows it; the dotless i has no upper case of its own and stays itself.
 */
export function foldCase(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  return text.replace(/[^ı]+/gu, (part) =>
    part.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ"),
  );
}

/** Folds the case of the texts among the values; the keys stay as they are. */
export function foldValues<Value>(
  fields: Readonly<Record<string, Value>>,
): Record<string, Value | string> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === "string" ? foldCase(value) : value,
    ]),
  );
}

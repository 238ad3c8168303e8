/**
 * Folds case for all of Unicode, close to Unicode's full case folding. Two texts that differ only in case
 * fold to the same text, and a part of a text folds to a part of the folded text.
 *
 * Upper case merges forms that lower case keeps apart (`ß` and `ss`, `ﬁ`, `ſ`). Lower case before it merges
 * forms that upper case keeps apart (`ẞ`). The final sigma becomes a normal sigma, because whether a sigma is
 * final depends on the next character. The dotless i keeps its form, because it shares its upper case with
 * the dotted i.
 */
export function foldCase(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  return text.replace(/[^ı]+/gu, (part) =>
    part.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ"),
  );
}

/** Folds the case of the values that are texts. The keys and the other values stay unchanged. */
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

/** Stands in a parsed body for an integer that a double cannot hold; `source` is how it was written. */
export class UnsafeInteger {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** TypeScript's library does not know the third argument of a reviver yet; workerd and Node do. */
type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * Parses JSON without rounding: an integer beyond ±(2^53 - 1) becomes an `UnsafeInteger`.
 *
 * @throws SyntaxError when the text is not JSON, RangeError when it is nested too deeply.
 */
export function parseJson(text: string): unknown {
  const reviver: SourceReviver = (_key, value, { source }) => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    return source !== undefined && /^-?\d+$/.test(source) ? new UnsafeInteger(source) : value;
  };
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

/** TypeScript's library does not know `rawJSON` yet; workerd and Node do. */
const { rawJSON } = JSON as typeof JSON & { rawJSON: (text: string) => unknown };

/**
 * Writes JSON that `parseJson` reads back as it is: a number beyond ±(2^53 - 1) is written with an
 * exponent, because in plain digits it would read as an integer that cannot be held.
 */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    typeof part === "number" && Number.isInteger(part) && !Number.isSafeInteger(part)
      ? rawJSON(part.toExponential())
      : part,
  );
}

/** Whether a value is a JSON object: not a list, not null, not a stand-in. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof UnsafeInteger)
  );
}

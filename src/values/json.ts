/** Replaces, in a parsed body, a number whose digits a double does not preserve. `source` is its text. */
export class InexactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** TypeScript's library does not declare the third argument of a reviver yet; workerd and Node support it. */
type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * Parses JSON without rounding. A number whose digits a double does not preserve becomes an `InexactNumber`.
 * So does an integer in plain digits beyond ±(2^53 - 1), which other JSON readers would round.
 *
 * @throws SyntaxError when the text is not JSON, RangeError when it is nested too deeply
 */
export function parseJson(text: string): unknown {
  const reviver: SourceReviver = (_key, value, { source }) =>
    typeof value !== "number" || source === undefined || isHeld(value, source)
      ? value
      : new InexactNumber(source);
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

/** The most digits that `toPrecision` writes. No client sends a number with more. */
const MAX_DIGITS = 100;

/**
 * Whether a double preserves the digits of the written number: printed with the same number of digits, it has
 * the same digits. Every double that a program prints with up to 17 digits therefore passes, and a longer
 * number passes only when no digit is lost. A number that is too large for a double passes too, because the
 * schema of the field reports it.
 */
function isHeld(value: number, source: string): boolean {
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(value);
  if (!Number.isFinite(value)) return true;
  const written = readDecimal(source);
  if (written.digits === "") return value === 0;
  if (written.digits.length > MAX_DIGITS) return false;
  const held = readDecimal(value.toPrecision(written.digits.length));
  return held.digits === written.digits && held.exponent === written.exponent;
}

/** The significant digits of a number without its sign, and the power of ten of the first digit. */
function readDecimal(text: string): { readonly digits: string; readonly exponent: number } {
  const [mantissa = "", power = "0"] = text.replace(/^-/, "").toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const all = whole + fraction;
  const digits = all.replace(/^0+/, "");
  const leading = all.length - digits.length;
  const exponent = whole.length - leading + Number(power);
  return { digits: withoutZerosAtEnd(digits), exponent };
}

/** Not by a pattern: that would look at zeros in the middle once for each of them. */
function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end -= 1;
  return digits.slice(0, end);
}

/** TypeScript's library does not declare `rawJSON` yet; workerd and Node support it. */
const { rawJSON } = JSON as typeof JSON & { rawJSON: (text: string) => unknown };

/**
 * Writes JSON that `parseJson` reads back unchanged. An integer beyond ±(2^53 - 1) is written with an
 * exponent, because `parseJson` rejects it in plain digits. -0 is written with its sign.
 *
 * @param indent the number of spaces of each level, for people; none when absent
 */
export function writeJson(value: unknown, indent?: number): string {
  const replacer = (_key: string, part: unknown) => {
    if (Object.is(part, -0)) return rawJSON("-0");
    return typeof part === "number" && Number.isInteger(part) && !Number.isSafeInteger(part)
      ? rawJSON(part.toExponential())
      : part;
  };
  return JSON.stringify(value, replacer, indent);
}

/** Whether a value is a JSON object: not a list, not null, and not an `InexactNumber`. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof InexactNumber)
  );
}

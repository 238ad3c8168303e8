/** Stands in a parsed body for a number that a double does not hold; `source` is how it was written. */
export class InexactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** TypeScript's library does not know the third argument of a reviver yet; workerd and Node do. */
type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * Parses JSON without rounding: a number that a double does not hold exactly becomes an `InexactNumber`, and
 * so does an integer in plain digits beyond ±(2^53 - 1), which other readers of JSON would round.
 *
 * @throws SyntaxError when the text is not JSON, RangeError when it is nested too deeply.
 */
export function parseJson(text: string): unknown {
  const reviver: SourceReviver = (_key, value, { source }) =>
    typeof value !== "number" || source === undefined || isHeld(value, source)
      ? value
      : new InexactNumber(source);
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

/** More digits than `toPrecision` writes; no client sends a number of so many. */
const MAX_DIGITS = 100;

/**
 * Whether a double is the number that was written: it reads the same when it is written with as many digits.
 * So all that a program prints of its own doubles is held, with up to 17 digits, and a longer number only
 * when nothing of it is lost. One that is too large for a double is left to whoever tells so.
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

/** A number as its significant digits and the power of ten of the first one, without its sign. */
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

/** TypeScript's library does not know `rawJSON` yet; workerd and Node do. */
const { rawJSON } = JSON as typeof JSON & { rawJSON: (text: string) => unknown };

/**
 * Writes JSON that `parseJson` reads back as it is: a number beyond ±(2^53 - 1) is written with an
 * exponent, because in plain digits it would read as an integer that cannot be held, and -0 with its sign.
 */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, (_key, part) => {
    if (Object.is(part, -0)) return rawJSON("-0");
    return typeof part === "number" && Number.isInteger(part) && !Number.isSafeInteger(part)
      ? rawJSON(part.toExponential())
      : part;
  });
}

/** Whether a value is a JSON object: not a list, not null, not a stand-in. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof InexactNumber)
  );
}

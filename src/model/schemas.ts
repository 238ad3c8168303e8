import * as z from "zod/mini";
import { kindOf } from "../model/input.ts";
import { INSTANT_FORM, parseDay, parseInstant } from "../values/instant.ts";
import { InexactNumber, isJsonObject } from "../values/json.ts";
import { parseUuid } from "../values/uuid.ts";
import { describedBy } from "./described-by.ts";

// The values of fields as Zod schemas, with the messages of contract section 4. The metadata adds what JSON
// Schema cannot derive from a check in code.

const REQUIRED = "This field is required.";
const BLANK = "This field may not be blank.";

/** Messages for values that cannot be stored exactly. */
export const NOT_TEXT = "null characters and unpaired surrogates are not allowed.";
export const INEXACT =
  "numbers such as integers beyond ±9007199254740991 cannot be held exactly; send it as a string.";
export const TOO_LARGE_NUMBER = "the number is too large to be held.";

/** The bound on the length of a list that has no bound of its own. */
const MAX_ITEMS = 1000;

/** The message for a value of the wrong type, or for an absent or null value. */
export const expected = (what: string) => (issue: { readonly input?: unknown }) => {
  if (issue.input === undefined) return REQUIRED;
  if (issue.input === null) return "This field may not be null.";
  return `${what}, but got ${kindOf(issue.input)}.`;
};

const isText = z.refine<string>((text) => text.isWellFormed() && !text.includes("\0"), {
  error: "Null characters and unpaired surrogates are not allowed.",
});

/**
 * Whether a text has at most `max` code points. Each has one or two UTF-16 units, so most texts need no
 * counting.
 */
const isWithin = (text: string, max: number) =>
  text.length <= max || (text.length <= 2 * max && [...text].length <= max);

const tooLong = (max: number) => `Ensure this field has no more than ${max} characters.`;

const atMost = (max: number) =>
  z.refine<string>((text) => isWithin(text, max), { error: tooLong(max) });

const notBlank = z.refine<string>((text) => text.trim() !== "", { error: BLANK, abort: true });

/** Any text of at most `most` code points, stored unchanged. */
export function text(most?: number) {
  const any = z.string({ error: expected("Not a valid string: expected a string") });
  return most === undefined
    ? any.check(isText)
    : any.check(isText, atMost(most), z.meta({ maxLength: most }));
}

/** A name: trimmed, not blank, at most `most` code points. */
export function nameText(most: number) {
  return z
    .string({ error: expected("Not a valid string: expected a string") })
    .check(z.trim(), notBlank, isText, atMost(most), z.meta({ minLength: 1, maxLength: most }));
}

/**
 * Invisible characters, and characters that change the direction of others. Names may not contain them, so
 * that two different names cannot look the same. The joiners U+200C and U+200D are allowed, because many
 * scripts and emoji need them. The null character is left to `isText`, because no text may contain it.
 */
const HIDDEN = /(?![\0\u200c\u200d])[\p{Cc}\p{Cf}\u115f\u1160\u3164\uffa0]/u;

/** The first invisible character of a name and its position, for messages; undefined when there is none. */
export function findHidden(name: string): string | undefined {
  const index = name.search(HIDDEN);
  if (index < 0) return undefined;
  const code = (name.codePointAt(index) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `U+${code} at character ${[...name.slice(0, index)].length + 1}`;
}

/** A name that identifies a record: as `nameText`, without invisible characters. */
export const visibleName = (max: number) =>
  nameText(max).check((payload) => {
    const hidden = findHidden(payload.value);
    if (hidden === undefined) return;
    payload.issues.push({
      code: "custom",
      input: payload.value,
      message: `Invisible and direction-changing characters are not allowed in a name: ${hidden}.`,
    });
  });

/** Text that is not blank, stored unchanged. */
const label = (most: number) =>
  z
    .string({ error: expected("Not a valid string: expected a string") })
    .check(notBlank, isText, atMost(most), z.meta({ minLength: 1, maxLength: most }));

/**
 * A list of at most `max` items. The length is checked first: the errors of a hundred thousand items would
 * take more memory than the list itself.
 */
const listOf = <Item extends z.core.$ZodType>(item: Item, { max = MAX_ITEMS, min = 0 } = {}) => {
  const list = z.array(item, { error: expected("Expected a list of items") });
  const isLongEnough = z.minLength(min, { error: "This list may not be empty." });
  const inLength = z.refine<unknown>((value) => !Array.isArray(value) || value.length <= max, {
    error: `Ensure this field has no more than ${max} elements.`,
    abort: true,
  });
  const described = list.check(z.maxLength(max), ...(min > 0 ? [isLongEnough] : []));
  return describedBy(
    z.pipe(z.unknown().check(inLength), min > 0 ? list.check(isLongEnough) : list),
    described,
  );
};

const distinct = z.transform((items: string[]) => [...new Set(items)]);

/** An id of another record, in lower case. */
export const uuid = z.pipe(
  z.string({ error: expected("Incorrect type. Expected an id as a string") }).check(
    z.refine((id) => parseUuid(id) !== undefined, {
      error: ({ input }) => `"${String(input).slice(0, 100)}" is not a valid UUID.`,
      abort: true,
    }),
    z.meta({ format: "uuid" }),
  ),
  z.transform((id: string) => id.toLowerCase()),
);

/** Ids of other records in their order. Only the first of repeated ids is kept. */
export const uuids = (max?: number) => z.pipe(listOf(uuid, { ...(max && { max }) }), distinct);

/** As `uuids`, with at least one id. */
export const someUuids = (max?: number) =>
  z.pipe(listOf(uuid, { ...(max && { max }), min: 1 }), distinct);

/** Labels in their order. Only the first of repeated labels is kept. */
export const tags = z.pipe(listOf(label(100), { max: 100 }), distinct);

const listOfOne = z.transform((value) => (isJsonObject(value) ? [value] : value));

/** A list. MATLAB sends a single object in place of a list with one object. */
export const listOrOne = <Item extends z.core.$ZodType>(item: Item, max?: number) => {
  const list = listOf(item, { ...(max && { max }) });
  return describedBy(z.pipe(listOfOne, list), list);
};

/** MATLAB sends an empty list in place of null. */
const emptyAsNull = z.transform((value) =>
  Array.isArray(value) && value.length === 0 ? null : value,
);

/** A value or null. */
export const orNull = <Value extends z.core.$ZodType>(value: Value) => {
  const nullable = z.nullable(value);
  return describedBy(z.pipe(emptyAsNull, nullable), nullable);
};

/** An instant in the stored form, or null. */
export const instantOrNull = z
  .pipe(
    z.pipe(
      emptyAsNull,
      z.nullable(
        z.string({ error: expected("Expected a date-time as a string") }).check(
          z.refine((written) => parseInstant(written) !== undefined, {
            error: `Datetime has wrong format or does not exist. Use this format instead: ${INSTANT_FORM}.`,
          }),
        ),
      ),
    ),
    z.transform((written) => (written === null ? null : (parseInstant(written) ?? null))),
  )
  .check(z.meta({ type: ["string", "null"], format: "date-time" }));

/** A day as `YYYY-MM-DD`, or null. */
export const dayOrNull = z
  .pipe(
    emptyAsNull,
    z.nullable(
      z.string({ error: expected("Expected a date as a string") }).check(
        z.refine((written) => parseDay(written) !== undefined, {
          error: "Date has wrong format or does not exist. Use this format instead: YYYY-MM-DD.",
        }),
      ),
    ),
  )
  .check(z.meta({ type: ["string", "null"], format: "date" }));

export const boolean = z.boolean({ error: expected("Must be a valid boolean") });

/** The bounds of `extra_fields`: the number of keys, and the code points of one text. */
const MAX_EXTRA = { keys: 200, text: 10_000 };

/** The keys of `extra_fields`. */
export const EXTRA_KEY = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Strings and finite numbers under keys that the client chooses, stored exactly. */
export const extraFields = z
  .custom<Record<string, string | number>>(isJsonObject, {
    error: expected("Expected an object of key/value pairs"),
    abort: true,
  })
  .check(
    (payload) => {
      const entries = Object.entries(payload.value);
      if (entries.length > MAX_EXTRA.keys) {
        payload.issues.push({
          code: "custom",
          input: payload.value,
          path: [],
          message: `Ensure this field has no more than ${MAX_EXTRA.keys} keys.`,
        });
        return;
      }
      for (const [key, value] of entries) {
        const message = extraFieldProblem(key, value);
        if (message !== undefined) {
          payload.issues.push({ code: "custom", input: value, path: [key], message });
        }
      }
    },
    z.meta({
      type: "object",
      maxProperties: MAX_EXTRA.keys,
      propertyNames: { pattern: EXTRA_KEY.source },
      additionalProperties: { type: ["string", "number"], maxLength: MAX_EXTRA.text },
    }),
  );

function extraFieldProblem(key: string, value: unknown): string | undefined {
  if (!EXTRA_KEY.test(key)) {
    return "keys start with a letter and have only letters, digits and underscores.";
  }
  if (value instanceof InexactNumber) {
    return INEXACT;
  }
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : TOO_LARGE_NUMBER;
  }
  if (typeof value !== "string") {
    return `values are strings or numbers, but got ${kindOf(value)}.`;
  }
  if (!value.isWellFormed() || value.includes("\0")) return NOT_TEXT;
  return isWithin(value, MAX_EXTRA.text) ? undefined : tooLong(MAX_EXTRA.text);
}

/** A position in a list, counted from 0. */
export const order = z
  .int({ error: expected("A valid integer is required") })
  .check(z.minimum(0, { error: "Ensure this value is greater than or equal to 0." }));

const notNumber = expected("A valid number is required");

/** A finite number. */
export const number = z.number({
  error: (issue) => (issue.input instanceof InexactNumber ? INEXACT : notNumber(issue)),
});

/** Text that is one of the given names. */
export const choice = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, {
    error: ({ input }) =>
      input === undefined
        ? REQUIRED
        : `${typeof input === "string" ? JSON.stringify(input.slice(0, 100)) : kindOf(input)} is not a valid choice. Choices: ${names.join(", ")}.`,
  });

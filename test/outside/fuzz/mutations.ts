import fc from "fast-check";
import {
  BODIES,
  IDS,
  LARGE_BODIES,
  MEBIBYTE,
  QUERIES,
  SINGLE_VALUES,
  VALUES,
} from "../../support/hostile-input.ts";
import type { Draft } from "./draft.ts";

// What is done to a request so that it is likely to be refused.

export type Mutation = (draft: Draft) => Draft;

const UNKNOWN_FIELDS = [
  "unknown",
  "__proto__",
  "constructor",
  "toString",
  "Name",
  "id",
  "",
  "\ud800",
];

const anyValue = fc.oneof(
  fc.constantFrom(...VALUES, ...SINGLE_VALUES),
  fc.json({ maxDepth: 4 }),
  fc.string({ unit: "binary", size: "max", maxLength: 20_000 }).map((text) => JSON.stringify(text)),
);

const setAny = (fields: Draft["fields"], index: number, value: string) =>
  fields.map(([name, old], at) => [name, at === index % fields.length ? value : old] as const);

const changeBody: readonly fc.Arbitrary<Mutation>[] = [
  fc.tuple(fc.nat(), anyValue).map(([index, value]) => (draft) => ({
    ...draft,
    fields: setAny(draft.fields, index, value),
  })),
  fc.nat().map((index) => (draft) => ({
    ...draft,
    fields: draft.fields.filter((_, at) => at !== index % draft.fields.length),
  })),
  fc.tuple(fc.constantFrom(...UNKNOWN_FIELDS), anyValue).map(([name, value]) => (draft) => ({
    ...draft,
    fields: [...draft.fields, [name, value]],
  })),
  fc.nat().map((index) => (draft) => ({
    ...draft,
    // Of two that have one name the last counts.
    fields: [...draft.fields, ...draft.fields.slice(index % (draft.fields.length + 1))],
  })),
];

/** Bytes that were JSON, and are cut short or changed. */
const breakBytes = fc.tuple(fc.nat(), fc.nat(255), fc.boolean()).map(
  ([place, byte, cuts]): Mutation =>
    (draft) => {
      const text = `{${draft.fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`)}}`;
      const bytes = Buffer.from(text);
      const at = place % bytes.length;
      if (!cuts) bytes[at] = byte;
      return { ...draft, body: cuts ? bytes.subarray(0, at) : bytes };
    },
);

/** Who sends more may see the connection end before the answer. */
const HEARD_BODIES = LARGE_BODIES.filter(([, body]) => body.length < 16 * MEBIBYTE);

const replaceBody = fc.oneof(
  { weight: 20, arbitrary: breakBytes },
  ...[BODIES, BODIES, HEARD_BODIES].map((bodies) =>
    fc.constantFrom(...bodies).map(
      ([, body]): Mutation =>
        (draft) => ({ ...draft, body }),
    ),
  ),
  fc.uint8Array({ maxLength: 200 }).map(
    (body): Mutation =>
      (draft) => ({ ...draft, body }),
  ),
);

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  Authorization: [
    "",
    "Bearer",
    "Basic dXNlcjpwYXNz",
    `Bearer bst_${"0".repeat(64)}`,
    `Bearer ${"x".repeat(8000)}`,
    "Bearer \xff\xfe",
    "bearer a b",
  ],
  "Content-Type": [
    "",
    "text/plain",
    "multipart/form-data",
    "APPLICATION/JSON;charset=utf-16",
    "application/merge-patch+json",
    "application/json;;;",
  ],
  "If-Match": ["", "*", '"x"', 'W/"x"', "\xe9", '"', `${'"x", '.repeat(500)}"x"`],
  "Idempotency-Key": ["", "a b", "\xe9", "k".repeat(255), "k".repeat(256), "key-1"],
  "X-Request-Id": ["", "a b", "x".repeat(300), "\xe9"],
  "X-HTTP-Method-Override": ["DELETE"],
  Accept: ["text/html", "application/xml;q=0"],
  Origin: ["https://elsewhere.example", "null"],
  "Access-Control-Request-Method": ["POST"],
  "Content-Encoding": ["gzip", "nothing"],
  "Transfer-Encoding": ["chunked"],
  Host: ["elsewhere.example"],
  Range: ["bytes=0-1"],
  Cookie: ["a=b; __proto__=c"],
};

const setHeader = fc
  .oneof(
    ...Object.entries(HEADERS).map(([name, values]) =>
      fc.constantFrom(...values).map((value) => ({ [name]: value })),
    ),
  )
  .map(
    (header): Mutation =>
      (draft) => ({ ...draft, headers: { ...draft.headers, ...header } }),
  );

const removeHeaders: Mutation = ({ headers: _, ...draft }) => ({ ...draft, headers: {} });

const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE"];

const ID = /[0-9a-f]{8}-[0-9a-f-]{27}/;

const changePath = fc.oneof(
  fc.constantFrom(...IDS).map((id) => (path: string) => path.replace(ID, () => id)),
  fc
    .constantFrom("/", "//", "/x", "/%2e%2e", "/leave/", "/history", ";a=b", "%00")
    .map((end) => (path: string) => path + end),
  fc.constant((path: string) => path.toUpperCase()),
  fc.constant((path: string) => path.replace("private", "public")),
  fc.constant((path: string) => path.replaceAll("/", "//")),
  fc.nat(70_000).map((length) => (path: string) => `${path}${"x".repeat(length)}`),
);

const changeQuery: readonly fc.Arbitrary<Mutation>[] = [
  fc.constantFrom(...QUERIES).map((rawQuery) => (draft) => ({ ...draft, rawQuery })),
  fc.tuple(fc.string(), fc.string({ unit: "binary" })).map(([name, value]) => (draft) => ({
    ...draft,
    query: [...draft.query, [name, value]],
  })),
  fc.tuple(fc.nat(1100), fc.constantFrom(".in", "", ".range")).map(([times, end]) => (draft) => {
    const [[name, value] = ["filter{name}", "x"]] = draft.query;
    const again = Array.from(
      { length: times },
      () => [name.replace("}", `${end}}`), value] as const,
    );
    return { ...draft, query: [...draft.query, ...again] };
  }),
  fc
    .string({ unit: fc.constantFrom(..."filter{}[].-=&%sortincluenamid01\ud83d") })
    .map((rawQuery) => (draft) => ({ ...draft, rawQuery })),
];

/** One change to a request. */
export const arbitraryMutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(...changeBody) },
  { weight: 3, arbitrary: replaceBody },
  { weight: 4, arbitrary: fc.oneof(...changeQuery) },
  { weight: 4, arbitrary: setHeader },
  { weight: 1, arbitrary: fc.constant(removeHeaders) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...METHODS)
      .map((method) => (draft: Draft) => ({ ...draft, method })),
  },
  {
    weight: 3,
    arbitrary: changePath.map((change) => (draft: Draft) => ({
      ...draft,
      path: change(draft.path),
    })),
  },
);

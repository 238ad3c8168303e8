// What hostile clients send. All of it is refused, or taken for what it is; nothing of it is a server's error.

export const MEBIBYTE = 1024 * 1024;

const bytes = (...given: number[]) => new Uint8Array(given);

type Body = readonly [what: string, body: string | Uint8Array];

/** Bodies that are none, for any route. */
export const BODIES: readonly Body[] = [
  ["lists in lists", "[".repeat(20_000) + "]".repeat(20_000)],
  ["objects in objects that never end", '{"name":'.repeat(20_000)],
  ["a field that is deep", `{"name":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
  ["five thousand keys", `{${keys(5_000)}}`],
  ["bytes that are not UTF-8", bytes(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
  ["a surrogate in UTF-8", bytes(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d)],
  ["UTF-16", bytes(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00)],
  ["a key with a lone surrogate", '{"\\ud800": 1}'],
  ["a key with a null character", '{"a\\u0000b": 1}'],
  ["a raw null character", '{"name": "a\0b"}'],
  ["a prototype", '{"__proto__": {"name": "x", "isAdmin": true}}'],
  ["a constructor", '{"constructor": {"prototype": {"name": "x"}}, "toString": 1}'],
  ["a list of ten thousand", `[${"1,".repeat(9_999)}1]`],
  ["a text", '"DROP TABLE sessions"'],
  ["a number without end", `{"a": ${"9".repeat(50_000)}}`],
  ["an exponent without end", `{"a": 1e${"9".repeat(50_000)}}`],
  ["nothing", ""],
];

/** What takes its time; all routes read their bodies in one way. */
export const LARGE_BODIES: readonly Body[] = [
  ["lists in lists, half a million deep", "[".repeat(500_000) + "]".repeat(500_000)],
  ["as many keys as a body holds", `{${keys(95_000)}}`],
  ["a million keys, more than a body holds", `{${keys(1_000_000)}}`],
  ["one key as long as the body", `{"${"k".repeat(MEBIBYTE - 100)}":1}`],
  ["one unknown key again and again", `{${'"again":1,'.repeat(90_000)}"again":1}`],
  ["a number as long as the body", `{"a": ${"9".repeat(MEBIBYTE - 100)}}`],
  ["twenty mebibytes", " ".repeat(20 * MEBIBYTE)],
];

function keys(count: number): string {
  return Array.from({ length: count }, (_, index) => `"k${index.toString(36)}":1`).join(",");
}

/** Values for the fields of a body, as JSON text. */
export const VALUES: readonly string[] = [
  "null",
  "true",
  "-1",
  "1e400",
  "9007199254740993",
  '""',
  `"${"😀".repeat(200)}"`,
  `[${'"a",'.repeat(9_999)}"a"]`,
  `[${Array.from({ length: 2_000 }, () => `"${crypto.randomUUID()}"`).join(",")}]`,
  `${"[".repeat(60)}${"]".repeat(60)}`,
  `${'{"a":'.repeat(2_000)}1${"}".repeat(2_000)}`,
  '{"a": 1e400, "b": {"c": [null]}, "\\ud800": "\\u0000"}',
  `{${keys(1_000)}}`,
];

/** Values that one field might take while another does not: each is sent alone. */
export const SINGLE_VALUES: readonly string[] = [
  JSON.stringify("x".repeat(200_000)),
  '"\\ud800"',
  '"a\\u0000b"',
  JSON.stringify("%_'\";--\\"),
  '{"constructor": 1, "hasOwnProperty": "x"}',
  '{"__proto__": {"a": 1}}',
];

/** What may stand in place of an id in a path; of none of these there is an object. */
export const IDS = [
  "a".repeat(20_000),
  "%00",
  "%ED%A0%80",
  "%F0%9F%90%81",
  "%",
  "..%2F..%2Fetc",
  "' OR 1=1 --",
  "__proto__",
  "-1",
  "00000000-0000-0000-0000-00000000000g",
];

/** Queries that no route takes. */
export const QUERIES = [
  `${"a".repeat(30_000)}=1`,
  `unknown=${"a".repeat(30_000)}`,
  Array.from({ length: 1_000 }, (_, index) => `filter{name}=${index}`).join("&"),
  Array.from({ length: 1_000 }, (_, index) => `filter{extra_fields.k${index}}=1`).join("&"),
  Array.from({ length: 1_000 }, () => "sort[]=-name").join("&"),
  Array.from({ length: 1_000 }, () => "include[]=everything").join("&"),
  "filter{name.contains}=%00",
  "filter{name}=%ED%A0%80&filter{__proto__}=1",
  "__proto__=1&constructor=2",
  `filter{${"name.".repeat(2_000)}}=1`,
  "filter{constructor}=1",
  "filter{name.constructor}=1",
  "sort[]=__proto__",
  "limit=99999999999999999999&offset=-1",
  "offset=1e99",
  "&&&===&%%%&format=\u0000",
];

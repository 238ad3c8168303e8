import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Route } from "../../src/http/route.ts";
import { routes } from "../../src/routes.ts";
import { type BuiltUser, buildUser } from "../support/builders.ts";
import type { Answer } from "../support/client.ts";
import { findBrokenInvariants } from "../support/invariants.ts";
import { requireFixture } from "../support/route-fixtures/all.ts";
import { nameOf, type RouteName, type Target } from "../support/route-fixtures/fixture.ts";
import { changeBetween, emptyTables, takeSnapshot } from "../support/snapshot.ts";

// Whatever somebody with a good token and every permission sends: a 4xx in bounded time, and no change.

const MEBIBYTE = 1024 * 1024;

/** Bounded means: what a scientist would wait for, on a machine that is busy. */
const MOST_MILLISECONDS = 5_000;

const bytes = (...given: number[]) => new Uint8Array(given);

type Body = readonly [what: string, body: string | Uint8Array];

/** Bodies that are none, for any route. */
const BODIES: readonly Body[] = [
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
const LARGE_BODIES: readonly Body[] = [
  ["lists in lists, half a million deep", "[".repeat(500_000) + "]".repeat(500_000)],
  ["as many keys as a body holds", `{${keys(95_000)}}`],
  ["a million keys", `{${keys(1_000_000)}}`],
  ["one key as long as the body", `{"${"k".repeat(MEBIBYTE - 100)}":1}`],
  ["one unknown key again and again", `{${'"again":1,'.repeat(90_000)}"again":1}`],
  ["a number as long as the body", `{"a": ${"9".repeat(MEBIBYTE - 100)}}`],
  ["twenty mebibytes", " ".repeat(20 * MEBIBYTE)],
];

function keys(count: number): string {
  return Array.from({ length: count }, (_, index) => `"k${index.toString(36)}":1`).join(",");
}

/** Values for the fields of a body, as JSON text. */
const VALUES: readonly string[] = [
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
const SINGLE_VALUES: readonly string[] = [
  JSON.stringify("x".repeat(200_000)),
  '"\\ud800"',
  '"a\\u0000b"',
  JSON.stringify("%_'\";--\\"),
  '{"constructor": 1, "hasOwnProperty": "x"}',
  '{"__proto__": {"a": 1}}',
];

let user: BuiltUser;

beforeEach(async () => {
  await emptyTables();
  user = await buildUser();
});

afterEach(async () => {
  expect(await findBrokenInvariants({ owned: true })).toEqual({});
});

const buildTarget = (route: Route) =>
  requireFixture(route).fixture.build({ users: { owner: [user] } });

const addressOf = (route: Route, { id }: Target) => `/api/private${route.path.replace(":id", id)}/`;

/** Sends it as JSON, and holds the answer to its time. */
async function knock(
  route: Route,
  address: string,
  body?: string | Uint8Array,
  headers: HeadersInit = {},
): Promise<Answer> {
  const start = performance.now();
  const answer = await user.client.send(route.method.toUpperCase(), address, body, headers);
  expect(performance.now() - start).toBeLessThan(MOST_MILLISECONDS);
  return answer;
}

const expectRefusal = ({ status, text }: Answer, about: string) => {
  expect(status, `${about}: ${text.slice(0, 200)}`).toBeGreaterThanOrEqual(400);
  expect(status, `${about}: ${text.slice(0, 200)}`).toBeLessThan(500);
  // An answer is never much larger than what was asked.
  expect(text.length, about).toBeLessThan(2 * MEBIBYTE);
};

const named = (all: readonly Route[]) => all.map((route) => [nameOf(route), route] as const);

const writes = routes.filter(({ needs }) => needs !== "read");
const withBody = writes.filter(({ body }) => body !== undefined);

/** The others of its resource take the same fields. */
const isFirst = (route: Route) =>
  withBody.find(({ resource }) => resource === route.resource) === route;

describe.each(named(withBody))("%s", (name, route) => {
  test("refuses what is no body, and changes nothing", async () => {
    const target = await buildTarget(route);
    const before = await takeSnapshot();
    for (const [what, body] of BODIES) {
      expectRefusal(await knock(route, addressOf(route, target), body), what);
    }
    expect(changeBetween(before, await takeSnapshot())).toEqual({});
  });

  test("is never lost over the value of a field", async () => {
    const target = await buildTarget(route);
    const sound = JSON.stringify(target.bodies[name as RouteName]).slice(1, -1);
    const fields = Object.keys(route.body?.declaration.shape ?? {});
    const fieldText = (field: string, value: string) => `"${field}":${value}`;
    const bodies = [
      ...VALUES.map((value) => fields.map((field) => fieldText(field, value)).join()),
      // Of two that have one name the last counts.
      ...(isFirst(route) ? fields : []).flatMap((field) =>
        SINGLE_VALUES.map((value) => `${sound},${fieldText(field, value)}`),
      ),
    ];
    for (const body of bodies) {
      const { status, text } = await knock(route, addressOf(route, target), `{${body}}`);
      expect(status, `${body.slice(-90)}: ${text.slice(0, 200)}`).toBeLessThan(500);
    }
  });
});

test("a body that is as large as may be, or larger, is refused in time", async () => {
  const [route] = withBody;
  if (route === undefined) throw new Error("no route takes a body");
  const address = addressOf(route, await buildTarget(route));
  for (const [what, body] of LARGE_BODIES) expectRefusal(await knock(route, address, body), what);
});

/** What may stand in place of an id; of none of these there is an object. */
const IDS = [
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
const QUERIES = [
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

describe.each(named(routes))("%s", (_, route) => {
  test("refuses a query that it does not know, and changes nothing", async () => {
    const target = await buildTarget(route);
    const body = target.bodies[nameOf(route) as RouteName];
    const before = await takeSnapshot();
    for (const query of QUERIES) {
      const address = `${addressOf(route, target)}?${query}`;
      const sent = body === undefined ? undefined : JSON.stringify(body);
      expectRefusal(await knock(route, address, sent), query.slice(0, 60));
    }
    expect(changeBetween(before, await takeSnapshot())).toEqual({});
  });
});

describe.each(named(routes.filter(({ path }) => path.includes("/:id"))))("%s", (_, route) => {
  test("finds nothing under what is no id", async () => {
    const { bodies } = await buildTarget(route);
    const body = bodies[nameOf(route) as RouteName];
    for (const id of IDS) {
      const sent = body === undefined ? undefined : JSON.stringify(body);
      const answer = await knock(route, addressOf(route, { id, bodies }), sent);
      expect(answer.status, `${id.slice(0, 60)}: ${answer.text}`).toBe(404);
    }
  });
});

describe.each(named(writes))("%s", (_, route) => {
  test("bears headers of any size", async () => {
    const target = await buildTarget(route);
    const body = target.bodies[nameOf(route) as RouteName];
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const tags = Array.from({ length: 1_000 }, (_, index) => `"${index}"`).join(", ");
    const refused: Record<string, string>[] = [{ Authorization: `Bearer ${"x".repeat(20_000)}` }];
    if (route.answers.status === 201) refused.push({ "Idempotency-Key": "k".repeat(20_000) });
    if (route.path.includes("/:id")) refused.push({ "If-Match": tags });
    if (route.body) refused.push({ "Content-Type": `text/${"x".repeat(20_000)}` });
    const before = await takeSnapshot();
    for (const headers of refused) {
      expectRefusal(await knock(route, addressOf(route, target), sent, headers), "header");
    }
    expect(changeBetween(before, await takeSnapshot())).toEqual({});
  });
});

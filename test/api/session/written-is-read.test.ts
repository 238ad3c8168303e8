import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  buildDataStorage,
  buildLab,
  buildProject,
  type Lab,
  unique,
} from "../../support/builders.ts";
import { seed } from "../../support/seed.ts";
import { changeBetween, takeSnapshot } from "../../support/snapshot.ts";
import { isThorough } from "../../support/thorough.ts";

// Whatever a session holds that the contract allows comes back as it was sent, and whatever it does not
// allow is refused and changes nothing. The seed is in the names of the tests: SEED shows a run again.
const RUNS = isThorough ? 400 : 40;

const PATH = "/api/private/stem/session/";

let lab: Lab;
let projects: readonly string[];
let storages: readonly string[];

beforeAll(async () => {
  lab = await buildLab();
  const users = { contributor: [lab.user] };
  projects = [
    lab.project.id,
    (await buildProject({ users })).id,
    (await buildProject({ users })).id,
  ];
  storages = [lab.storage.id, (await buildDataStorage({ users })).id];
});

/** Any text of Unicode but for the null character, which the contract refuses. */
const anyText = (maxLength: number) =>
  fc.string({ unit: "binary", maxLength }).map((text) => text.replaceAll("\0", ""));

const notBlank = (maxLength: number) => anyText(maxLength).filter((text) => text.trim() !== "");

/** What a name may not hold: characters that are not seen (contract, section 3). */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\u115f\u1160\u3164\uffa0]/gu;

/** A name with a number in front, so that no two are the same. */
const aName = anyText(80).map((text) => text.replace(HIDDEN, "").trim());

/** An instant as it is sent, and as it is answered. */
const anInstant = fc
  .tuple(
    fc.date({
      min: new Date("0001-01-02T00:00:00Z"),
      max: new Date("9999-12-30T23:59:59Z"),
      noInvalidDate: true,
    }),
    fc.oneof(fc.constant(0), fc.constantFrom(1, 10, 999_999, 500_000), fc.nat(999_999)),
    fc.constantFrom(["Z", 0], ["", 0], ["+02:00", 120], ["-05:30", -330]) as fc.Arbitrary<
      [zone: string, minutes: number]
    >,
  )
  .map(([date, microseconds, [zone, minutes]]) => {
    const text = (shift: number) =>
      new Date(date.getTime() + shift * 60_000).toISOString().slice(0, 19);
    const fraction = microseconds === 0 ? "" : `.${String(microseconds).padStart(6, "0")}`;
    return { sent: `${text(minutes)}${fraction}${zone}`, answered: `${text(0)}${fraction}Z` };
  });

const aNumber = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter(
    // In plain digits it would be an integer that cannot be held, which is refused.
    (number) =>
      !Number.isInteger(number) || Number.isSafeInteger(number) || Math.abs(number) >= 1e21,
  ),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_VALUE, Number.MAX_VALUE, -1e-7, 0.1 + 0.2),
);

const extraFields = fc
  .array(
    fc.tuple(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,20}$/), fc.oneof(aNumber, anyText(50))),
    { maxLength: 6 },
  )
  .map((entries) => Object.fromEntries(entries));

const REPOSITORIES = ["CRCNS", "DANDI", "Figshare", "GitHub", "Globus", "Zenodo", "Other"];

const aLink = fc.record(
  {
    repository: fc.constantFrom(...REPOSITORIES),
    url: fc.webUrl({ validSchemes: ["http", "https", "ftp"], withQueryParameters: true }),
  },
  { noNullPrototype: true },
);

const anySession = fc.record({
  name: aName,
  description: anyText(300),
  projects: fc.shuffledSubarray([0, 1, 2], { minLength: 1 }),
  date: fc.option(anInstant, { nil: undefined }),
  datastorage: fc.shuffledSubarray([0, 1]),
  extra_fields: extraFields,
  download_links: fc.array(aLink, { maxLength: 3 }),
  tags: fc.uniqueArray(notBlank(100), { maxLength: 4 }),
});

type AnySession = typeof anySession extends fc.Arbitrary<infer Value> ? Value : never;

/** What is sent, and what must come back. */
function write({ date, ...fields }: AnySession) {
  const sent = {
    ...fields,
    name: `${unique("s")} ${fields.name}`.trim(),
    projects: fields.projects.map((index) => projects[index]),
    datastorage: fields.datastorage.map((index) => storages[index]),
    date_time: date?.sent ?? null,
  };
  return { sent, read: { ...sent, date_time: date?.answered ?? null } };
}

/** JSON knows no negative zero. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("any session", () => {
  test(`that is written is read as it was (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(anySession, anySession, async (first, second) => {
        const { sent, read } = write(first);
        const made = await lab.client.post(PATH, sent);
        expect(made.status, made.text).toBe(201);
        expect(made.body.session).toMatchObject(asJson(read) as object);
        const path = `${PATH}${made.body.session.id}/`;
        expect((await lab.client.get(path)).body).toEqual(made.body);
        const other = write(second);
        const replaced = await lab.client.put(path, other.sent);
        expect(replaced.body.session).toMatchObject(asJson(other.read) as object);
        // What was read can be sent back, and then nothing has changed.
        const again = await lab.client.put(path, replaced.body.session);
        expect(again.body).toEqual(replaced.body);
        const found = `${PATH}?filter{name}=${encodeURIComponent(other.sent.name)}`;
        expect((await lab.client.get(found)).body.sessions).toEqual([again.body.session]);
      }),
      { seed, numRuns: RUNS },
    );
  }, 60_000);
});

/** Faults of one field, as JSON text. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  name: [
    '""',
    '" "',
    "null",
    "5",
    "[]",
    JSON.stringify("x".repeat(101)),
    '"\\ud800"',
    '"a\\u0000"',
  ],
  description: ["null", "1", "{}", '"\\udc00"', '"\\u0000"'],
  projects: ["[]", "null", '"x"', '["x"]', "[1]", '["00000000-0000-4000-8000-000000000000"]'],
  date_time: [
    '"2023-02-29T00:00:00Z"',
    '"0000-01-01T00:00Z"',
    '"2023-01-01"',
    "5",
    '"10000-01-01T00:00Z"',
  ],
  datastorage: ["null", "5", '["x"]', '["00000000-0000-4000-8000-000000000000"]'],
  extra_fields: [
    '{"1": 1}',
    '{"a": true}',
    '{"a": null}',
    '{"a": [1]}',
    '{"a": 1e999}',
    '{"a": 9007199254740993}',
    "5",
  ],
  download_links: [
    '[{"repository": "x", "url": "https://a.example"}]',
    '[{"repository": "DANDI"}]',
    '[{"repository": "DANDI", "url": "a.example"}]',
    "[5]",
  ],
  tags: ["null", '[""]', '[" "]', "[1]", '"x"', `["${"t".repeat(101)}"]`],
};

const aFault = fc
  .constantFrom(...Object.keys(FAULTS))
  .chain((field) => fc.tuple(fc.constant(field), fc.constantFrom(...(FAULTS[field] ?? []))));

describe("any session with a fault", () => {
  test(`is refused under its field, and changes nothing (seed ${seed})`, async () => {
    const { id } = (await lab.client.post(PATH, { name: unique("old"), projects })).body.session;
    const before = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(anySession, aFault, async (session, [field, fault]) => {
        const text = JSON.stringify(write(session).sent).slice(1, -1);
        const body = `{${text},"${field}":${fault}}`;
        for (const [method, path] of [
          ["POST", PATH],
          ["PUT", `${PATH}${id}/`],
          ["PATCH", `${PATH}${id}/`],
        ] as const) {
          const answer = await lab.client.send(method, path, body);
          expect(answer.status, `${method} ${field} ${fault}`).toBe(400);
          expect(Object.keys(answer.body)).toEqual([field]);
        }
      }),
      { seed, numRuns: RUNS },
    );
    expect(changeBetween(before, await takeSnapshot())).toEqual({});
  }, 60_000);
});

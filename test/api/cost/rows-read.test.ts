import { beforeAll, describe, expect, test } from "vitest";
import type { BuiltUser } from "../../support/builders.ts";
import { countingClient } from "../../support/d1-binding.ts";
import { addSessions, buildCrowd, type Crowd, uuid } from "../../support/many-sessions.ts";
import { isThorough } from "../../support/thorough.ts";

const PATH = "/api/private/stem/session/";
const SMALL = 1_000;
const LARGE = isThorough ? 100_000 : 30_000;

/** The rows that D1 says it read for a request. */
async function rowsRead(
  { client: { token } }: BuiltUser,
  path: string,
  method = "GET",
  body?: unknown,
) {
  const { client, cost } = countingClient(token);
  const answer = await client.send(method, path, body);
  expect(answer.status, path).toBeLessThan(300);
  return cost.rowsRead;
}

interface Case {
  readonly what: string;
  readonly read: (crowd: Crowd) => Promise<number>;
}

/** What must not cost more in a large database than in a small one. */
const FLAT: readonly Case[] = [
  { what: "a detail", read: ({ all }) => rowsRead(all, `${PATH}${uuid("5", 7)}/`) },
  { what: "the first page", read: ({ all }) => rowsRead(all, PATH) },
  { what: "the first page of who sees few", read: ({ few }) => rowsRead(few, PATH) },
  { what: "a page backwards", read: ({ all }) => rowsRead(all, `${PATH}?sort[]=-name`) },
  { what: "the newest", read: ({ all }) => rowsRead(all, `${PATH}?sort[]=-date_time`) },
  {
    what: "a page of 100",
    read: ({ all }) => rowsRead(all, `${PATH}?limit=100&offset=100`),
  },
  {
    what: "a project's first page",
    read: ({ all, lab }) => rowsRead(all, `${PATH}?filter{projects}=${lab.id}`),
  },
  {
    what: "a page with all relations included",
    read: ({ all }) => rowsRead(all, `${PATH}?include[]=projects&include[]=dataacquisition`),
  },
  {
    what: "a change",
    read: ({ all }) =>
      rowsRead(all, `${PATH}${uuid("5", 8)}/`, "PATCH", { description: "changed" }),
  },
  {
    what: "a new session",
    read: ({ all, lab }) =>
      rowsRead(all, PATH, "POST", { name: crypto.randomUUID(), projects: [lab.id] }),
  },
];

/** The cost of a case without what happens now and then: a new session can divide blocks (see `writes.test.ts`). */
async function usual({ read }: Case, crowd: Crowd): Promise<number> {
  return Math.min(await read(crowd), await read(crowd), await read(crowd));
}

describe("the rows that D1 reads", () => {
  const small = new Map<string, number>();
  let crowd: Crowd;

  beforeAll(async () => {
    crowd = await buildCrowd();
    await addSessions(0, SMALL);
    for (const one of FLAT) small.set(one.what, await usual(one, crowd));
    await addSessions(SMALL, LARGE);
  }, 120_000);

  test.each(FLAT)(
    "for $what do not grow from a thousand sessions to many thousands",
    async (one) => {
      const before = small.get(one.what) ?? 0;
      // How many rows a page passes by depends a little on which sessions stand where.
      expect(await usual(one, crowd)).toBeLessThanOrEqual(before * 1.25 + 20);
    },
  );

  // A list of fewer sessions is walked through. deep-pages.test.ts has the bound for those.
  test.runIf(isThorough)(
    "for a deep page are those up to it from a near end, or a few of each block",
    async () => {
      const page = await rowsRead(crowd.all, `${PATH}?offset=${LARGE * 0.9}`);
      expect(page).toBeLessThan(LARGE * 0.1 + 1_000);
      const middle = await rowsRead(crowd.all, `${PATH}?offset=${LARGE * 0.5}`);
      expect(middle).toBeLessThan(LARGE * 0.12);
    },
  );

  test("for a filter on text are those that it finds, and a few of each project", async () => {
    const none = await rowsRead(crowd.all, `${PATH}?filter{name.icontains}=RAT-NONE`);
    expect(none).toBeLessThan(300);
    // A name of the crowd begins with ten digits that no other has.
    const [found] = (await crowd.few.client.get(`${PATH}?limit=1`)).body.sessions;
    const one = await rowsRead(
      crowd.few,
      `${PATH}?filter{name.icontains}=${found.name.slice(0, 14)}`,
    );
    expect(one).toBeLessThan(300);
  });

  test.each([
    "search=rat",
    "search=RAT-&offset=9980&limit=100",
    "search=rat&filter{projects.name.icontains}=pro",
    "search=rat tag&filter{tags.icontains}=TAG",
    "search=rat-00&sort[]=-date_time",
    "search=project",
    "search=nothing like this in ten words of three and more",
  ])("for a search are at most 20,000: %s", async (query) => {
    expect(await rowsRead(crowd.all, `${PATH}?${query}`)).toBeLessThan(20_000);
    expect(await rowsRead(crowd.few, `${PATH}?${query}`)).toBeLessThan(20_000);
  });

  test("for a search that finds too much to sort it are few, and the answer says so", async () => {
    for (const rest of ["&sort[]=date_time", "&filter{-date_time}=2024-01-01"]) {
      const { client, cost } = countingClient(crowd.all.client.token);
      const { status, body } = await client.get(`${PATH}?search=rat${rest}`);
      expect([status, body.detail]).toEqual([
        400,
        expect.stringMatching(/^search: more than 4000/),
      ]);
      expect(cost.rowsRead).toBeLessThan(10_000);
    }
  });

  test("and a search counts up to 10,000, and says when there are more", async () => {
    const { count, next, meta } = (await crowd.all.client.get(`${PATH}?search=rat&limit=100`)).body;
    expect([count, meta.total_is_at_least]).toEqual([10_000, true]);
    expect(next).toContain("offset=100");
    const last = (await crowd.all.client.get(`${PATH}?search=rat&offset=9990`)).body;
    expect([last.sessions.length, last.next]).toEqual([10, null]);
    const past = (await crowd.all.client.get(`${PATH}?search=rat&offset=10000`)).body;
    expect([past.sessions, past.next]).toEqual([[], null]);
    const few = (await crowd.few.client.get(`${PATH}?search=rat`)).body;
    expect(few.count).toBeGreaterThan(LARGE / 12 - 2);
    expect(few.meta).not.toHaveProperty("total_is_at_least");
  });
});

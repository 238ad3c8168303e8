import { beforeAll, describe, expect, test } from "vitest";
import type { BuiltUser } from "../../support/builders.ts";
import { countingClient } from "../../support/d1-binding.ts";
import { addSessions, buildCrowd, type Crowd, uuid } from "../../support/many-sessions.ts";

const PATH = "/api/private/stem/session/";
const SMALL = 1_000;
const LARGE = 100_000;

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

describe("the rows that D1 reads", () => {
  const small = new Map<string, number>();
  let crowd: Crowd;

  beforeAll(async () => {
    crowd = await buildCrowd();
    await addSessions(0, SMALL);
    for (const { what, read } of FLAT) small.set(what, await read(crowd));
    await addSessions(SMALL, LARGE);
  }, 120_000);

  test.each(FLAT)(
    "for $what do not grow from a thousand sessions to a hundred thousand",
    async ({ what, read }) => {
      const before = small.get(what) ?? 0;
      // How many rows a page passes by depends a little on which sessions stand where.
      expect(await read(crowd)).toBeLessThanOrEqual(before * 1.25 + 20);
    },
  );

  test("for a deep page are index entries up to it from the nearer end, and the page", async () => {
    const page = await rowsRead(crowd.all, `${PATH}?offset=${LARGE * 0.9}`);
    expect(page).toBeLessThan(LARGE * 0.1 + 1_000);
    const middle = await rowsRead(crowd.all, `${PATH}?offset=${LARGE * 0.5}`);
    expect(middle).toBeLessThan(LARGE * 0.5 + 1_000);
  });

  test("for a filter on the name are one index entry for each visible session, and the page", async () => {
    const none = await rowsRead(crowd.all, `${PATH}?filter{name.icontains}=RAT-NONE`);
    expect(none).toBeLessThan(LARGE + 1_000);
    const few = await rowsRead(crowd.few, `${PATH}?filter{name.icontains}=RAT-NONE`);
    expect(few).toBeLessThan(LARGE / 12 + 1_000);
  });
});

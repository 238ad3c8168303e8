import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { buildGroup, buildUser } from "../../support/builders.ts";
import { type Client, clientFor } from "../../support/client.ts";
import {
  answerOf,
  arbitraryQuery,
  findRows,
  type Model,
  readAnswer,
  searchOf,
} from "../../support/query-model.ts";
import { seed as firstSeed } from "../../support/seed.ts";
import {
  arbitraryDataSet,
  associationModel,
  associationsOf,
  type DataSet,
  type ModelViewer,
  sessionModel,
  USERS,
  writeDataSet,
} from "../../support/session-model.ts";
import { isThorough } from "../../support/thorough.ts";

// Generated queries over generated data must get the very answer that a plain model of the contract
// gives. A failure names its seed: SEED shows it again.

const [DATA_SETS, QUERIES] = isThorough ? [60, 100] : [3, 40];

/** Enough for pages that are so deep that they are sought from the end. */
const LARGE = 450;

const SIZES_OF_PAGES_AND_LISTS: [limit: number, size: number][] = [
  [2, 8],
  [3, 20],
  [7, 40],
  [100, LARGE],
];

interface User {
  readonly client: Client;
  readonly userId: string;
  readonly groupId: string;
}

let users: readonly User[];

beforeAll(async () => {
  const build = async () => {
    const user = await buildUser();
    const { id: groupId } = await buildGroup([user]);
    return { client: user.client, userId: user.id, groupId };
  };
  users = await Promise.all(Array.from({ length: USERS }, build));
});

const visitor = clientFor();

const clientOf = (caller: ModelViewer) =>
  (typeof caller === "number" ? users[caller]?.client : undefined) ?? visitor;

const pathOf = (model: string, caller: ModelViewer) =>
  `/api/${caller === "public" ? "public" : "private"}/stem/${model}/`;

/** Each set of data has a seed of its own. */
let nextSeed = firstSeed;

async function makeDataSet(size: readonly [least: number, most: number]) {
  const seed = nextSeed;
  nextSeed += 1;
  const [data] = fc.sample(arbitraryDataSet(...size), { seed, numRuns: 1 });
  if (data === undefined) throw new Error("no data set");
  await writeDataSet(data, users);
  return { data, seed };
}

const BEARERS: readonly ModelViewer[] = Array.from({ length: USERS }, (_, index) => index);
const VIEWERS: readonly ModelViewer[] = [...BEARERS, "public"];

/** Compares whole answers, for every kind of query. */
async function checkQueries<Row>(
  model: Model<Row, ModelViewer>,
  name: string,
  callers: readonly ModelViewer[],
  rows: readonly Row[],
  dataSeed: number,
): Promise<void> {
  const queries = arbitraryQuery(model, rows, "everyone" as ModelViewer, rows.length);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...callers), queries, async (caller, query) => {
      const address = `${pathOf(name, caller)}?${searchOf(query)}`;
      const { status, body } = await clientOf(caller).get(address);
      const about = `data seed ${dataSeed}, caller ${caller}, ${decodeURIComponent(address)}`;
      expect(status, `${about}: ${JSON.stringify(body)}`).toBe(200);
      expect(JSON.stringify(readAnswer(model, body), null, 1), about).toBe(
        JSON.stringify(answerOf(model, rows, caller, query), null, 1),
      );
    }),
    { numRuns: QUERIES, seed: firstSeed },
  );
}

/** Follows `next`, and the cursors, to the end: the pages put together are the whole list. */
async function checkPages(data: DataSet, limit: number, dataSeed: number): Promise<void> {
  const { sorts } = sessionModel.vocabulary;
  const orders = [[], ...sorts.flatMap((key) => [[key], [`-${key}`]]), ["-description", "-name"]];
  for (const caller of VIEWERS) {
    for (const sort of orders) {
      const expected = findRows(sessionModel, data.sessions, caller, { filters: [], sort });
      const search = new URLSearchParams(sort.map((key) => ["sort[]", key]));
      const start = `${pathOf("session", caller)}?limit=${limit}&${search}`;
      const byOffset = await follow(caller, start, ({ next }) => next);
      const byCursor = await follow(caller, start, ({ meta: { cursor } }) =>
        cursor === null ? null : `${start}&after=${cursor}`,
      );
      const about = `data seed ${dataSeed}, caller ${caller}, sort ${sort}`;
      expect(byOffset, about).toEqual(expected.map(({ id }) => id));
      expect(byCursor, about).toEqual(expected.map(({ id }) => id));
    }
  }
}

interface ListBody {
  readonly sessions: readonly { readonly id: string }[];
  readonly next: string | null;
  readonly meta: { readonly cursor: string | null };
}

/** The ids of all pages from an address on. */
async function follow(
  caller: ModelViewer,
  start: string,
  nextOf: (body: ListBody) => string | null,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let address: string | null = start; address !== null; ) {
    const { body }: { body: ListBody } = await clientOf(caller).get(address);
    ids.push(...body.sessions.map(({ id }) => id));
    address = nextOf(body);
  }
  return ids;
}

describe("a generated query", () => {
  test.each(Array.from({ length: DATA_SETS }, (_, index) => [index + 1]))(
    "for sessions is answered as the model says (data set %i)",
    async () => {
      const { data, seed } = await makeDataSet([0, 40]);
      await checkQueries(sessionModel, "session", VIEWERS, data.sessions, seed);
    },
    60_000,
  );

  test("for hundreds of sessions is answered as the model says", async () => {
    const { data, seed } = await makeDataSet([LARGE, LARGE]);
    await checkQueries(sessionModel, "session", VIEWERS, data.sessions, seed);
  }, 60_000);

  test.each([[1], [2], [3], [4], [5]])(
    "for the data storages of sessions is answered as the model says (data set %i)",
    async () => {
      const { data, seed } = await makeDataSet([5, 30]);
      const rows = associationsOf(data);
      await checkQueries(associationModel, "sessiondatastorage", BEARERS, rows, seed);
    },
    60_000,
  );
});

describe("pages put together", () => {
  test.each(isThorough ? SIZES_OF_PAGES_AND_LISTS : [[3, 20]])(
    "of %i are the whole list of %i, in every order",
    async (limit = 0, size = 0) => {
      const { data, seed } = await makeDataSet([size, size]);
      await checkPages(data, limit, seed);
    },
    60_000,
  );
});

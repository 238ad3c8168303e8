import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { models } from "../../src/models/all.ts";
import { type ReadModel, vocabularyOf } from "../../src/query/read-model.ts";
import { countingClient } from "../support/d1-binding.ts";
import {
  buildShape,
  clear,
  countSets,
  SHAPES,
  type ShapedDatabase,
  uuid,
} from "../support/shapes.ts";

// The rows that D1 reads for lists, on two shapes of data. D1's own numbers are exact, so that these tests do
// not depend on the machine.

/** How many sessions the databases have: COST_SIZE sets other numbers, with commas between them. */
const SIZES = (env.COST_SIZE || "1000").split(",").map(Number);

interface Viewer {
  readonly name: string;
  readonly token: string | undefined;
  /** How many project sets the viewer sees. */
  readonly sets: number;
}

async function viewersOf({ few, many }: ShapedDatabase): Promise<readonly Viewer[]> {
  const ofUser = (id: string) => `SELECT project_id FROM project_users WHERE user_id = '${id}'`;
  return [
    { name: "few", token: few.client.token, sets: await countSets(ofUser(few.id)) },
    { name: "many", token: many.client.token, sets: await countSets(ofUser(many.id)) },
    {
      name: "public",
      token: undefined,
      sets: await countSets("SELECT id FROM projects WHERE is_public"),
    },
  ];
}

const listed = models.filter(({ verbs }) => verbs.includes("list"));

const pathOf = (viewer: Viewer, { path }: { path: string }) =>
  `/api/${viewer.token === undefined ? "public" : "private"}${path}/`;

/** One request: its status, the rows that it read, and how many related ids its answer shows. */
async function read({ token }: Viewer, address: string) {
  const { client, cost } = countingClient(token);
  const { status, body } = await client.get(address);
  const ids = JSON.stringify(body).match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g) ?? [];
  return { status, body, rows: cost.rowsRead, trips: cost.roundTrips, ids: ids.length };
}

/** What the first page of a list may read, its count included. */
const allowed = ({ sets }: Viewer, ids: number) => 1_500 + 3 * sets + 3 * ids;

/** What sorting a thousand rows without an index reads. */
const SORTED = 3_000;

const isIndexed = ({ scope }: ReadModel, query: string) =>
  scope === undefined || Object.hasOwn(scope.orders, query.replace(/^sort\[\]=-?/, ""));

const sortsOf = (model: ReadModel) => vocabularyOf(model).sorts.flatMap((key) => [key, `-${key}`]);

describe.each(SHAPES)("with $name", (shape) => {
  test.each(SIZES)(
    "%i sessions: the first page of every list, in every order, reads no more than its bound",
    async (size) => {
      await clear();
      const database = await buildShape(shape, size);
      for (const viewer of await viewersOf(database)) {
        for (const model of listed) {
          if (viewer.token === undefined && !model.portals.includes("public")) continue;
          for (const query of ["", ...sortsOf(model).map((key) => `sort[]=${key}`)]) {
            const about = `${viewer.name} ${model.path} ${query}`;
            const answer = await read(viewer, `${pathOf(viewer, model)}?${query}`);
            // An order without an index is refused where more than a thousand rows would have to be sorted.
            if (answer.status !== 200) expect(answer.body.detail, about).toContain("would read");
            const sorted = isIndexed(model, query) ? 0 : SORTED;
            expect(answer.rows, about).toBeLessThanOrEqual(allowed(viewer, answer.ids) + sorted);
            expect(answer.trips, about).toBe(1);
          }
        }
      }
      await checkDeepPages(await viewersOf(database));
      await checkFilters(database, await viewersOf(database));
      await checkWorst(await viewersOf(database));
    },
    600_000,
  );
});

/** What a page at an offset may read beside what a first page may: it skips blocks of the list. */
const SKIPPED = 25_000 - 1_500;

/**
 * A page after a cursor reads what the first page reads, however deep it is. A page at an offset has a bound that
 * does not depend on the offset, nor on the number of rows before it.
 */
async function checkDeepPages(viewers: readonly Viewer[]): Promise<void> {
  for (const viewer of viewers) {
    const address = `${pathOf(viewer, { path: "/stem/session" })}`;
    const middle = `rat-${String(2 ** 31).padStart(10, "0")}`;
    const cursor = btoa(JSON.stringify(["", [middle]])).replace(/=+$/, "");
    const answer = await read(viewer, `${address}?after=${cursor}`);
    expect(answer.status).toBe(200);
    expect(answer.rows, viewer.name).toBeLessThanOrEqual(allowed(viewer, answer.ids));
    for (const model of listed) {
      if (viewer.token === undefined && !model.portals.includes("public")) continue;
      const { count } = (await read(viewer, `${pathOf(viewer, model)}?limit=1`)).body;
      for (const query of ["", ...sortsOf(model).map((key) => `sort[]=${key}`)]) {
        if (query !== "" && !isIndexed(model, query)) continue;
        for (const part of [0.05, 0.3, 0.5]) {
          const page = `${query}&offset=${Math.floor(count * part)}&limit=100`;
          const deep = await read(viewer, `${pathOf(viewer, model)}?${page}`);
          expect(deep.status).toBe(200);
          const most = allowed(viewer, deep.ids) + SKIPPED;
          expect(deep.rows, `${viewer.name} ${model.path} ${page}`).toBeLessThanOrEqual(most);
        }
      }
    }
  }
}

/** A filter that an index answers reads at most 25 rows for each row found beside what a page reads. */
async function checkFilters(
  { projects, storages }: ShapedDatabase,
  viewers: readonly Viewer[],
): Promise<void> {
  const session = { path: "/stem/session" };
  for (const viewer of viewers) {
    const first = await read(viewer, pathOf(viewer, session));
    const { id, name, dataacquisition } = first.body.sessions[0];
    const subjects = await read(viewer, pathOf(viewer, { path: "/stem/subject" }));
    const animal = subjects.body.subjects[0].name;
    const queries = [
      "filter{date_time.gte}=2010-01-01&filter{date_time.lt}=2010-02-01",
      "filter{created_date.gte}=2100-01-01",
      `filter{projects}=${projects[1]}`,
      `filter{projects.name.icontains}=project`,
      `filter{name}=${encodeURIComponent(name)}`,
      `filter{id}=${id}`,
      `filter{dataacquisition}=${dataacquisition[0]}`,
      `filter{datastorage}=${storages[1]}`,
      `filter{datastorage.name}=Disk 1`,
      `filter{subjects}=${uuid("a", 1)}`,
      `filter{subjects.name}=${animal}`,
      `filter{tags}=tag-3`,
      `filter{tags}=tag-3&sort[]=-date_time`,
      `filter{name.icontains}=${encodeURIComponent(name.slice(4, 12).toUpperCase())}`,
    ];
    for (const query of queries) {
      const answer = await read(viewer, `${pathOf(viewer, session)}?${query}`);
      const about = `${viewer.name} ${query}`;
      expect(answer.status, about).toBe(200);
      expect(answer.rows, about).toBeLessThanOrEqual(
        allowed(viewer, answer.ids) + 25 * answer.body.count,
      );
    }
    const records = { path: "/modules/dataacquisition" };
    for (const query of [
      `filter{session}=${id}`,
      `filter{session.name}=${encodeURIComponent(name)}`,
    ]) {
      const answer = await read(viewer, `${pathOf(viewer, records)}?${query}`);
      expect(answer.body.count, query).toBe(2);
      expect(answer.rows, `${viewer.name} ${query}`).toBeLessThanOrEqual(250);
    }
  }
}

/** The most rows that the contract lets one request read at a hundred thousand sessions. */
const MOST_READ = { stranger: 300_000, known: 1_000_000 };

/**
 * The dearest requests that the declarations allow: ten filters that no index answers, of every kind of field,
 * with a sort and all relations. A new field is tried here without a line for it.
 */
async function checkWorst(viewers: readonly Viewer[]): Promise<void> {
  for (const viewer of viewers) {
    for (const model of listed) {
      if (viewer.token === undefined && !model.portals.includes("public")) continue;
      const { filters, includes } = vocabularyOf(model);
      const dear = filters.map((path) => {
        const type = vocabularyOf(model).filterType(path.replace("<key>", "key"));
        const value = {
          text: "x",
          id: NOWHERE,
          instant: "1990-01-01",
          day: "1990-01-01",
          integer: "7",
          number: "7",
          boolean: "true",
          scalar: "x",
        }[type ?? "text"];
        return `filter{-${path.replace("<key>", "key")}}=${value}`;
      });
      const rest = `${includes.map((name) => `&include[]=${name}`).join("")}&limit=100&offset=50`;
      for (let first = 0; first < dear.length; first += 10) {
        const query = dear.slice(first, first + 10).join("&") + rest;
        const answer = await read(viewer, `${pathOf(viewer, model)}?${query}`);
        const about = `${viewer.name} ${model.path}?${query}: ${JSON.stringify(answer.body).slice(0, 200)}`;
        expect([200, 400], about).toContain(answer.status);
        const most = viewer.token === undefined ? MOST_READ.stranger : MOST_READ.known;
        expect(answer.rows, about).toBeLessThanOrEqual(most);
      }
    }
  }
}

const NOWHERE = "00000000-0000-4000-8000-000000000000";

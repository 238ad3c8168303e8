import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { type BuiltUser, buildProject, buildUser } from "../../support/builders.ts";
import { type SessionRow, sessionRow, writeSessions } from "../../support/session-rows.ts";

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly date_time: string | null;
}

// U+FF21 stands before U+1F400 by code point, and after it by UTF-16 unit.
const NAMES = ["Ａ", "🐀", "Z", "a", "ä", "B", "10", "9", "_", "é"];
const BY_CODE_POINT = ["10", "9", "B", "Z", "_", "a", "ä", "é", "Ａ", "🐀"];
const DATES = ["2023-03-20T15:30:00", null, "2023-03-20T15:30:00.000001", "0999-12-31T00:00:00"];

let user: BuiltUser;
let rows: readonly SessionRow[];

beforeAll(async () => {
  user = await buildUser();
  const projects = [(await buildProject({ users: { member: [user] } })).id];
  rows = NAMES.map((name, index) =>
    sessionRow({
      name,
      projects,
      dateTime: DATES[index % 4] ?? null,
      description: index < 5 ? "same" : "",
      createdDate: `2024-01-${10 + index}T00:00:00`,
      updatedDate: `2024-02-${28 - index}T00:00:00`,
    }),
  );
  await writeSessions(rows);
});

const list = async (query: string) => {
  const { status, body } = await user.client.get(`/api/private/stem/session/?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};

const names = async (query: string): Promise<string[]> =>
  (await list(query)).sessions.map(({ name }: Shown) => name);

describe("GET /api/private/stem/session/?sort[]=", () => {
  test("sorts by name, code point by code point, when nothing is asked", async () => {
    expect(await names("")).toEqual(BY_CODE_POINT);
    expect(await names("sort[]=name")).toEqual(BY_CODE_POINT);
  });

  test("turns round with a minus", async () => {
    expect(await names("sort[]=-name")).toEqual(BY_CODE_POINT.toReversed());
  });

  test("puts sessions without a date first, and last when turned round", async () => {
    const dates = (await list("sort[]=date_time")).sessions.map((one: Shown) => one.date_time);
    expect(dates).toEqual([
      null,
      null,
      null,
      "0999-12-31T00:00:00Z",
      "0999-12-31T00:00:00Z",
      "2023-03-20T15:30:00Z",
      "2023-03-20T15:30:00Z",
      "2023-03-20T15:30:00Z",
      "2023-03-20T15:30:00.000001Z",
      "2023-03-20T15:30:00.000001Z",
    ]);
    const turned = (await list("sort[]=-date_time")).sessions;
    expect(turned.map((one: Shown) => one.date_time)).toEqual(dates.toReversed());
  });

  test.each(["date_time", "-date_time", "description", "-description", "name_used_in_storage"])(
    "%s: the id breaks ties, in the direction of the key",
    async (key) => {
      const field = key.replace("-", "");
      const isDescending = key.startsWith("-");
      const { sessions } = await list(`sort[]=${key}`);
      for (const [index, one] of sessions.entries()) {
        const previous = sessions[index - 1];
        if (previous?.[field] === one[field]) {
          expect(previous.id < one.id).toBe(!isDescending);
        }
      }
    },
  );

  test("sorts by when a session was made and changed", async () => {
    expect(await names("sort[]=created_date")).toEqual(NAMES);
    expect(await names("sort[]=updated_date")).toEqual(NAMES.toReversed());
    expect(await names("sort[]=-created_date")).toEqual(NAMES.toReversed());
  });

  test("sorts by a second key within the first", async () => {
    const sorted = await names("sort[]=-description&sort[]=-name");
    expect(sorted.slice(0, 5).toSorted()).toEqual(NAMES.slice(0, 5).toSorted());
    expect(sorted).toEqual([
      ...BY_CODE_POINT.filter((name) => NAMES.indexOf(name) < 5).toReversed(),
      ...BY_CODE_POINT.filter((name) => NAMES.indexOf(name) >= 5).toReversed(),
    ]);
  });

  test("sorts by id", async () => {
    const { sessions } = await list("sort[]=-id");
    const ids = rows.map(({ id }) => id);
    expect(sessions.map(({ id }: Shown) => id)).toEqual(ids.toSorted().toReversed());
  });

  test.each(["projects", "tags", "extra_fields", "extra_fields.depth", "Name", ""])(
    "refuses %j with the keys that sort",
    async (key) => {
      const { status, body } = await user.client.get(`/api/private/stem/session/?sort[]=${key}`);
      expect(status).toBe(400);
      expect(body.detail).toContain(
        "id, name, description, date_time, name_used_in_storage, created_date, updated_date",
      );
    },
  );
});

describe("paging", () => {
  test("a list has the sessions first, then count, next, previous and meta", async () => {
    const body = await list("limit=4");
    expect(Object.keys(body)).toEqual(["sessions", "count", "next", "previous", "meta"]);
    expect(Object.keys(body.meta)).toEqual([
      "page",
      "per_page",
      "total_results",
      "total_pages",
      "cursor",
    ]);
    expect(body).toMatchObject({
      count: 10,
      next: "https://registry.example/api/private/stem/session/?limit=4&offset=4",
      previous: null,
      meta: { page: 1, per_page: 4, total_results: 10, total_pages: 3 },
    });
  });

  test("the last page has no next, and its previous leads back", async () => {
    const body = await list("limit=4&offset=8");
    expect(body.sessions).toHaveLength(2);
    expect(body.next).toBeNull();
    expect(body.previous).toBe(
      "https://registry.example/api/private/stem/session/?limit=4&offset=4",
    );
    expect(body.meta.page).toBe(3);
  });

  test("a page that ends with the last session has no next", async () => {
    expect((await list("limit=5&offset=5")).next).toBeNull();
    expect((await list("limit=10")).next).toBeNull();
  });

  test("the page before an odd offset starts at the first session", async () => {
    expect(new URL((await list("limit=4&offset=3")).previous).searchParams.get("offset")).toBe("0");
  });

  test("past the end there is an empty list, and the count stays", async () => {
    const body = await list("offset=1000");
    expect(body).toMatchObject({ sessions: [], count: 10, next: null });
    expect(body.previous).not.toBeNull();
    expect(await list("offset=999999999999999&limit=100")).toMatchObject({ sessions: [] });
  });

  test("an empty list has no pages", async () => {
    expect(await list("filter{name}=nothing")).toEqual({
      sessions: [],
      count: 0,
      next: null,
      previous: null,
      meta: { page: 1, per_page: 20, total_results: 0, total_pages: 0, cursor: null },
    });
  });

  test("next and previous keep the query, whatever is in it", async () => {
    const search = new URLSearchParams([
      ["filter{-name.icontains}", "50% & more + #1"],
      ["filter{-tags.in}", "å"],
      ["filter{-tags.in}", "🐀"],
      ["sort[]", "-date_time"],
      ["sort[]", "name"],
      ["include[]", "projects.*"],
      ["exclude[]", "description"],
      ["format", "json"],
    ]);
    const first = await list(`limit=3&${search}`);
    const next = new URL(first.next);
    search.append("limit", "3");
    search.append("offset", "3");
    expect([...next.searchParams].toSorted()).toEqual([...search].toSorted());
    const second = (await user.client.get(first.next)).body;
    expect([...new URL(second.previous).searchParams].toSorted()).toEqual(
      [...search].map(([name, value]) => [name, name === "offset" ? "0" : value]).toSorted(),
    );
    expect((await user.client.get(second.previous)).body.sessions).toEqual(first.sessions);
  });

  test("next keeps the path as it was asked, with and without its closing slash", async () => {
    const without = await user.client.get("/api/private/stem/session?limit=1");
    expect(new URL(without.body.next).pathname).toBe("/api/private/stem/session");
  });

  test.each(["limit=0", "limit=101", "limit=-1", "limit=ten", "offset=-1", "offset=1.5", "page=2"])(
    "%s is refused",
    async (query) => {
      const { status, body } = await user.client.get(`/api/private/stem/session/?${query}`);
      expect(status).toBe(400);
      expect(body.detail).toContain(query.slice(0, query.indexOf("=")));
    },
  );
});

describe("a cursor", () => {
  test("leads to the rows that follow, and the last page has none", async () => {
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const body = await list(`limit=4${cursor === null ? "" : `&after=${cursor}`}`);
      expect(body.count).toBe(10);
      names.push(...body.sessions.map(({ name }: { name: string }) => name));
      ({ cursor } = body.meta);
    } while (cursor !== null);
    expect(names).toEqual(BY_CODE_POINT);
  });

  test("has no page number, and its next goes on with a cursor", async () => {
    const { meta } = await list("limit=4");
    const body = await list(`limit=4&after=${meta.cursor}`);
    expect(body.meta).toMatchObject({ page: null, per_page: 4, total_results: 10 });
    expect(body.previous).toBeNull();
    const next = new URL(body.next).searchParams;
    expect(next.get("after")).toBe(body.meta.cursor);
    expect(next.has("offset")).toBe(false);
  });

  test.each([
    ["after=nothing", '"nothing" is not a cursor'],
    [`after=${btoa('["",[{}]]')}`, "is not a cursor"],
    [`after=${btoa('["",[]]')}`, "is not a cursor"],
    ["after=a&after=b", "give it once"],
    ["after=a&offset=3", "takes the place of offset"],
    [`after=${btoa('["-name",["x"]]')}`, "another sort[]"],
    [`search=session&after=${btoa('["",["x"]]')}`, "or search"],
  ])("%s is refused", async (query, message) => {
    const { status, body } = await user.client.get(`/api/private/stem/session/?${query}`);
    expect(status).toBe(400);
    expect(body.detail).toContain(message);
  });

  test("with other values than the list has is a place like any other", async () => {
    for (const values of ['["zzz"]', "[null]", "[5]", '["a","b","c"]']) {
      const text = btoa(`["",${values}]`).replace(/=+$/, "");
      const { status } = await user.client.get(`/api/private/stem/session/?after=${text}`);
      expect(status, values).toBe(200);
    }
  });

  test("meets a row that came before it no second time, and misses none that stays", async () => {
    const first = await list("limit=4");
    const [gone] = first.sessions;
    await env.DB.prepare("DELETE FROM sessions WHERE id = ?").bind(gone.id).run();
    const rest = await list(`limit=100&after=${first.meta.cursor}`);
    expect(rest.sessions.map(({ name }: { name: string }) => name)).toEqual(BY_CODE_POINT.slice(4));
  });
});

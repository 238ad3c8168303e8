import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { app } from "../../../src/app.ts";
import { buildBrowserSession, newBrowser, SESSION_COOKIE } from "../../support/browser.ts";
import { type BuiltUser, buildProject, buildUser } from "../../support/builders.ts";
import { ORIGIN } from "../../support/client.ts";
import { countedDatabase } from "../../support/d1-binding.ts";
import { sessionRow, writeSessions } from "../../support/session-rows.ts";

const PUBLIC = "/public/stem/session/";
const PRIVATE = "/private/stem/session/";
const MANY = 1_300;

/** An address of the API answers a browser that prefers HTML with a page. */
const JSON_ALONE = { Accept: "application/json" };

let user: BuiltUser;
let many: { readonly id: string };
let closed: { readonly id: string };

beforeAll(async () => {
  user = await buildUser();
  many = await buildProject({ name: "Many", isPublic: true });
  closed = await buildProject({ name: "Closed", users: { member: [user] } });
  await writeSessions([
    ...Array.from({ length: MANY }, (_, n) =>
      sessionRow({
        name: `many ${String(n).padStart(4, "0")}`,
        projects: [many.id],
        tags: ["a", `b${n}`],
      }),
    ),
    sessionRow({ name: "own", projects: [closed.id], description: "=1+1", extraFields: { n: -1 } }),
  ]);
});

const ofMany = () => `${PUBLIC}?filter{projects}=${many.id}`;

describe("a download", () => {
  test.each(["csv", "tsv"])(
    "in %s has all records that match, whichever page is shown",
    async (format) => {
      const { status, text, headers } = await newBrowser().open(
        `${ofMany()}&sort[]=-name&offset=40&limit=20&only[]=tags&format=${format}`,
      );
      expect(status).toBe(200);
      expect(headers.get("Content-Disposition")).toMatch(
        new RegExp(`^attachment; filename="sessions-\\d{4}-\\d\\d-\\d\\d\\.${format}"$`),
      );
      expect(headers.get("X-Total-Results")).toBe(String(MANY));
      expect(headers.get("Cache-Control")).toBe("no-store");
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      const lines = text.replace("\uFEFF", "").trimEnd().split("\r\n");
      const delimiter = format === "csv" ? "," : "\t";
      expect(lines[0]).toBe(["id", "tags"].join(delimiter));
      expect(lines).toHaveLength(MANY + 1);
      expect(lines[1]?.split(delimiter)[1]).toBe(`a; b${MANY - 1}`);
      expect(new Set(lines).size).toBe(MANY + 1);
    },
  );

  test("in JSON has the objects of the API", async () => {
    const { text } = await newBrowser().open(`${ofMany()}&format=json`);
    const { sessions } = JSON.parse(text);
    expect(sessions).toHaveLength(MANY);
    const answer = await newBrowser().open(`/api${ofMany()}&limit=100`, JSON_ALONE);
    expect(sessions.slice(0, 100)).toEqual(JSON.parse(answer.text).sessions);
  });

  test("in JSON has the fields of the API under only[], exclude[] and include[]", async () => {
    const browser = newBrowser();
    for (const selection of [
      "only[]=tags",
      "exclude[]=tags",
      "include[]=projects&only[]=projects",
    ]) {
      const query = `?filter{name}=many+0000&${selection}`;
      const { text } = await browser.open(`${PUBLIC}${query}&format=json`);
      const answer = JSON.parse((await browser.open(`/api${PUBLIC}${query}`, JSON_ALONE)).text);
      expect(JSON.parse(text).sessions).toEqual(answer.sessions);
    }
    const { text } = await browser.open(
      `${PUBLIC}?filter{name}=many+0000&exclude[]=tags&format=csv`,
    );
    expect(text.split("\r\n")[0]).not.toContain("tags");
  });

  test("has every field where no columns are chosen, and runs no formula", async () => {
    const { browser } = await buildBrowserSession(user);
    const { text } = await browser.open(`${PRIVATE}?filter{name}=own&format=csv`);
    const [heading = "", row = ""] = text.replace("\uFEFF", "").split("\r\n");
    const api = JSON.parse(
      (await browser.open(`/api${PRIVATE}?filter{name}=own`, JSON_ALONE)).text,
    );
    const names = heading.split(",").filter((name) => !name.includes("."));
    expect(names).toEqual(Object.keys(api.sessions[0]));
    expect(row).toContain(`,own,'=1+1,`);
    expect(row).toContain(`${closed.id},Closed,`);
    expect(row).toContain('"{""n"":-1}"');
  });

  test("has only what the caller may see", async () => {
    const { browser } = await buildBrowserSession(user);
    const { text } = await browser.open(`${PRIVATE}?format=json`);
    expect(JSON.parse(text).sessions.map(({ name }: { name: string }) => name)).toEqual(["own"]);
    expect((await newBrowser().open(`${PRIVATE}?format=json`)).location).toContain(
      "/account/sign-in/",
    );
  });

  test("reads in large batches, each of one round trip", async () => {
    const { binding, cost } = countedDatabase();
    await newBrowser({ bindings: { DB: binding } }).open(`${ofMany()}&format=csv`);
    expect(cost.roundTrips).toBe(2);
  });

  test("counts each batch against the limit of the caller", async () => {
    const bindings = { RATE_LIMIT_BY_ADDRESS: env.LIMIT_OF_THREE };
    const browser = newBrowser({ bindings });
    const from = { "CF-Connecting-IP": "192.0.2.77" };
    expect((await browser.open(`${ofMany()}&format=csv`, from)).status).toBe(200);
    expect((await browser.open(PUBLIC, from)).status).toBe(200);
    expect((await browser.open(PUBLIC, from)).status).toBe(429);
  });

  test("asks for less where records are too large for one batch", async () => {
    const large = await buildProject({ isPublic: true });
    await writeSessions(
      Array.from({ length: 180 }, (_, n) =>
        sessionRow({ name: `large ${n}`, projects: [large.id] }),
      ),
    );
    await env.DB.prepare(
      "UPDATE sessions SET description = hex(zeroblob(50000)) WHERE name LIKE 'large %'",
    ).run();
    const { text } = await newBrowser().open(`${PUBLIC}?filter{projects}=${large.id}&format=csv`);
    expect(text.match(/0{100000}/g)).toHaveLength(180);
  });

  test("of a search has every record, also those that a search does not count", async () => {
    const crowd = await buildProject({ isPublic: true });
    for (let first = 0; first < 10_200; first += 1_700) {
      await writeSessions(
        Array.from({ length: 1_700 }, (_, n) =>
          sessionRow({ name: `crowded ${first + n}`, projects: [crowd.id] }),
        ),
      );
    }
    const query = `${PUBLIC}?search=crowded`;
    expect((await newBrowser().open(query)).text).toContain("<strong>10,000+ sessions</strong>");
    const { text, headers } = await newBrowser().open(`${query}&only[]=name&format=json`);
    expect(headers.get("X-Total-Results")).toBeNull();
    const ids = JSON.parse(text).sessions.map(({ id }: { id: string }) => id);
    expect(ids).toHaveLength(10_200);
    expect(new Set(ids).size).toBe(10_200);
  });

  test("has no record twice, and every one that stays, when some come and go meanwhile", async () => {
    const busy = await buildProject({ isPublic: true });
    const rows = Array.from({ length: 1_200 }, (_, n) =>
      sessionRow({ name: `busy ${String(n).padStart(4, "0")}`, projects: [busy.id] }),
    );
    await writeSessions(rows);
    const request = new Request(`${ORIGIN}${PUBLIC}?filter{projects}=${busy.id}&format=csv`);
    const answer = await app.fetch(request, env, createExecutionContext());
    // The next batch is not asked for before this one has been taken.
    await env.DB.prepare("DELETE FROM sessions WHERE id = ?")
      .bind(rows[10]?.id ?? "")
      .run();
    await writeSessions([sessionRow({ name: "a busy one", projects: [busy.id] })]);
    const lines = (await answer.text()).trimEnd().split("\r\n").slice(1);
    expect(lines.map((line) => line.slice(0, 36))).toEqual(rows.map(({ id }) => id));
  });

  test("breaks off, and does not end as if it were whole, when the session ends meanwhile", async () => {
    const reader = await buildUser();
    const project = await buildProject({ users: { member: [reader] } });
    await env.DB.prepare("INSERT INTO project_sets (project_ids) VALUES (?)")
      .bind(JSON.stringify([project.id, many.id]))
      .run();
    await env.DB.prepare(
      `UPDATE sessions SET project_set_id = (SELECT id FROM project_sets WHERE project_ids = ?)
       WHERE name LIKE 'many %'`,
    )
      .bind(JSON.stringify([project.id, many.id]))
      .run();
    const { id, secret } = await buildBrowserSession(reader);
    const request = new Request(`${ORIGIN}${PRIVATE}?format=csv`, {
      headers: { Cookie: `${SESSION_COOKIE}=${secret}` },
    });
    const answer = await app.fetch(request, env, createExecutionContext());
    const body = answer.body?.getReader();
    // The next batch is not asked for before this one has been taken.
    await env.DB.prepare("DELETE FROM browser_sessions WHERE id = ?").bind(id).run();
    expect((await body?.read())?.done).toBe(false);
    await expect(
      (async () => {
        while (!(await body?.read())?.done);
      })(),
    ).rejects.toThrow("not signed in");
  });

  test.each([
    ["format=xlsx", 'format: "xlsx" is not offered; take one of csv, tsv, json.'],
    ["format=csv&filter{nmae}=1", 'filter{nmae}: unknown field "nmae".'],
  ])("is refused before it begins: %s", async (query, message) => {
    const answer = await newBrowser().open(`${PUBLIC}?${query}`, { Accept: "*/*" });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).detail).toContain(message);
  });

  test("has no body for HEAD", async () => {
    const request = new Request(`${ORIGIN}${PUBLIC}?format=csv`, { method: "HEAD" });
    const answer = await app.fetch(request, env, createExecutionContext());
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get("X-Total-Results"))).toBeGreaterThanOrEqual(MANY);
    expect(await answer.text()).toBe("");
  });
});

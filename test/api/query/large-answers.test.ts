import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { changeRecord } from "../../../scripts/operator/records.ts";
import { OPERATOR } from "../../../src/db/access.ts";
import { Connection } from "../../../src/db/connection.ts";
import { session } from "../../../src/models/session/session.ts";
import { type BuiltUser, buildProject, buildSession, buildUser } from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";
import { countingClient } from "../../support/d1-binding.ts";
import { sessionRow, writeSessions } from "../../support/session-rows.ts";

const MEBIBYTE = 1024 * 1024;

/** A description of so many bytes that one session is about half a mebibyte. */
const long = async (id: string, bytes = MEBIBYTE / 2) =>
  env.DB.prepare("UPDATE sessions SET description = ? WHERE id = ?")
    .bind("é".repeat(bytes / 2), id)
    .run();

let user: BuiltUser;
let project: { readonly id: string };
let ids: readonly string[];

beforeAll(async () => {
  user = await buildUser();
  project = await buildProject({ isPublic: true, users: { owner: [user] } });
  const rows = Array.from({ length: 40 }, () => sessionRow({ projects: [project.id] }));
  await writeSessions(rows);
  ids = rows.map(({ id }) => id);
  for (const id of ids) await long(id);
}, 60_000);

describe.each(["private", "public"])("a list in the %s portal", (portal) => {
  const path = `/api/${portal}/stem/session/`;

  test.each([
    ["a page", "limit=40"],
    ["a page under a filter that no index answers", "limit=40&filter{-tags}=none"],
    ["a page in another order", "limit=40&sort[]=-description"],
  ])("refuses %s of more than 16 MiB, and says how to ask for less", async (_what, query) => {
    const { client, cost } = countingClient(portal === "private" ? user.client.token : undefined);
    const { status, body } = await client.get(`${path}?${query}`);
    expect(status).toBe(400);
    for (const way of ["16 MiB", "limit", "include[]", "exclude[]"]) {
      expect(body.detail).toContain(way);
    }
    expect(cost.roundTrips).toBe(1);
  });

  test("gives what stays below", async () => {
    const client = portal === "private" ? user.client : clientFor();
    const { status, body, text } = await client.get(`${path}?limit=31`);
    expect(status).toBe(200);
    expect(body.sessions).toHaveLength(31);
    expect(new TextEncoder().encode(text).length).toBeLessThan(16 * MEBIBYTE);
    const light = await client.get(`${path}?limit=40&exclude[]=description`);
    expect(light.body.sessions).toHaveLength(40);
    const rest = await client.get(`${path}?limit=31&offset=31`);
    expect(rest.body.sessions).toHaveLength(9);
    expect(rest.body.count).toBe(40);
  });
});

describe("a history", () => {
  test("refuses a page of more than 16 MiB too", async () => {
    const built = await buildSession({ projects: [project] });
    await env.DB.prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       INSERT INTO history (date_time, action, model, record_id, projects, changes)
       SELECT '2026-01-01T00:00:00', 'change', 'session', ?, json_array(?),
         json_object('description', hex(zeroblob(?))) FROM numbers`,
    )
      .bind(20, built.id, project.id, MEBIBYTE / 2)
      .run();
    const address = `/api/private/stem/session/${built.id}/history/`;
    const { status, body } = await user.client.get(address);
    expect(status).toBe(400);
    expect(body.detail).toContain("16 MiB");
    expect((await user.client.get(`${address}?limit=10`)).body.history).toHaveLength(10);
    // What nobody has asked for is not too large.
    const misspelt = await user.client.get(`${address}?limt=10`);
    expect([misspelt.status, misspelt.body.detail]).toEqual([400, expect.stringContaining("limt")]);
  });
});

describe("a session with more records than the database puts together", () => {
  let id: string;

  beforeAll(async () => {
    ({ id } = await buildSession({ projects: [project] }));
    await env.DB.prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       INSERT INTO epochs (id, session_id, name, name_folded)
       SELECT printf('%08d', n) || '-0000-4000-8000-000000000000', ?, 'epoch', 'epoch' FROM numbers`,
    )
      .bind(220_000, id)
      .run();
  }, 60_000);

  test("is written all the same, and answered without its relations", async () => {
    const connection = new Connection(env.DB);
    const input = { description: "changed" };
    const answer = JSON.parse(await changeRecord(connection, OPERATOR, session, id, input));
    expect(answer).toMatchObject({ id, description: "changed", tags: [] });
    expect(answer).not.toHaveProperty("epochs");
    expect(connection.roundTrips).toBe(2);
  });

  test("is read without them, and refused with them", async () => {
    for (const address of [
      `/api/private/stem/session/${id}/?`,
      `/api/private/stem/session/?filter{id}=${id}&`,
      `/api/private/stem/project/${project.id}/sessions/?filter{id}=${id}&`,
    ]) {
      const { status, body } = await user.client.get(address);
      expect([status, body.detail]).toEqual([400, expect.stringContaining("exclude[]")]);
      expect((await user.client.get(`${address}exclude[]=epochs`)).status).toBe(200);
    }
  });

  test("says so to a change that names the state that it read", async () => {
    const { status, body } = await user.client.send(
      "PATCH",
      `/api/private/stem/session/${id}/`,
      { description: "again" },
      { "If-Match": '"tag"' },
    );
    expect([status, body.detail]).toEqual([400, expect.stringContaining("If-Match")]);
  });
});

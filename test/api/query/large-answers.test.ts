import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { type BuiltUser, buildProject, buildUser } from "../../support/builders.ts";
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

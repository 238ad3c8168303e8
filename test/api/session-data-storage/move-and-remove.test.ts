import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { buildUser } from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";
import {
  ASSOCIATIONS,
  buildOrderedSession,
  type OrderedSession,
  SESSIONS,
} from "../../support/ordered-session.ts";

const NO_ID = "00000000-0000-4000-8000-000000000000";

const pathOf = ({ associations }: OrderedSession, letter: string) =>
  `${ASSOCIATIONS}${associations[letter]}/`;

const lower = (table: string, column: string, id: string | undefined, user: string) =>
  env.DB.prepare(`UPDATE ${table} SET level = 1 WHERE ${column} = ? AND user_id = ?`)
    .bind(id ?? "", user)
    .run();

describe("PATCH /api/private/stem/sessiondatastorage/{id}/", () => {
  test.each([
    ["A", 0, 0, "ABCD"],
    ["A", 1, 1, "BACD"],
    ["A", 3, 3, "BCDA"],
    ["A", 99, 3, "BCDA"],
    ["B", 0, 0, "BACD"],
    ["B", 2, 2, "ACBD"],
    ["D", 0, 0, "DABC"],
    ["D", 2, 2, "ABDC"],
    ["D", 3, 3, "ABCD"],
    ["C", Number.MAX_SAFE_INTEGER, 3, "ABDC"],
  ])("moves %s to %i, where it stands at %i: %s", async (letter, order, place, all) => {
    const ordered = await buildOrderedSession("ABCD");
    const answer = await ordered.client.patch(pathOf(ordered, letter), { order });
    expect(answer.status).toBe(200);
    expect(answer.body.sessiondatastorage).toEqual({
      id: ordered.associations[letter],
      session: ordered.id,
      datastorage: ordered.storages[letter],
      order: place,
    });
    expect(await ordered.readOrder()).toBe(all);
    const { body } = await ordered.client.get(`${SESSIONS}${ordered.id}/`);
    expect(body.session.datastorage).toEqual([...all].map((key) => ordered.storages[key]));
  });

  test("moves rightly after others have gone and come", async () => {
    const ordered = await buildOrderedSession("ABCD");
    await ordered.client.delete(pathOf(ordered, "B"));
    expect(await ordered.readOrder()).toBe("ACD");
    await ordered.client.patch(pathOf(ordered, "D"), { order: 1 });
    expect(await ordered.readOrder()).toBe("ADC");
    await ordered.client.post(ASSOCIATIONS, {
      session: ordered.id,
      datastorage: ordered.storages.B,
      order: 2,
    });
    expect(await ordered.readOrder()).toBe("ADBC");
  });

  test("without an order changes nothing, and takes back what was read", async () => {
    const ordered = await buildOrderedSession("ABC");
    const { body } = await ordered.client.get(pathOf(ordered, "B"));
    for (const sent of [{}, body.sessiondatastorage]) {
      expect(await ordered.client.patch(pathOf(ordered, "B"), sent)).toMatchObject({
        status: 200,
        body,
      });
    }
    expect(await ordered.readOrder()).toBe("ABC");
  });

  test("never changes the session or the storage of an association", async () => {
    const ordered = await buildOrderedSession("AB");
    const other = await buildOrderedSession("C");
    for (const [field, value] of [
      ["datastorage", ordered.storages.E],
      ["session", other.id],
      ["session", NO_ID],
    ] as const) {
      const answer = await ordered.client.patch(pathOf(ordered, "A"), { [field]: value, order: 1 });
      expect(answer.status).toBe(400);
      expect(Object.keys(answer.body)).toEqual([field]);
    }
    expect(await ordered.readOrder()).toBe("AB");
  });

  test.each([[-1], [0.5], ["0"], [null], [[]], [{}]])("refuses the order %j", async (order) => {
    const ordered = await buildOrderedSession("AB");
    const answer = await ordered.client.patch(pathOf(ordered, "A"), { order });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body)).toEqual(["order"]);
  });

  test("needs change_project and change_datastorage", async () => {
    const ordered = await buildOrderedSession("AB");
    await lower("data_storage_users", "data_storage_id", ordered.storages.A, ordered.user.id);
    const storage = await ordered.client.patch(pathOf(ordered, "A"), { order: 1 });
    expect(storage.status).toBe(403);
    expect(storage.body.detail).toContain("change_datastorage");
    expect((await ordered.client.patch(pathOf(ordered, "B"), { order: 0 })).status).toBe(200);
    await lower("project_users", "project_id", ordered.projectId, ordered.user.id);
    const project = await ordered.client.patch(pathOf(ordered, "B"), { order: 1 });
    expect(project.status).toBe(403);
    expect(project.body.detail).toContain(`change_project on project ${ordered.projectId}`);
  });

  test("is checked in order: 401, 404 or 403, the body", async () => {
    const ordered = await buildOrderedSession("AB");
    const { client } = await buildUser();
    const wrong = { order: -1 };
    expect((await clientFor("bst_no").patch(pathOf(ordered, "A"), wrong)).status).toBe(401);
    expect((await client.patch(`${ASSOCIATIONS}${NO_ID}/`, wrong)).status).toBe(404);
    expect((await client.patch(`${ASSOCIATIONS}x/`, wrong)).status).toBe(404);
    expect((await client.patch(pathOf(ordered, "A"), wrong)).status).toBe(403);
    expect((await ordered.client.patch(pathOf(ordered, "A"), wrong)).status).toBe(400);
  });
});

describe("DELETE /api/private/stem/sessiondatastorage/{id}/", () => {
  test.each([
    ["A", "BCD"],
    ["B", "ACD"],
    ["D", "ABC"],
  ])("removes %s, the others closing ranks: %s", async (letter, all) => {
    const ordered = await buildOrderedSession("ABCD");
    const answer = await ordered.client.delete(pathOf(ordered, letter));
    expect(answer).toMatchObject({ status: 204, text: "" });
    expect(await ordered.readOrder()).toBe(all);
    expect((await ordered.client.delete(pathOf(ordered, letter))).status).toBe(404);
  });

  test("leaves the session and the storage where they are", async () => {
    const ordered = await buildOrderedSession("A");
    await ordered.client.delete(pathOf(ordered, "A").slice(0, -1));
    const { body } = await ordered.client.get(`${SESSIONS}${ordered.id}/`);
    expect(body.session.datastorage).toEqual([]);
    const storage = await env.DB.prepare("SELECT id FROM data_storages WHERE id = ?")
      .bind(ordered.storages.A ?? "")
      .first("id");
    expect(storage).toBe(ordered.storages.A);
  });

  test("needs change_project and change_datastorage", async () => {
    const ordered = await buildOrderedSession("AB");
    await lower("data_storage_users", "data_storage_id", ordered.storages.A, ordered.user.id);
    expect((await ordered.client.delete(pathOf(ordered, "A"))).status).toBe(403);
    await lower("project_users", "project_id", ordered.projectId, ordered.user.id);
    expect((await ordered.client.delete(pathOf(ordered, "B"))).status).toBe(403);
    expect(await ordered.readOrder()).toBe("AB");
  });
});

describe("moves and removals that race", () => {
  test("leave a dense order of what is left", async () => {
    const ordered = await buildOrderedSession("ABCDE");
    const answers = await Promise.all([
      ...[..."ABCDE"].flatMap((letter, index) => [
        ordered.client.patch(pathOf(ordered, letter), { order: 4 - index }),
        ordered.client.patch(pathOf(ordered, letter), { order: index }),
      ]),
      ordered.client.delete(pathOf(ordered, "C")),
      ordered.client.delete(pathOf(ordered, "E")),
    ]);
    for (const { status } of answers) expect([200, 204, 404]).toContain(status);
    expect([...(await ordered.readOrder())].sort().join("")).toBe("ABD");
  });
});

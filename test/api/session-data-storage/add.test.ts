import { beforeAll, describe, expect, test } from "vitest";
import { buildDataStorage, buildProject, buildSession, buildUser } from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";
import {
  ASSOCIATIONS,
  buildOrderedSession,
  type OrderedSession,
} from "../../support/ordered-session.ts";

const NO_ID = "00000000-0000-4000-8000-000000000000";
const ABSENT = `Invalid pk "${NO_ID}" - object does not exist.`;

const add = ({ client, id, storages }: OrderedSession, letter: string, more: object = {}) =>
  client.post(ASSOCIATIONS, { session: id, datastorage: storages[letter], ...more });

describe("POST /api/private/stem/sessiondatastorage/", () => {
  test("adds at the end, and answers 201 with the association", async () => {
    const ordered = await buildOrderedSession("AB");
    const answer = await add(ordered, "C");
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      sessiondatastorage: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        session: ordered.id,
        datastorage: ordered.storages.C,
        order: 2,
      },
    });
    expect(await ordered.readOrder()).toBe("ABC");
  });

  test("adds the first", async () => {
    const ordered = await buildOrderedSession("");
    expect((await add(ordered, "D")).body.sessiondatastorage.order).toBe(0);
    expect(await ordered.readOrder()).toBe("D");
  });

  test.each([
    [0, 0, "DABC"],
    [1, 1, "ADBC"],
    [3, 3, "ABCD"],
    [4, 3, "ABCD"],
    [1_000_000, 3, "ABCD"],
    [Number.MAX_SAFE_INTEGER, 3, "ABCD"],
  ])("at %i it stands at %i, the others moving up: %s", async (order, place, all) => {
    const ordered = await buildOrderedSession("ABC");
    const answer = await add(ordered, "D", { order });
    expect(answer).toMatchObject({ status: 201, body: { sessiondatastorage: { order: place } } });
    expect(await ordered.readOrder()).toBe(all);
  });

  test("answers without the closing slash, ignores an id and takes capital letters", async () => {
    const ordered = await buildOrderedSession("");
    const answer = await ordered.client.post(ASSOCIATIONS.slice(0, -1), {
      id: NO_ID,
      session: ordered.id.toUpperCase(),
      datastorage: ordered.storages.A?.toUpperCase(),
    });
    expect(answer.status).toBe(201);
    expect(answer.body.sessiondatastorage.id).not.toBe(NO_ID);
    expect(answer.body.sessiondatastorage.session).toBe(ordered.id);
  });

  test("refuses a pair that exists already", async () => {
    const ordered = await buildOrderedSession("AB");
    const answer = await add(ordered, "A", { order: 0 });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ datastorage: [expect.stringContaining("already")] });
    expect(await ordered.readOrder()).toBe("AB");
  });

  test("gives a session no more storages than a list of them may name", async () => {
    const user = await buildUser();
    const project = await buildProject({ users: { contributor: [user] } });
    const dataStorages = await Promise.all(
      Array.from({ length: 101 }, () => buildDataStorage({ users: { contributor: [user] } })),
    );
    const last = dataStorages.pop();
    const session = await buildSession({ projects: [project], dataStorages });
    const sent = { session: session.id, datastorage: last?.id };
    const answer = await user.client.post(ASSOCIATIONS, sent);
    expect([answer.status, answer.body]).toEqual([
      400,
      { datastorage: ["This session has 100 data storages, and can have no more."] },
    ]);
    const stranger = await buildUser();
    expect((await stranger.client.post(ASSOCIATIONS, sent)).status).toBe(403);
    await user.client.delete(`${ASSOCIATIONS}${session.associationIds[0]}/`);
    expect((await user.client.post(ASSOCIATIONS, sent)).status).toBe(201);
  });

  describe("refuses what does not fit", () => {
    let ordered: OrderedSession;

    beforeAll(async () => {
      ordered = await buildOrderedSession("A");
    });

    test.each([
      ["session", undefined, "This field is required."],
      ["session", null, "This field may not be null."],
      ["session", "x", '"x" is not a valid UUID.'],
      ["session", NO_ID, ABSENT],
      ["datastorage", undefined, "This field is required."],
      ["datastorage", ["x"], "Expected an id as a string"],
      ["datastorage", NO_ID, ABSENT],
      ["order", -1, "greater than or equal to 0"],
      ["order", 0.5, "A valid integer is required"],
      ["order", "1", "A valid integer is required"],
      ["order", true, "A valid integer is required"],
      ["order", null, "This field may not be null."],
      ["order", 1e300, ""],
      ["position", 1, "Unknown field"],
    ])("%s: %j", async (field, value, message) => {
      const answer = await add(ordered, "B", { [field]: value });
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({ [field]: [expect.stringContaining(message)] });
      expect(await ordered.readOrder()).toBe("A");
    });
  });

  test("needs change_project on every project of the session", async () => {
    const { client, user, storages } = await buildOrderedSession();
    const mine = await buildProject({ users: { contributor: [user] } });
    const seen = await buildProject({ users: { member: [user] } });
    const { id } = await buildSession({ projects: [mine, seen] });
    const answer = await client.post(ASSOCIATIONS, { session: id, datastorage: storages.A });
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain(`change_project on project ${seen.id}`);
    expect(answer.text).not.toContain(mine.id);
  });

  test("needs change_datastorage on the storage", async () => {
    const { client, user, id } = await buildOrderedSession();
    const storage = await buildDataStorage({ users: { member: [user] } });
    const answer = await client.post(ASSOCIATIONS, { session: id, datastorage: storage.id });
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain(`change_datastorage on data storage ${storage.id}`);
  });

  test("does not tell an outsider which storages a session has", async () => {
    const ordered = await buildOrderedSession("A");
    const outsider = await buildUser();
    const [has, hasNot] = await Promise.all(
      ["A", "B"].map((letter) =>
        outsider.client.post(ASSOCIATIONS, {
          session: ordered.id,
          datastorage: ordered.storages[letter],
        }),
      ),
    );
    const told = (text = "", letter = "") => text.replaceAll(ordered.storages[letter] ?? "", "…");
    expect(has?.status).toBe(403);
    expect(told(has?.text, "A")).toBe(told(hasNot?.text, "B"));
  });

  test("is checked in order: 401, the body, what it refers to, the permissions", async () => {
    const ordered = await buildOrderedSession("A");
    const { client } = await buildUser();
    const body = { session: ordered.id, datastorage: ordered.storages.B };
    expect((await clientFor("bst_no").post(ASSOCIATIONS, {})).status).toBe(401);
    expect((await client.post(ASSOCIATIONS, { ...body, order: -1 })).status).toBe(400);
    expect((await client.post(ASSOCIATIONS, { ...body, session: NO_ID })).status).toBe(400);
    expect((await client.post(ASSOCIATIONS, body)).status).toBe(403);
  });

  test("many at once give each its own place; the same pair only one", async () => {
    const ordered = await buildOrderedSession("A");
    const answers = await Promise.all(
      [..."BBCCDDEE"].map((letter) => add(ordered, letter, letter === "C" ? { order: 0 } : {})),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(4).fill(201), ...Array(4).fill(400)]);
    const order = await ordered.readOrder();
    expect([...order].sort().join("")).toBe("ABCDE");
  });
});

import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { buildUser } from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";
import { interruptedClient } from "../../support/d1-binding.ts";
import {
  ASSOCIATIONS,
  buildOrderedSession,
  type OrderedSession,
  SESSIONS,
} from "../../support/ordered-session.ts";

const PATH = `${ASSOCIATIONS}reorder/`;
const NO_ID = "00000000-0000-4000-8000-000000000000";

const bodyOf = ({ id, storages }: OrderedSession, letters: string) => ({
  session: id,
  datastorage: [...letters].map((letter) => storages[letter]),
});

const reorder = (ordered: OrderedSession, letters: string) =>
  ordered.client.post(PATH, bodyOf(ordered, letters));

describe("POST /api/private/stem/sessiondatastorage/reorder/", () => {
  test("sets the whole order at once and answers with the list", async () => {
    const ordered = await buildOrderedSession("ABCD");
    const answer = await reorder(ordered, "DBAC");
    expect(answer.status).toBe(200);
    expect(answer.body.sessiondatastorages).toEqual(
      [..."DBAC"].map((letter, order) => ({
        id: ordered.associations[letter],
        session: ordered.id,
        datastorage: ordered.storages[letter],
        order,
      })),
    );
    expect(answer.body.count).toBe(4);
    expect(await ordered.readOrder()).toBe("DBAC");
    const { body } = await ordered.client.get(`${SESSIONS}${ordered.id}/`);
    expect(body.session.datastorage).toEqual(bodyOf(ordered, "DBAC").datastorage);
  });

  test("answers without the closing slash, and for a session without storages", async () => {
    const ordered = await buildOrderedSession("");
    const answer = await ordered.client.post(PATH.slice(0, -1), bodyOf(ordered, ""));
    expect(answer).toMatchObject({ status: 200, body: { sessiondatastorages: [], count: 0 } });
  });

  test("works after associations have gone and come", async () => {
    const ordered = await buildOrderedSession("ABCD");
    await ordered.client.delete(`${ASSOCIATIONS}${ordered.associations.B}/`);
    await ordered.client.post(ASSOCIATIONS, {
      session: ordered.id,
      datastorage: ordered.storages.E,
      order: 0,
    });
    expect(await ordered.readOrder()).toBe("EACD");
    expect((await reorder(ordered, "DCAE")).status).toBe(200);
    expect(await ordered.readOrder()).toBe("DCAE");
  });

  test.each(["", "A", "AB", "ABCD", "ABD"])(
    "refuses %j where the storages are ABC, and changes nothing",
    async (letters) => {
      const ordered = await buildOrderedSession("ABC");
      const answer = await reorder(ordered, letters);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({ datastorage: [expect.stringContaining("exactly")] });
      expect(await ordered.readOrder()).toBe("ABC");
    },
  );

  test.each([
    [{ session: NO_ID }, "session", `Invalid pk "${NO_ID}" - object does not exist.`],
    [{ session: undefined }, "session", "This field is required."],
    [{ datastorage: undefined }, "datastorage", "This field is required."],
    [{ datastorage: "x" }, "datastorage", "Expected a list of items"],
    [{ datastorage: ["x"] }, "datastorage", 'item 1: "x" is not a valid UUID.'],
    [{ order: 1 }, "order", "Unknown field"],
  ])("refuses %j", async (part, field, message) => {
    const ordered = await buildOrderedSession("AB");
    const answer = await ordered.client.post(PATH, { ...bodyOf(ordered, "BA"), ...part });
    expect(answer.status).toBe(400);
    expect(answer.body[field]).toEqual([expect.stringContaining(message)]);
    expect(await ordered.readOrder()).toBe("AB");
  });

  test("needs change_project, and tells an outsider nothing of the storages", async () => {
    const ordered = await buildOrderedSession("AB");
    const { client } = await buildUser();
    const right = await client.post(PATH, bodyOf(ordered, "BA"));
    const wrong = await client.post(PATH, bodyOf(ordered, "BC"));
    expect([right.status, wrong.status]).toEqual([403, 403]);
    expect(right.text.replaceAll(ordered.storages.A ?? "", "…")).toBe(
      wrong.text.replaceAll(ordered.storages.C ?? "", "…"),
    );
    expect((await clientFor("bst_no").post(PATH, {})).status).toBe(401);
    expect(await ordered.readOrder()).toBe("AB");
  });

  test("while a storage comes or goes, is a 400 that changes nothing", async () => {
    const ordered = await buildOrderedSession("AB");
    const adding = interruptedClient(ordered.client.token, () =>
      ordered.client.post(ASSOCIATIONS, { session: ordered.id, datastorage: ordered.storages.C }),
    );
    expect((await adding.post(PATH, bodyOf(ordered, "BA"))).status).toBe(400);
    expect(await ordered.readOrder()).toBe("ABC");
    const removing = interruptedClient(ordered.client.token, () =>
      ordered.client.delete(`${ASSOCIATIONS}${ordered.associations.A}/`),
    );
    expect((await removing.post(PATH, bodyOf(ordered, "CBA"))).status).toBe(400);
    expect(await ordered.readOrder()).toBe("BC");
  });

  test("while the session goes, is a 400", async () => {
    const ordered = await buildOrderedSession("AB");
    const client = interruptedClient(ordered.client.token, () =>
      env.DB.prepare("DELETE FROM sessions WHERE id = ?").bind(ordered.id).run(),
    );
    const answer = await client.post(PATH, bodyOf(ordered, "BA"));
    expect(answer.status).toBe(400);
    expect(answer.body.session).toEqual([expect.stringContaining("object does not exist")]);
  });

  test("many at once leave one of the orders that were sent", async () => {
    const ordered = await buildOrderedSession("ABCDE");
    const orders = ["EDCBA", "ABCDE", "CADBE", "BACED"];
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => reorder(ordered, orders[index % 4] ?? "")),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(orders).toContain(await ordered.readOrder());
  });
});

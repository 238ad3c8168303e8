import { beforeAll, describe, expect, test } from "vitest";
import { buildSession, buildUser } from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";
import {
  ASSOCIATIONS,
  buildOrderedSession,
  type OrderedSession,
  SESSIONS,
} from "../../support/ordered-session.ts";

const NO_ID = "00000000-0000-4000-8000-000000000000";

let ordered: OrderedSession;

beforeAll(async () => {
  ordered = await buildOrderedSession("CAB");
});

describe("GET /api/private/stem/sessiondatastorage/", () => {
  test("lists the associations of visible sessions by session, then order", async () => {
    const { client, id, projectId, storages } = ordered;
    const second = await buildSession({
      projects: [{ id: projectId }],
      dataStorages: [{ id: storages.B ?? "" }],
    });
    const { body } = await client.get(ASSOCIATIONS);
    expect(body.count).toBe(4);
    expect(Object.keys(body.sessiondatastorages[0])).toEqual([
      "id",
      "session",
      "datastorage",
      "order",
    ]);
    const sessions = [id, second.id].sort();
    const expected = sessions.flatMap((session) =>
      (session === id ? ["C", "A", "B"] : ["B"]).map((letter, order) => ({
        id: session === id ? ordered.associations[letter] : second.associationIds[0],
        session,
        datastorage: storages[letter],
        order,
      })),
    );
    expect(body.sessiondatastorages).toEqual(expected);
  });

  test.each([
    ["session", "session", 3],
    ["datastorage", "datastorage", 1],
    ["session and order", "session order", 1],
  ])("filters by %s", async (_, fields, count) => {
    const values: Record<string, string> = {
      session: ordered.id,
      datastorage: ordered.storages.A ?? "",
      order: "2",
    };
    const filters = fields.split(" ").map((field) => `filter{${field}}=${values[field]}`);
    const { body } = await ordered.client.get(`${ASSOCIATIONS}?${filters.join("&")}`);
    expect(body.count).toBe(count);
    expect(body.sessiondatastorages).toHaveLength(count);
  });

  test("agrees with the session's own list", async () => {
    const { body } = await ordered.client.get(`${SESSIONS}${ordered.id}/`);
    expect(body.session.datastorage).toEqual(["C", "A", "B"].map((key) => ordered.storages[key]));
    expect(await ordered.readOrder()).toBe("CAB");
  });

  test("refuses a filter or a value that there is not", async () => {
    for (const query of ["filter{name}=x", "filter{order}=x", "filter{session}=x", "order=1"]) {
      expect((await ordered.client.get(`${ASSOCIATIONS}?${query}`)).status).toBe(400);
    }
  });
});

describe("GET /api/private/stem/sessiondatastorage/{id}/", () => {
  test("shows one association, with and without the closing slash", async () => {
    const id = ordered.associations.B;
    for (const path of [`${ASSOCIATIONS}${id}/`, `${ASSOCIATIONS}${id}?format=json`]) {
      const answer = await ordered.client.get(path);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        sessiondatastorage: {
          id,
          session: ordered.id,
          datastorage: ordered.storages.B,
          order: 2,
        },
      });
    }
  });

  test("is a 404 for what does not exist or is no id, and a 403 out of sight", async () => {
    const { client } = await buildUser();
    expect((await client.get(`${ASSOCIATIONS}${NO_ID}/`)).status).toBe(404);
    expect((await client.get(`${ASSOCIATIONS}x/`)).status).toBe(404);
    const hidden = await client.get(`${ASSOCIATIONS}${ordered.associations.A}/`);
    expect(hidden.status).toBe(403);
    expect(hidden.text).not.toContain(ordered.id);
    expect(hidden.text).not.toContain(ordered.storages.A);
  });
});

describe("the methods of /api/private/stem/sessiondatastorage/", () => {
  test.each([
    [ASSOCIATIONS, "PUT", "GET, POST, HEAD, OPTIONS"],
    [`${ASSOCIATIONS}${NO_ID}/`, "PUT", "GET, PATCH, DELETE, HEAD, OPTIONS"],
    [`${ASSOCIATIONS}reorder/`, "GET", "POST, OPTIONS"],
    [`${ASSOCIATIONS}reorder`, "DELETE", "POST, OPTIONS"],
  ])("%s refuses %s and says what is allowed", async (path, method, allow) => {
    const answer = await clientFor().send(method, path);
    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")).toBe(allow);
    expect((await clientFor().send("OPTIONS", path)).headers.get("Allow")).toBe(allow);
  });

  test("are not offered in the public portal", async () => {
    for (const method of ["GET", "POST"]) {
      const answer = await clientFor().send(method, "/api/public/stem/sessiondatastorage/");
      expect(answer.status).toBe(404);
    }
  });
});

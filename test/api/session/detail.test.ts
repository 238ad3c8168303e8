import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import {
  buildDataStorage,
  buildLab,
  buildProject,
  buildSession,
  buildUser,
} from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";

const PATH = "/api/private/stem/session/";
const PUBLIC_PATH = "/api/public/stem/session/";
const NO_ID = "00000000-0000-4000-8000-000000000000";

const MALFORMED_IDS = [
  "x",
  "1",
  "1a827c6819b44cec8ae5e13c8f1de900",
  "{1a827c68-19b4-4cec-8ae5-e13c8f1de900}",
  "1a827c68-19b4-4cec-8ae5-e13c8f1de900%20",
  "%00",
  "%FF",
  "%E0%A4%A",
  "%2F",
  "'%20OR%201=1--",
  "🧠",
  "x".repeat(5000),
];

describe("GET /api/private/stem/session/{id}/", () => {
  test("answers with the session, with and without the closing slash", async () => {
    const lab = await buildLab();
    const session = await buildSession({ projects: [lab.project], dataStorages: [lab.storage] });
    for (const path of [`${PATH}${session.id}/`, `${PATH}${session.id}`]) {
      const answer = await lab.client.get(path);
      expect(answer.status).toBe(200);
      expect(Object.keys(answer.body)).toEqual(["session"]);
      expect(answer.body.session).toMatchObject({
        id: session.id,
        name: session.name,
        projects: [lab.project.id],
        datastorage: [lab.storage.id],
      });
    }
  });

  test("takes ?format=json and an id in capital letters", async () => {
    const lab = await buildLab();
    const { id } = await buildSession({ projects: [lab.project] });
    const answer = await lab.client.get(`${PATH}${id.toUpperCase()}/?format=json`);
    expect(answer).toMatchObject({ status: 200, body: { session: { id } } });
  });

  test("HEAD answers as GET does, without the body", async () => {
    const lab = await buildLab();
    const { id } = await buildSession({ projects: [lab.project] });
    expect(await lab.client.send("HEAD", `${PATH}${id}`)).toMatchObject({ status: 200, text: "" });
    expect(await lab.client.send("HEAD", `${PATH}${NO_ID}`)).toMatchObject({
      status: 404,
      text: "",
    });
  });

  test("shows the ids of module records in their order, those without one last", async () => {
    const lab = await buildLab();
    const { id } = await buildSession({ projects: [lab.project] });
    const places = [null, 2, 0] as const;
    const ids = places.map(() => crypto.randomUUID());
    const kinds = [
      ["epochs", "name, name_folded", "'e', 'e'"],
      ["data_acquisitions", "type", "'Other'"],
      ["behaviors", "setup, behavioralassay", `'${NO_ID}', '${NO_ID}'`],
      ["manipulations", "type", "'Other'"],
    ] as const;
    for (const [table, columns, values] of kinds) {
      const insert = `INSERT INTO ${table} (id, session_id, position, ${columns})
        VALUES (?, ?, ?, ${values})`;
      await env.DB.batch(
        ids.map((recordId, index) =>
          env.DB.prepare(insert).bind(recordId, id, places[index] ?? null),
        ),
      );
    }
    const { body } = await lab.client.get(`${PATH}${id}/`);
    const inOrder = [ids[2], ids[1], ids[0]];
    expect(body.session).toMatchObject({
      epochs: inOrder,
      dataacquisition: inOrder,
      behaviors: inOrder,
      manipulations: inOrder,
    });
  });

  test("is a 404 for what does not exist", async () => {
    const { client } = await buildUser();
    const answer = await client.get(`${PATH}${NO_ID}/`);
    expect(answer).toMatchObject({ status: 404, body: { detail: "Not found." } });
  });

  test.each(MALFORMED_IDS)("is a 404 for the malformed id %j, whatever the method", async (id) => {
    const { client } = await buildUser();
    for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
      const body = method === "GET" || method === "DELETE" ? undefined : {};
      const answer = await client.send(method, `${PATH}${id}/`, body);
      expect(answer).toMatchObject({ status: 404, body: { detail: "Not found." } });
    }
  });

  test("is a 403 out of sight that names the permission and nothing of the session", async () => {
    const { client } = await buildUser();
    const project = await buildProject();
    const storage = await buildDataStorage();
    const session = await buildSession({ projects: [project], dataStorages: [storage] });
    const answer = await client.get(`${PATH}${session.id}/`);
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.body)).toEqual(["detail"]);
    expect(answer.body.detail).toContain("view_project");
    for (const secret of [session.name, project.id, storage.id]) {
      expect(answer.text).not.toContain(secret);
    }
  });

  test("membership of one project of several is enough", async () => {
    const { client, project } = await buildLab();
    const other = await buildProject();
    const { id } = await buildSession({ projects: [other, project] });
    const { body } = await client.get(`${PATH}${id}/`);
    expect(body.session.projects).toEqual([other.id, project.id]);
  });

  test("a wrong query is a 400, after the 401, the 404 and the 403", async () => {
    const { client, project } = await buildLab();
    const mine = await buildSession({ projects: [project] });
    const foreign = await buildSession({ projects: [await buildProject()] });
    const status = async (of: typeof client, id: string) =>
      (await of.get(`${PATH}${id}/?nonsense=1`)).status;
    expect(await status(clientFor("bst_unknown"), mine.id)).toBe(401);
    expect(await status(client, NO_ID)).toBe(404);
    expect(await status(client, foreign.id)).toBe(403);
    expect(await status(client, mine.id)).toBe(400);
  });
});

describe("GET /api/public/stem/session/{id}/", () => {
  test("shows a session in a public project, without what is not public", async () => {
    const open = await buildProject({ isPublic: true });
    const closed = await buildProject();
    const shared = await buildDataStorage({ isPublic: true });
    const secret = await buildDataStorage();
    const { id } = await buildSession({
      projects: [closed, open],
      dataStorages: [secret, shared],
    });
    for (const path of [`${PUBLIC_PATH}${id}/`, `${PUBLIC_PATH}${id}?format=json`]) {
      const answer = await clientFor().get(path);
      expect(answer.status).toBe(200);
      expect(answer.body.session).toMatchObject({ projects: [open.id], datastorage: [shared.id] });
    }
  });

  test("is the same 404 for what is not public and what does not exist", async () => {
    const { id } = await buildSession({ projects: [await buildProject()] });
    const hidden = await clientFor().get(`${PUBLIC_PATH}${id}/`);
    const absent = await clientFor().get(`${PUBLIC_PATH}${NO_ID}/`);
    expect(hidden.status).toBe(404);
    expect(hidden.text).toBe(absent.text);
    expect(hidden.text).toBe('{"detail":"Not found."}');
  });
});

describe("the methods of /api/{portal}/stem/session/{id}/", () => {
  test("POST is a 405 that says what is allowed", async () => {
    for (const path of [`${PATH}${NO_ID}/`, `${PATH}${NO_ID}`, `${PATH}x`]) {
      const answer = await clientFor().post(path, {});
      expect(answer.status).toBe(405);
      expect(answer.headers.get("Allow")).toBe("GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
    }
  });

  test.each(["POST", "PUT", "PATCH", "DELETE"])(
    "%s is a 405 in the public portal",
    async (method) => {
      const answer = await clientFor().send(method, `${PUBLIC_PATH}${NO_ID}/`);
      expect(answer.status).toBe(405);
      expect(answer.headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
    },
  );

  test("OPTIONS says what is allowed, to anyone", async () => {
    for (const path of [`${PATH}${NO_ID}/`, `${PATH}${NO_ID}`]) {
      const answer = await clientFor().send("OPTIONS", path);
      expect(answer.status).toBe(204);
      expect(answer.headers.get("Allow")).toBe("GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
    }
  });
});

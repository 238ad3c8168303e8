import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import {
  buildDataStorage,
  buildLab,
  buildProject,
  buildSession,
  type Lab,
} from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";

const PATH = "/api/private/stem/session/";
const NO_ID = "00000000-0000-4000-8000-000000000000";

let lab: Lab;

beforeAll(async () => {
  lab = await buildLab();
});

describe("DELETE /api/private/stem/session/{id}/", () => {
  test("answers 204 without a body, and the session is gone", async () => {
    const { id } = await buildSession({ projects: [lab.project] });
    const answer = await lab.client.delete(`${PATH}${id}/`);
    expect(answer.status).toBe(204);
    expect(answer.text).toBe("");
    expect((await lab.client.get(`${PATH}${id}/`)).status).toBe(404);
    expect((await lab.client.delete(`${PATH}${id}/`)).status).toBe(404);
  });

  test("answers without the closing slash, and with ?format=json", async () => {
    for (const end of ["", "?format=json"]) {
      const { id } = await buildSession({ projects: [lab.project] });
      expect((await lab.client.delete(`${PATH}${id}${end}`)).status).toBe(204);
    }
  });

  test("takes no notice of a body", async () => {
    const { id } = await buildSession({ projects: [lab.project] });
    expect((await lab.client.send("DELETE", `${PATH}${id}/`, "{ no JSON")).status).toBe(204);
  });

  test("takes the associations and module records along, and nothing else", async () => {
    const doomed = await buildSession({ projects: [lab.project], dataStorages: [lab.storage] });
    const kept = await buildSession({ projects: [lab.project], dataStorages: [lab.storage] });
    await Promise.all([fillSession(doomed.id), fillSession(kept.id)]);
    expect((await lab.client.delete(`${PATH}${doomed.id}/`)).status).toBe(204);
    expect(await countOf(doomed.id)).toEqual(ALL.map(() => 0));
    expect(await countOf(kept.id)).toEqual(ALL.map(() => 1));
    const { body } = await lab.client.get(`${PATH}${kept.id}/`);
    expect(body.session).toMatchObject({ tags: ["t"], datastorage: [lab.storage.id] });
  });

  test("frees the name", async () => {
    const { id, name } = await buildSession({ projects: [lab.project] });
    await lab.client.delete(`${PATH}${id}/`);
    const again = await lab.client.post(PATH, { name, projects: [lab.project.id] });
    expect(again.status).toBe(201);
  });

  test("needs change_project on every project of the session, and on no storage", async () => {
    const foreign = await buildProject({ users: { member: [lab.user] } });
    const unseen = await buildProject();
    const storage = await buildDataStorage();
    const mixed = await buildSession({ projects: [lab.project, foreign, unseen] });
    const answer = await lab.client.delete(`${PATH}${mixed.id}/`);
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain(`change_project on project ${foreign.id}`);
    expect(answer.text).not.toContain(unseen.id);
    expect((await lab.client.get(`${PATH}${mixed.id}/`)).status).toBe(200);
    const mine = await buildSession({ projects: [lab.project], dataStorages: [storage] });
    expect((await lab.client.delete(`${PATH}${mine.id}/`)).status).toBe(204);
  });

  test("is checked in order: 401, then 404 or 403", async () => {
    const hidden = await buildSession({ projects: [await buildProject()] });
    expect((await clientFor("bst_no").delete(`${PATH}${NO_ID}/`)).status).toBe(401);
    expect((await lab.client.delete(`${PATH}${NO_ID}/`)).status).toBe(404);
    expect((await lab.client.delete(`${PATH}${hidden.id}/`)).status).toBe(403);
  });
});

describe("DELETEs that race", () => {
  test("with one another: one is a 204, the others a 404", async () => {
    const { id } = await buildSession({ projects: [lab.project] });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => lab.client.delete(`${PATH}${id}/`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array(19).fill(404)]);
  });

  test("with changes: each is a 200, 204 or 404, and nothing is left behind", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await buildSession({ projects: [lab.project] });
      const path = `${PATH}${id}/`;
      const answers = await Promise.all([
        lab.client.patch(path, { tags: ["t"], datastorage: [lab.storage.id] }),
        lab.client.delete(path),
        lab.client.patch(path, { tags: ["u"] }),
        lab.client.put(path, { name: `put-${id}`, projects: [lab.project.id], tags: ["v"] }),
      ]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses[1]).toBe(204);
      for (const status of statuses) expect([200, 204, 404]).toContain(status);
      expect(await countOf(id)).toEqual(ALL.map(() => 0));
    }
  });
});

/** Every table whose rows belong to a session. */
const ALL = [
  "session_tags",
  "session_data_storages",
  "data_acquisitions",
  "behaviors",
  "manipulations",
  "epochs",
];

async function countOf(sessionId: string): Promise<unknown[]> {
  const counts = await env.DB.batch<{ count: number }>(
    ALL.map((table) =>
      env.DB.prepare(`SELECT count(*) AS count FROM ${table} WHERE session_id = ?`).bind(sessionId),
    ),
  );
  return counts.map(({ results }) => results[0]?.count);
}

/** Gives a session a tag, a record of each kind, and an epoch that refers to all of them. */
async function fillSession(sessionId: string): Promise<void> {
  const [epoch, acquisition, behavior, manipulation] = [1, 2, 3, 4].map(() => crypto.randomUUID());
  const statements: readonly (readonly [string, ...unknown[]])[] = [
    [
      "INSERT INTO session_tags (session_id, tag, tag_folded, position) VALUES (?, 't', 't', 0)",
      sessionId,
    ],
    [
      "INSERT INTO data_acquisitions (id, session_id, type) VALUES (?, ?, 'Other')",
      acquisition,
      sessionId,
    ],
    [
      "INSERT INTO behaviors (id, session_id, setup, behavioralassay) VALUES (?, ?, ?, ?)",
      behavior,
      sessionId,
      NO_ID,
      NO_ID,
    ],
    [
      "INSERT INTO manipulations (id, session_id, type) VALUES (?, ?, 'Other')",
      manipulation,
      sessionId,
    ],
    [
      "INSERT INTO epochs (id, session_id, name, name_folded) VALUES (?, ?, 'e', 'e')",
      epoch,
      sessionId,
    ],
    ["INSERT INTO epoch_data_acquisitions VALUES (?, ?, 0)", epoch, acquisition],
    ["INSERT INTO epoch_behaviors VALUES (?, ?, 0)", epoch, behavior],
    ["INSERT INTO epoch_manipulations VALUES (?, ?, 0)", epoch, manipulation],
  ];
  await env.DB.batch(statements.map(([text, ...values]) => env.DB.prepare(text).bind(...values)));
}

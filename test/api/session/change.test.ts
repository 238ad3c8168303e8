import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import {
  buildDataStorage,
  buildLab,
  buildProject,
  buildSession,
  buildUser,
  type Lab,
  unique,
} from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";

const PATH = "/api/private/stem/session/";
const NO_ID = "00000000-0000-4000-8000-000000000000";

let lab: Lab;

beforeAll(async () => {
  lab = await buildLab();
});

const inLab = () => ({ users: { contributor: [lab.user] } });

/** A session with something in every field that can be written. */
async function buildFullSession(): Promise<Record<string, unknown> & { id: string }> {
  const answer = await lab.client.post(PATH, {
    name: unique("full"),
    description: "words",
    projects: [lab.project.id],
    date_time: "2023-03-22T15:30:00.5Z",
    datastorage: [lab.storage.id],
    extra_fields: { depth: 1.5 },
    download_links: [{ repository: "Other", url: "https://a.example" }],
    tags: ["b", "a"],
  });
  return answer.body.session;
}

const patch = (id: string, body: unknown) => lab.client.patch(`${PATH}${id}/`, body);

describe("PATCH /api/private/stem/session/{id}/", () => {
  test("answers 200 with the session, with and without the closing slash", async () => {
    const session = await buildFullSession();
    for (const path of [`${PATH}${session.id}/`, `${PATH}${session.id}?format=json`]) {
      const answer = await lab.client.patch(path, { description: path });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ session: { ...session, description: path } });
    }
  });

  test.each([
    ["name", { name: " renamed " }, { name: "renamed" }],
    ["description", { description: "" }, { description: "" }],
    ["date_time", { date_time: "2024-01-01T00:00" }, { date_time: "2024-01-01T00:00:00Z" }],
    ["date_time to null", { date_time: null }, { date_time: null }],
    ["date_time to [], MATLAB's null", { date_time: [] }, { date_time: null }],
    ["datastorage to none", { datastorage: [] }, { datastorage: [] }],
    ["extra_fields, as a whole", { extra_fields: { a: "x" } }, { extra_fields: { a: "x" } }],
    ["extra_fields to none", { extra_fields: {} }, { extra_fields: {} }],
    [
      "download_links, one object for a list of one",
      { download_links: { repository: "DANDI", url: "http://b" } },
      { download_links: [{ repository: "DANDI", url: "http://b" }] },
    ],
    ["tags", { tags: ["c", "a", "c"] }, { tags: ["c", "a"] }],
    ["nothing when it names nothing", {}, {}],
    ["nothing through read-only fields", { id: NO_ID, epochs: [NO_ID], links: [] }, {}],
  ])("changes %s, and nothing else", async (_, sent, changed) => {
    const session = await buildFullSession();
    const answer = await patch(session.id, sent);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ session: { ...session, ...changed } });
    expect((await lab.client.get(`${PATH}${session.id}/`)).body).toEqual(answer.body);
  });

  test("leaves a name used in storage and module records as they are", async () => {
    const session = await buildFullSession();
    const epochId = crypto.randomUUID();
    await env.DB.batch([
      env.DB.prepare("UPDATE sessions SET name_used_in_storage = 'raw' WHERE id = ?").bind(
        session.id,
      ),
      env.DB.prepare(
        "INSERT INTO epochs (id, session_id, name, name_folded) VALUES (?, ?, 'e', 'e')",
      ).bind(epochId, session.id),
    ]);
    const answer = await patch(session.id, { name: unique("other"), name_used_in_storage: "" });
    expect(answer.body.session).toMatchObject({ name_used_in_storage: "raw", epochs: [epochId] });
  });

  test("gives datastorage the order that it is named in", async () => {
    const storages = [];
    for (let index = 0; index < 4; index += 1) storages.push(await buildDataStorage(inLab()));
    const [a, b, c, d] = storages.map(({ id }) => id).sort();
    const { id } = await buildSession({ projects: [lab.project], dataStorages: storages });
    for (const datastorage of [[d, a], [c, d, b, a], [b], [a, b, c, d], []]) {
      expect((await patch(id, { datastorage })).body.session.datastorage).toEqual(datastorage);
    }
  });

  test("keeps the associations of storages that stay", async () => {
    const other = await buildDataStorage(inLab());
    const session = await buildSession({ projects: [lab.project], dataStorages: [lab.storage] });
    await patch(session.id, { datastorage: [other.id, lab.storage.id] });
    const kept = await env.DB.prepare(
      "SELECT id FROM session_data_storages WHERE session_id = ? AND data_storage_id = ?",
    )
      .bind(session.id, lab.storage.id)
      .first("id");
    expect(kept).toBe(session.associationIds[0]);
  });

  test("moves a session between projects, in the order that they are named in", async () => {
    const { id } = await buildSession({ projects: [lab.project] });
    const other = await buildProject(inLab());
    for (const projects of [[other.id, lab.project.id], [lab.project.id, other.id], [other.id]]) {
      expect((await patch(id, { projects })).body.session.projects).toEqual(projects);
    }
    const list = await lab.client.get(
      `${PATH}?filter{projects}=${lab.project.id}&filter{id}=${id}`,
    );
    expect(list.body.count).toBe(0);
  });

  test("lets a session keep its own name", async () => {
    const { id, name } = await buildSession({ projects: [lab.project] });
    expect((await patch(id, { name })).status).toBe(200);
  });

  test("refuses the name of another session, and changes nothing else of the body", async () => {
    const taken = await buildSession({ projects: [lab.project] });
    const session = await buildFullSession();
    const answer = await patch(session.id, { name: taken.name, description: "lost", tags: [] });
    expect(answer).toMatchObject({
      status: 400,
      body: { name: ["session with this name already exists."] },
    });
    expect((await lab.client.get(`${PATH}${session.id}/`)).body).toEqual({ session });
  });

  test.each([
    [{ name: null }, { name: ["This field may not be null."] }],
    [{ name: "" }, { name: ["This field may not be blank."] }],
    [{ projects: [] }, { projects: ["This list may not be empty."] }],
    [{ projects: [NO_ID] }, { projects: [`Invalid pk "${NO_ID}" - object does not exist.`] }],
    [{ tgas: [] }, { tgas: [expect.stringContaining("Unknown field")] }],
    [
      { name: "", datastorage: [NO_ID], date_time: 5 },
      {
        name: ["This field may not be blank."],
        date_time: [expect.stringContaining("Expected a date-time")],
        datastorage: [`Invalid pk "${NO_ID}" - object does not exist.`],
      },
    ],
  ])("refuses %j field by field", async (sent, body) => {
    const { id } = await buildSession({ projects: [lab.project] });
    expect(await patch(id, sent)).toMatchObject({ status: 400, body });
  });

  test("refuses a body that is no JSON object, too large, or of another type", async () => {
    const { id } = await buildSession({ projects: [lab.project] });
    const path = `${PATH}${id}/`;
    expect((await lab.client.send("PATCH", path, "{")).status).toBe(400);
    expect((await lab.client.send("PATCH", path, "[]")).status).toBe(400);
    expect((await lab.client.send("PATCH", path, " ".repeat(1024 * 1024 + 1))).status).toBe(413);
    const text = { "Content-Type": "text/plain" };
    expect((await lab.client.send("PATCH", path, "{}", text)).status).toBe(415);
  });
});

describe("what changing a session needs", () => {
  test("the checks come in order: 401, 404 or 403, the body, what it refers to, the permissions", async () => {
    const { client, user } = await buildLab();
    const foreign = await buildProject();
    const hidden = await buildSession({ projects: [foreign] });
    const project = await buildProject({ users: { member: [user] } });
    const seen = await buildSession({ projects: [project] });
    const wrong = { name: "", projects: [NO_ID] };
    expect((await clientFor("bst_no").patch(`${PATH}${NO_ID}/`, wrong)).status).toBe(401);
    expect((await client.patch(`${PATH}${NO_ID}/`, wrong)).status).toBe(404);
    expect((await client.send("PATCH", `${PATH}${NO_ID}/`, "{")).status).toBe(404);
    expect((await client.patch(`${PATH}${hidden.id}/`, wrong)).status).toBe(403);
    expect((await client.send("PATCH", `${PATH}${hidden.id}/`, "{")).status).toBe(403);
    const shape = await client.patch(`${PATH}${seen.id}/`, { name: "", projects: [foreign.id] });
    expect(shape).toMatchObject({ status: 400, body: { name: [expect.any(String)] } });
    const reference = await client.patch(`${PATH}${seen.id}/`, { projects: [NO_ID] });
    expect(reference).toMatchObject({ status: 400, body: { projects: [expect.any(String)] } });
    expect((await client.patch(`${PATH}${seen.id}/`, {})).status).toBe(403);
  });

  test("change_project on every project that the session is in now", async () => {
    const seen = await buildProject({ users: { member: [lab.user] } });
    const unseen = await buildProject();
    const { id } = await buildSession({ projects: [lab.project, seen, unseen] });
    for (const body of [{}, { description: "x" }, { projects: [lab.project.id] }]) {
      const answer = await patch(id, body);
      expect(answer.status).toBe(403);
      expect(answer.body.detail).toContain(`change_project on project ${seen.id}`);
      expect(answer.body.detail).toContain("a project that you cannot see");
      expect(answer.text).not.toContain(unseen.id);
      expect(answer.text).not.toContain(lab.project.id);
    }
  });

  test("change_project on every project that is named", async () => {
    const member = await buildProject({ users: { member: [lab.user] } });
    const foreign = await buildProject();
    const { id } = await buildSession({ projects: [lab.project] });
    const answer = await patch(id, { projects: [lab.project.id, member.id, foreign.id] });
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain(`change_project on project ${member.id}`);
    expect(answer.body.detail).toContain(`change_project on project ${foreign.id}`);
  });

  test("change_datastorage on every storage that is named or taken away, and on no other", async () => {
    const foreign = await buildDataStorage({ users: { member: [lab.user] } });
    const { id } = await buildSession({ projects: [lab.project], dataStorages: [foreign] });
    expect((await patch(id, { description: "x" })).status).toBe(200);
    const answer = await patch(id, { datastorage: [lab.storage.id, foreign.id] });
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain(`change_datastorage on data storage ${foreign.id}`);
    expect((await patch(id, { datastorage: [lab.storage.id] })).status).toBe(403);
  });

  test("levels in several projects add up over users and groups", async () => {
    const user = await buildUser();
    const mine = await buildProject({ users: { contributor: [user], member: [] } });
    const { id } = await buildSession({ projects: [mine, lab.project] });
    expect((await user.client.patch(`${PATH}${id}/`, {})).status).toBe(403);
    await env.DB.prepare("INSERT INTO project_users (project_id, user_id, level) VALUES (?, ?, 2)")
      .bind(lab.project.id, user.id)
      .run();
    expect((await user.client.patch(`${PATH}${id}/`, {})).status).toBe(200);
  });
});

describe("PATCHes that race", () => {
  test("of different fields: all of them survive", async () => {
    const { id } = await buildSession({ projects: [lab.project] });
    const changes = [
      { description: "changed" },
      { tags: ["t"] },
      { extra_fields: { a: 1 } },
      { date_time: "2024-01-01T00:00:00Z" },
      { datastorage: [lab.storage.id] },
    ];
    const answers = await Promise.all(changes.map((change) => patch(id, change)));
    expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
    const { body } = await lab.client.get(`${PATH}${id}/`);
    expect(body.session).toMatchObject(Object.assign({}, ...changes));
  });

  test("to one name: one gets it, the others are told", async () => {
    const sessions = await Promise.all(
      Array.from({ length: 20 }, () => buildSession({ projects: [lab.project] })),
    );
    const name = unique("wanted");
    const answers = await Promise.all(sessions.map(({ id }) => patch(id, { name })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers.filter(({ status }) => status !== 200)) {
      expect(status).toBe(400);
      expect(body).toEqual({ name: ["session with this name already exists."] });
    }
  });

  test("of storages: the order stays whole, one of those that were sent", async () => {
    const storages = [];
    for (let index = 0; index < 3; index += 1) storages.push(await buildDataStorage(inLab()));
    const [a, b, c] = storages.map((storage) => storage.id);
    const { id } = await buildSession({ projects: [lab.project] });
    const orders = [[a, b, c], [c, b, a], [b], [c, a], []];
    await Promise.all(
      orders.flatMap((datastorage) => [patch(id, { datastorage }), patch(id, { datastorage })]),
    );
    const { body } = await lab.client.get(`${PATH}${id}/`);
    expect(orders).toContainEqual(body.session.datastorage);
  });
});

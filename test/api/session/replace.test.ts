import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { buildLab, buildProject, buildSession, type Lab, unique } from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";

const PATH = "/api/private/stem/session/";
const NO_ID = "00000000-0000-4000-8000-000000000000";

let lab: Lab;

beforeAll(async () => {
  lab = await buildLab();
});

const full = () => ({
  name: unique("full"),
  description: "words",
  projects: [lab.project.id],
  date_time: "2023-03-22T15:30:00.500000Z",
  datastorage: [lab.storage.id],
  extra_fields: { depth: 1.5 },
  download_links: [{ repository: "Other", url: "https://a.example" }],
  tags: ["b", "a"],
});

describe("PUT /api/private/stem/session/{id}/", () => {
  test("puts absent fields back to their defaults, read-only ones excepted", async () => {
    const made = await lab.client.post(PATH, full());
    const { id } = made.body.session;
    await env.DB.prepare("UPDATE sessions SET name_used_in_storage = 'raw' WHERE id = ?")
      .bind(id)
      .run();
    const name = unique("bare");
    const answer = await lab.client.put(`${PATH}${id}/`, { name, projects: [lab.project.id] });
    expect(answer.status).toBe(200);
    expect(answer.body.session).toEqual({
      id,
      name,
      description: "",
      epochs: [],
      projects: [lab.project.id],
      date_time: null,
      datastorage: [],
      extra_fields: {},
      download_links: [],
      dataacquisition: [],
      behaviors: [],
      manipulations: [],
      name_used_in_storage: "raw",
      tags: [],
    });
    expect((await lab.client.get(`${PATH}${id}/`)).body).toEqual(answer.body);
  });

  test("takes an object back as it was read, and changes nothing", async () => {
    const sent = JSON.stringify(full()).replace("1.5", "1e20");
    const made = await lab.client.send("POST", PATH, sent);
    const { id } = made.body.session;
    const { text, body } = await lab.client.get(`${PATH}${id}/`);
    // As text: JavaScript's own JSON.stringify would write 1e+20 in digits.
    const object = text.slice('{"session":'.length, -1);
    const answer = await lab.client.send("PUT", `${PATH}${id}/`, object);
    expect(answer).toMatchObject({ status: 200, body });
  });

  test("takes an object back as MATLAB changes it", async () => {
    const { id } = await buildSession({ projects: [lab.project] });
    const sent = full();
    const answer = await lab.client.put(`${PATH}${id}/`, {
      ...sent,
      id,
      date_time: [],
      epochs: [],
      download_links: sent.download_links[0],
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { session: { ...sent, date_time: null } },
    });
  });

  test("answers with and without the closing slash, and with ?format=json", async () => {
    const { id } = await buildSession({ projects: [lab.project] });
    for (const path of [`${PATH}${id}/`, `${PATH}${id}`, `${PATH}${id}/?format=json`]) {
      const sent = full();
      const answer = await lab.client.put(path, sent);
      expect(answer).toMatchObject({ status: 200, body: { session: { id, ...sent } } });
    }
  });

  test("does not take another id", async () => {
    const { id } = await buildSession({ projects: [lab.project] });
    const answer = await lab.client.put(`${PATH}${id}/`, { ...full(), id: NO_ID });
    expect(answer.body.session.id).toBe(id);
    expect((await lab.client.get(`${PATH}${NO_ID}/`)).status).toBe(404);
  });

  test("requires what a new session requires, and keeps the old one when that is missing", async () => {
    const made = await lab.client.post(PATH, full());
    const path = `${PATH}${made.body.session.id}/`;
    expect(await lab.client.put(path, {})).toMatchObject({
      status: 400,
      body: { name: ["This field is required."], projects: ["This field is required."] },
    });
    expect(await lab.client.put(path, { ...full(), tgas: [] })).toMatchObject({
      status: 400,
      body: { tgas: [expect.stringContaining("Unknown field")] },
    });
    expect((await lab.client.get(path)).body).toEqual(made.body);
  });

  test("makes no session where there is none", async () => {
    expect((await lab.client.put(`${PATH}${NO_ID}/`, full())).status).toBe(404);
  });

  test("is checked in order: 401, 404 or 403, the body, the permissions", async () => {
    const foreign = await buildProject();
    const hidden = await buildSession({ projects: [foreign] });
    const mine = await buildSession({ projects: [lab.project] });
    expect((await clientFor("bst_no").put(`${PATH}${mine.id}/`, {})).status).toBe(401);
    expect((await lab.client.put(`${PATH}${NO_ID}/`, {})).status).toBe(404);
    expect((await lab.client.put(`${PATH}${hidden.id}/`, {})).status).toBe(403);
    expect((await lab.client.put(`${PATH}${mine.id}/`, { projects: [foreign.id] })).status).toBe(
      400,
    );
    const body = { ...full(), projects: [foreign.id] };
    expect((await lab.client.put(`${PATH}${mine.id}/`, body)).status).toBe(403);
  });
});

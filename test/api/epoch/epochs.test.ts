import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { buildLab, buildProject, buildSession } from "../../support/builders.ts";
import { buildRecord, recordModel } from "../../support/module-records.ts";

const PATH = "/api/private/stem/epoch/";

/** The fields in which an epoch refers to records, with the models of these. */
const LINKS = [
  ["dataacquisition", recordModel("dataacquisition")],
  ["behaviors", recordModel("behavior")],
  ["manipulations", recordModel("manipulation")],
] as const;

const ACQUISITION = recordModel("dataacquisition");
const BEHAVIOR = recordModel("behavior");
const EPOCH = recordModel("epoch");

async function buildEpochLab() {
  const { client, user, project } = await buildLab();
  const session = await buildSession({ projects: [project] });
  const make = async (body: object) => client.post(PATH, { session: session.id, ...body });
  return { client, user, project, session, make };
}

describe("POST /api/private/stem/epoch/", () => {
  test.each([
    [0, 300],
    [0.1, 0.30000000000000004],
    [-10.5, 0],
    [1e-7, 1e15],
    [null, 5],
    [5, null],
    [7, 7],
  ])("keeps the seconds from %j to %j exactly", async (start, end) => {
    const { make } = await buildEpochLab();
    const { status, body } = await make({ name: "baseline", start, end });
    expect(status).toBe(201);
    expect(body.epoch).toMatchObject({ name: "baseline", start, end });
  });

  test("reads -0 as 0, because the database has no negative zero", async () => {
    const { client, session } = await buildEpochLab();
    const sent = `{"session":"${session.id}","name":"baseline","start":-0,"end":-0.0}`;
    const { status, text } = await client.post(PATH, sent);
    expect(status).toBe(201);
    expect(text).toMatch(/"start":0(\.0)?,"end":0(\.0)?,/);
  });

  test.each([
    [{ start: "0:05:00" }, "start"],
    [{ end: true }, "end"],
    [{ name: " " }, "name"],
    [{ name: "x".repeat(101) }, "name"],
    [{ behaviors: ["x"] }, "behaviors"],
    [{ start: 10, end: 9.99 }, "end"],
  ])("refuses %j", async (change, field) => {
    const { make } = await buildEpochLab();
    const { status, body } = await make({ name: "baseline", ...change });
    expect(status).toBe(400);
    expect(Object.keys(body)).toEqual([field]);
  });

  test("takes an empty list for a null bound, as MATLAB sends it", async () => {
    const { make } = await buildEpochLab();
    const { body } = await make({ name: "baseline", start: [], end: 4 });
    expect(body.epoch).toMatchObject({ start: null, end: 4 });
  });

  test("trims the name", async () => {
    const { make } = await buildEpochLab();
    expect((await make({ name: "  rest\n" })).body.epoch.name).toBe("rest");
  });

  test.each(LINKS)("keeps %s in the order given, each once", async (field, model) => {
    const { session, make, client } = await buildEpochLab();
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.push((await buildRecord(model, session)).id);
    const [a, b, c] = ids;
    const { status, body } = await make({ name: "baseline", [field]: [c, a, c, b] });
    expect(status).toBe(201);
    expect(body.epoch[field]).toEqual([c, a, b]);
    const found = await client.get(`${PATH}?filter{${field}}=${b}`);
    expect(found.body.epochs).toEqual([body.epoch]);
    expect((await client.get(`${PATH}?filter{${field}.isnull}=true`)).body.epochs).toEqual([]);
  });

  test.each(LINKS)(
    "refuses %s of another session, and such as there are not, naming each",
    async (field, model) => {
      const { session, project, make } = await buildEpochLab();
      const own = await buildRecord(model, session);
      const other = await buildRecord(model, await buildSession({ projects: [project] }));
      const absent = crypto.randomUUID();
      const { status, body } = await make({
        name: "baseline",
        [field]: [own.id, other.id, absent],
      });
      expect(status).toBe(400);
      expect(body).toEqual({
        [field]: [other.id, absent].map(
          (id) => `Invalid pk "${id}" - object does not exist in this session.`,
        ),
      });
    },
  );

  test("lets no data acquisition be in two epochs, and behaviors in any number", async () => {
    const { session, make } = await buildEpochLab();
    const acquisition = await buildRecord(ACQUISITION, session);
    const behavior = await buildRecord(BEHAVIOR, session);
    const links = { dataacquisition: [acquisition.id], behaviors: [behavior.id] };
    expect((await make({ name: "first", ...links })).status).toBe(201);
    const { status, body } = await make({ name: "second", ...links });
    expect(status).toBe(400);
    expect(body).toEqual({
      dataacquisition: [
        `Data acquisition "${acquisition.id}" is in another epoch already: it can be in one only.`,
      ],
    });
  });

  test("does not tell what a session holds that the caller may not see", async () => {
    const { client, session } = await buildEpochLab();
    const hidden = await buildSession({ projects: [await buildProject()] });
    const within = await buildRecord(BEHAVIOR, hidden);
    const elsewhere = await buildRecord(BEHAVIOR, session);
    const answers = [within, elsewhere].map(({ id }) =>
      client.post(PATH, { session: hidden.id, name: "baseline", behaviors: [id] }),
    );
    const [one, other] = await Promise.all(answers);
    expect(one?.status).toBe(403);
    expect(other).toMatchObject({ status: 403, body: one?.body });
  });
});

describe("PATCH /api/private/stem/epoch/:id/", () => {
  test("holds a new bound against the one that stays", async () => {
    const { client, make } = await buildEpochLab();
    const { body } = await make({ name: "baseline", start: 10, end: 20 });
    const address = `${PATH}${body.epoch.id}/`;
    expect((await client.patch(address, { start: 21 })).body).toEqual({
      end: ["Ensure the end is not before the start."],
    });
    expect((await client.patch(address, { end: 9 })).status).toBe(400);
    expect((await client.patch(address, { start: 30, end: 40 })).status).toBe(200);
    expect((await client.patch(address, { start: null })).status).toBe(200);
    expect((await client.patch(address, { end: 1 })).body.epoch).toMatchObject({
      start: null,
      end: 1,
    });
  });

  test("sets the lists that it names, and leaves the others", async () => {
    const { client, session, make } = await buildEpochLab();
    const acquisition = await buildRecord(ACQUISITION, session);
    const first = await buildRecord(BEHAVIOR, session);
    const second = await buildRecord(BEHAVIOR, session);
    const { body } = await make({
      name: "baseline",
      dataacquisition: [acquisition.id],
      behaviors: [first.id],
    });
    const address = `${PATH}${body.epoch.id}/`;
    const changed = await client.patch(address, { behaviors: [second.id, first.id] });
    expect(changed.body.epoch).toEqual({ ...body.epoch, behaviors: [second.id, first.id] });
    const again = await client.patch(address, { dataacquisition: [acquisition.id] });
    expect(again.status).toBe(200);
    const emptied = await client.patch(address, { behaviors: [] });
    expect(emptied.body.epoch.behaviors).toEqual([]);
  });

  test("refuses records of another session", async () => {
    const { client, project, make } = await buildEpochLab();
    const elsewhere = await buildSession({ projects: [project] });
    const { id } = await buildRecord(BEHAVIOR, elsewhere);
    const { body } = await make({ name: "baseline" });
    const answer = await client.patch(`${PATH}${body.epoch.id}/`, { behaviors: [id] });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body)).toEqual(["behaviors"]);
  });
});

describe("GET /api/private/stem/epoch/", () => {
  test("finds by name and by time", async () => {
    const { client, make } = await buildEpochLab();
    const baseline = (await make({ name: "Baseline", start: 0, end: 300, order: 0 })).body.epoch;
    const task = (await make({ name: "Task", start: 300, end: 600.5, order: 1 })).body.epoch;
    const ask = async (query: string) => (await client.get(`${PATH}?${query}`)).body.epochs;
    expect(await ask("filter{name.iexact}=BASELINE")).toEqual([baseline]);
    expect(await ask("filter{start.gte}=300")).toEqual([task]);
    expect(await ask("filter{end.range}=600&filter{end.range}=601")).toEqual([task]);
    expect(await ask("sort[]=-start")).toEqual([task, baseline]);
  });

  test("shows whole records of the epoch when they are included", async () => {
    const { client, session, make } = await buildEpochLab();
    const links = Object.fromEntries(
      await Promise.all(
        LINKS.map(async ([field, model]) => [field, [(await buildRecord(model, session)).id]]),
      ),
    );
    const { id } = (await make({ name: "baseline", ...links })).body.epoch;
    const query = LINKS.map(([field]) => `include[]=${field}.*`).join("&");
    const { body } = await client.get(`${PATH}${id}/?${query}`);
    for (const [field, model] of LINKS) {
      const whole = await client.get(`/api/private${model.path}/${links[field]?.[0]}/`);
      expect(body.epoch[field]).toEqual([whole.body[model.one]]);
    }
    const inSession = await client.get(
      `/api/private/stem/session/${session.id}/?include[]=epochs&${query}`,
    );
    expect(inSession.body.session.epochs[0]).toMatchObject({ id, ...links });
    expect(inSession.body.session.behaviors).toEqual(body.epoch.behaviors);
  });
});

describe("DELETE of what an epoch refers to", () => {
  test.each(LINKS)("of %s is refused until the epoch lets go", async (field, model) => {
    const { client, session, make } = await buildEpochLab();
    const { id } = await buildRecord(model, session);
    const { body } = await make({ name: "baseline", [field]: [id] });
    const address = `/api/private${model.path}/${id}/`;
    const refused = await client.delete(address);
    expect(refused.status).toBe(400);
    expect(refused.body).toEqual({
      detail: expect.stringContaining("is still referenced by an epoch"),
    });
    expect((await client.get(address)).status).toBe(200);
    expect((await client.patch(`${PATH}${body.epoch.id}/`, { [field]: [] })).status).toBe(200);
    expect((await client.delete(address)).status).toBe(204);
  });

  test("asks for the permission first", async () => {
    const { client, user } = await buildEpochLab();
    const project = await buildProject({ users: { member: [user] } });
    const session = await buildSession({ projects: [project] });
    const { id } = await buildRecord(BEHAVIOR, session);
    const epoch = await buildRecord(EPOCH, session);
    await env.DB.prepare("INSERT INTO epoch_behaviors VALUES (?, ?, 0)").bind(epoch.id, id).run();
    expect((await client.delete(`/api/private/modules/behavior/${id}/`)).status).toBe(403);
  });

  test("is free once the epoch is deleted", async () => {
    const { client, session, make } = await buildEpochLab();
    const { id } = await buildRecord(ACQUISITION, session);
    const { body } = await make({ name: "first", dataacquisition: [id] });
    expect((await client.delete(`${PATH}${body.epoch.id}/`)).status).toBe(204);
    expect((await make({ name: "second", dataacquisition: [id] })).status).toBe(201);
  });

  test("goes with the session, epochs and all", async () => {
    const { client, session, make } = await buildEpochLab();
    const { id } = await buildRecord(ACQUISITION, session);
    const { body } = await make({ name: "baseline", dataacquisition: [id] });
    expect((await client.delete(`/api/private/stem/session/${session.id}/`)).status).toBe(204);
    expect((await client.get(`${PATH}${body.epoch.id}/`)).status).toBe(404);
    expect((await client.get(`/api/private${ACQUISITION.path}/${id}/`)).status).toBe(404);
  });
});

describe("two epochs at once", () => {
  test("never share a data acquisition, and the slower is refused", async () => {
    const { session, make } = await buildEpochLab();
    const { id } = await buildRecord(ACQUISITION, session);
    const names = ["a", "b", "c", "d", "e", "f"];
    const answers = await Promise.all(names.map((name) => make({ name, dataacquisition: [id] })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 400, 400, 400, 400, 400]);
  });
});

describe("xEnd, which MATLAB makes of end because that is a word of its language", () => {
  test("is taken for end in every write", async () => {
    const { make, client } = await buildEpochLab();
    const made = await make({ name: "baseline", start: 1, xEnd: 4 });
    expect(made.status).toBe(201);
    expect(made.body.epoch.end).toBe(4);
    const { end, ...read } = made.body.epoch;
    const address = `${PATH}${read.id}/`;
    const put = await client.put(address, { ...read, xEnd: end + 1 });
    expect(put.status).toBe(200);
    expect(put.body.epoch).toMatchObject({ start: 1, end: 5 });
    expect((await client.patch(address, { xEnd: [] })).body.epoch.end).toBeNull();
  });

  test("is held to what end is held to", async () => {
    const { make } = await buildEpochLab();
    for (const body of [{ xEnd: "4" }, { start: 5, xEnd: 4 }]) {
      const answer = await make({ name: "baseline", ...body });
      expect(answer.status).toBe(400);
      expect(Object.keys(answer.body)).toEqual(["end"]);
    }
  });

  test("is refused beside end", async () => {
    const { make } = await buildEpochLab();
    const { status, body } = await make({ name: "baseline", end: 4, xEnd: 4 });
    expect(status).toBe(400);
    expect(body).toEqual({
      xEnd: ["This stands for end, which is there too: send one of the two."],
    });
  });

  test("is unknown where there is no end", async () => {
    const { client, project } = await buildEpochLab();
    const session = { name: "with an end", projects: [project.id], xEnd: 4 };
    const { status, body } = await client.post("/api/private/stem/session/", session);
    expect(status).toBe(400);
    expect(Object.keys(body)).toEqual(["xEnd"]);
  });
});

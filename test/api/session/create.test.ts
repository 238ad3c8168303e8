import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import {
  buildDataStorage,
  buildLab,
  buildProject,
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

const create = (fields: object) =>
  lab.client.post(PATH, { name: unique("session"), projects: [lab.project.id], ...fields });

/** As `create`, for JSON that JavaScript would not write: `fields` is the inside of the object. */
const createFromText = (fields: string) =>
  lab.client.post(
    PATH,
    `{"name": "${unique("session")}", "projects": ["${lab.project.id}"], ${fields}}`,
  );

const countSessions = async () =>
  (await env.DB.prepare("SELECT count(*) AS count FROM sessions").first<{ count: number }>())
    ?.count;

describe("POST /api/private/stem/session/", () => {
  test("answers 201 with the session: every key, in its order, with its default", async () => {
    const name = unique("plain");
    const answer = await lab.client.post(PATH, { name, projects: [lab.project.id] });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("Content-Type")).toBe("application/json");
    const { session } = answer.body;
    expect(Object.entries(session)).toEqual([
      ["id", expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)],
      ["name", name],
      ["description", ""],
      ["epochs", []],
      ["projects", [lab.project.id]],
      ["date_time", null],
      ["datastorage", []],
      ["extra_fields", {}],
      ["download_links", []],
      ["dataacquisition", []],
      ["behaviors", []],
      ["manipulations", []],
      ["name_used_in_storage", ""],
      ["tags", []],
    ]);
    expect(Object.keys(answer.body)).toEqual(["session"]);
  });

  test("answers with and without the closing slash", async () => {
    for (const path of [PATH, PATH.slice(0, -1)]) {
      const answer = await lab.client.post(path, {
        name: unique("slash"),
        projects: [lab.project.id],
      });
      expect(answer.status).toBe(201);
    }
  });

  test("takes ?format=json, which changes nothing, and refuses any other format", async () => {
    const body = { name: unique("format"), projects: [lab.project.id] };
    const other = await lab.client.post(`${PATH}?format=xml`, body);
    expect(other).toMatchObject({ status: 400, body: { detail: expect.stringContaining("xml") } });
    expect((await lab.client.post(`${PATH}?format=json`, body)).status).toBe(201);
  });

  test("keeps a whole session as it was sent", async () => {
    const sent = {
      name: unique("Maze – Größe 9 \"left\" \\ 'right' 🐁"),
      description: "first line\nsecond line\r\n\ttabbed\u2028 \u0001 \u007f end ",
      projects: [lab.project.id],
      date_time: "2023-03-22T15:30:00.000001Z",
      datastorage: [lab.storage.id],
      extra_fields: { depth: 1.5, rig: "A|B 'é' 🧪", n: -7 },
      download_links: [{ repository: "DANDI", url: "https://dandi.example/000017?a=b#ü" }],
      tags: ["wheel", "Ünï", "wheel "],
    };
    const made = await create(sent);
    expect(made.status).toBe(201);
    expect(made.body.session).toMatchObject(sent);
    const read = await lab.client.get(`${PATH}${made.body.session.id}/`);
    expect(read.body).toEqual(made.body);
  });

  test("ignores read-only fields", async () => {
    const answer = await create({
      id: NO_ID,
      epochs: [NO_ID],
      dataacquisition: "anything",
      behaviors: null,
      manipulations: { a: 1 },
      name_used_in_storage: "mine",
      links: [],
    });
    expect(answer.status).toBe(201);
    expect(answer.body.session).toMatchObject({
      epochs: [],
      dataacquisition: [],
      behaviors: [],
      manipulations: [],
      name_used_in_storage: "",
    });
    expect(answer.body.session.id).not.toBe(NO_ID);
  });

  test.each(["descripton", "__proto__", "constructor", "toString", "Name", "created_date", ""])(
    "refuses the unknown key %j, naming it",
    async (key) => {
      const answer = await createFromText(`${JSON.stringify(key)}: 1`);
      expect(answer.status).toBe(400);
      expect(Object.keys(answer.body)).toEqual([key]);
      expect(answer.body[key]).toEqual([expect.stringContaining("Unknown field")]);
    },
  );

  test("names every fault of a body at once", async () => {
    const answer = await create({
      name: " ",
      projects: [],
      date_time: "yesterday",
      datastorage: [NO_ID],
      tags: "wheel",
      nmae: "x",
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      nmae: [expect.stringContaining("Unknown field")],
      name: ["This field may not be blank."],
      projects: ["This list may not be empty."],
      date_time: [expect.stringContaining("wrong format")],
      tags: [expect.stringContaining("Expected a list of items")],
      datastorage: [`Invalid pk "${NO_ID}" - object does not exist.`],
    });
  });
});

describe("the body of a POST", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  test.each([
    ["nothing", ""],
    ["half an object", '{"name": '],
    ["a trailing comma", '{"name": "x",}'],
    ["NaN", '{"extra_fields": {"a": NaN}}'],
    ["two objects", "{}{}"],
    ["bytes that are not UTF-8", new Uint8Array([123, 34, 255, 34, 58, 49, 125])],
    ["a surrogate in UTF-8", new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ["UTF-16", new Uint8Array([123, 0, 125, 0])],
    ["a hundred thousand lists in lists", "[".repeat(100_000) + "]".repeat(100_000)],
    ["a hundred thousand objects in objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
  ])("is a 400 when it is %s", async (_, body) => {
    const answer = await lab.client.send("POST", PATH, body, {
      "Content-Type": "application/json",
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ detail: expect.stringContaining("JSON parse error") });
  });

  test.each([
    ["[]", "a list"],
    ["[{}]", "a list"],
    ['"text"', "a string"],
    ["5", "a number"],
    ["9007199254740993", "a number"],
    ["true", "a boolean"],
    ["null", "null"],
  ])("is a 400 when it is %s and not an object", async (body, kind) => {
    const answer = await lab.client.send("POST", PATH, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      detail: `Invalid data. Expected an object, but got ${kind}.`,
    });
  });

  test("is a 415 without application/json, whatever is in it", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const answer = await lab.client.send("POST", PATH, "{}", { "Content-Type": type });
      expect(answer).toMatchObject({
        status: 415,
        body: { detail: expect.stringContaining(type) },
      });
    }
    const none = await lab.client.send("POST", PATH, bytes("{}"), { "Content-Type": "" });
    expect(none.status).toBe(415);
    expect((await lab.client.send("POST", PATH)).status).toBe(415);
  });

  test("may name a character set and begin with a byte order mark", async () => {
    const body = `\uFEFF{"name": "${unique("bom")}", "projects": ["${lab.project.id}"]}`;
    const answer = await lab.client.send("POST", PATH, body, {
      "Content-Type": "Application/JSON; charset=utf-8",
    });
    expect(answer.status).toBe(201);
  });

  test("is a 413 over 1 MiB, to the byte", async () => {
    const sized = (size: number) => {
      const body = `{"name": "${unique("sized")}", "projects": ["${lab.project.id}"]}`;
      return lab.client.send("POST", PATH, body.padEnd(size));
    };
    expect((await sized(1024 * 1024)).status).toBe(201);
    const answer = await sized(1024 * 1024 + 1);
    expect(answer).toMatchObject({ status: 413, body: { detail: expect.any(String) } });
    const huge = await lab.client.send("POST", PATH, "x".repeat(20 * 1024 * 1024));
    expect(huge.status).toBe(413);
  });

  test("with a million keys is refused in reasonable time", async () => {
    const keys = Array.from({ length: 90_000 }, (_, index) => `"k${index}":1`).join(",");
    const answer = await lab.client.send("POST", PATH, `{${keys}}`);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body).length).toBeLessThan(200);
  });
});

describe("the order of the checks of a POST", () => {
  test("401 comes before everything", async () => {
    const stranger = clientFor("bst_unknown");
    expect((await stranger.send("POST", PATH, "{")).status).toBe(401);
    expect((await stranger.send("POST", PATH, "{}", { "Content-Type": "text/plain" })).status).toBe(
      401,
    );
    expect((await stranger.send("POST", `${PATH}?nonsense=1`, "{}")).status).toBe(401);
    expect((await stranger.post(PATH, "x".repeat(1024 * 1024 + 1))).status).toBe(401);
  });

  test("the body's shape and what it refers to come before the permissions", async () => {
    const foreign = await buildProject();
    const shape = await create({ name: "", projects: [foreign.id] });
    expect(shape).toMatchObject({ status: 400, body: { name: [expect.any(String)] } });
    const reference = await create({ projects: [foreign.id, NO_ID] });
    expect(reference).toMatchObject({
      status: 400,
      body: { projects: [`Invalid pk "${NO_ID}" - object does not exist.`] },
    });
    expect((await create({ projects: [foreign.id] })).status).toBe(403);
  });

  test("a 403 names every permission that is missing, and on what", async () => {
    const project = await buildProject({ users: { member: [lab.user] } });
    const storage = await buildDataStorage();
    const before = await countSessions();
    const answer = await create({
      projects: [lab.project.id, project.id],
      datastorage: [lab.storage.id, storage.id],
    });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.body)).toEqual(["detail"]);
    expect(answer.body.detail).toContain(`change_project on project ${project.id}`);
    expect(answer.body.detail).toContain(`change_datastorage on data storage ${storage.id}`);
    expect(answer.body.detail).not.toContain(lab.project.id);
    expect(answer.body.detail).not.toContain(lab.storage.id);
    expect(await countSessions()).toBe(before);
  });

  test("a name that is taken by a session out of sight is still taken", async () => {
    const other = await buildLab();
    const name = unique("hidden");
    expect((await other.client.post(PATH, { name, projects: [other.project.id] })).status).toBe(
      201,
    );
    const answer = await create({ name });
    expect(answer.body).toEqual({ name: ["session with this name already exists."] });
  });
});

describe("POSTs that race", () => {
  test("two hundred of one name make one session and 199 clear refusals", async () => {
    const body = {
      name: unique("race"),
      projects: [lab.project.id],
      datastorage: [lab.storage.id],
      tags: ["t"],
    };
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => lab.client.post(PATH, body)),
    );
    const refused = answers.filter(({ status }) => status === 400);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(refused).toHaveLength(199);
    for (const { body } of refused) {
      expect(body).toEqual({ name: ["session with this name already exists."] });
    }
    const left = await env.DB.prepare(
      `SELECT (SELECT count(*) FROM sessions WHERE name = ?1) AS sessions,
        (SELECT count(*) FROM session_tags JOIN sessions ON id = session_id WHERE name = ?1) AS tags`,
    )
      .bind(body.name)
      .first();
    expect(left).toEqual({ sessions: 1, tags: 1 });
  });

  test("many into a new set of projects share one set", async () => {
    const users = { contributor: [lab.user] };
    const projects = [(await buildProject({ users })).id, (await buildProject({ users })).id];
    const answers = await Promise.all(Array.from({ length: 50 }, () => create({ projects })));
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    const sets = await env.DB.prepare(
      "SELECT session_count FROM project_sets WHERE project_ids = ?",
    )
      .bind(JSON.stringify(projects))
      .all();
    expect(sets.results).toEqual([{ session_count: 50 }]);
  });
});

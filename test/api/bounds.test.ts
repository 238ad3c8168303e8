import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { buildLab, buildSession, type Lab, unique } from "../support/builders.ts";
import { countingClient } from "../support/d1-binding.ts";

const SESSIONS = "/api/private/stem/session/";
const PROJECTS = "/api/private/stem/project/";
const DATA = "/api/private/modules/dataacquisition/";

let lab: Lab;

beforeAll(async () => {
  lab = await buildLab();
});

const ids = (count: number) => Array.from({ length: count }, () => crypto.randomUUID());
const keyed = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, value]));
const link = (length: number) => ({
  repository: "Other",
  url: `https://a.example/${"x".repeat(length - "https://a.example/".length)}`,
});

const inSession = (part: Readonly<Record<string, unknown>>) =>
  lab.client.post(SESSIONS, { name: unique("bound"), projects: [lab.project.id], ...part });

describe("a field of a session", () => {
  test.each<[string, unknown, unknown, string]>([
    // Characters are counted as code points, of which each of these takes two units.
    ["description", "😀".repeat(100_000), "x".repeat(100_001), "no more than 100000 characters"],
    ["extra_fields", keyed(200, 1), keyed(201, 1), "no more than 200 keys"],
    ["extra_fields", { a: "x".repeat(10_000) }, { a: "x".repeat(10_001) }, "a: Ensure this"],
    ["download_links", Array(100).fill(link(30)), Array(101).fill(link(30)), "100 elements"],
    ["download_links", [link(2000)], [link(2001)], "item 1: url: Ensure this"],
    ["tags", Array(100).fill("t"), Array(101).fill("t"), "no more than 100 elements"],
  ])("%s is kept up to its bound, and refused past it by name", async (field, held, past, says) => {
    expect((await inSession({ [field]: held })).status).toBe(201);
    const { status, body } = await inSession({ [field]: past });
    expect([status, Object.keys(body)]).toEqual([400, [field]]);
    expect(body[field][0]).toContain(says);
  });

  test.each(["projects", "datastorage"])("%s names at most 100 ids", async (field) => {
    const { status, body } = await inSession({ [field]: ids(101) });
    expect([status, body]).toEqual([
      400,
      { [field]: ["Ensure this field has no more than 100 elements."] },
    ]);
  });

  test("that is longer than its bound already stays readable, and the others stay writable", async () => {
    const { id } = await buildSession({ projects: [lab.project] });
    const description = "x".repeat(100_001);
    await env.DB.prepare("UPDATE sessions SET description = ? WHERE id = ?")
      .bind(description, id)
      .run();
    const address = `${SESSIONS}${id}/`;
    expect((await lab.client.get(address)).body.session.description).toBe(description);
    const changed = await lab.client.patch(address, { tags: ["t"] });
    expect(changed.body.session).toMatchObject({ description, tags: ["t"] });
    expect((await lab.client.patch(address, { description })).status).toBe(400);
  });
});

describe("other fields", () => {
  test("details of a module record have at most 256 KiB", async () => {
    const session = await buildSession({ projects: [lab.project] });
    const record = (length: number) =>
      lab.client.post(DATA, {
        session: session.id,
        type: "ExtracellularEphys",
        details: { a: "x".repeat(length) },
      });
    // The JSON text has eight more: {"a":""}.
    expect((await record(256 * 1024 - 8)).status).toBe(201);
    const { status, body } = await record(256 * 1024 - 7);
    expect([status, body]).toEqual([
      400,
      { details: ["Ensure this field has no more than 262144 bytes."] },
    ]);
  });

  test.each(["users", "groups"])("%s of a project have at most 1,000 entries", async (field) => {
    const entries = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`nobody${n}@lab.example`, {}]));
    const { status, body } = await lab.client.post(PROJECTS, {
      name: unique("project"),
      [field]: entries(1_001),
    });
    expect([status, body]).toEqual([
      400,
      { [field]: ["Ensure this field has no more than 1000 entries."] },
    ]);
  });
});

describe("an answer to a faulty request", () => {
  test("lists 50 faults, then says how many more there are", async () => {
    const users = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, n) => [`nobody${n}@lab.example`, {}]),
    );
    const { client, cost } = countingClient(lab.client.token);
    const { status, body } = await client.post(PROJECTS, { name: unique("project"), users });
    expect(status).toBe(400);
    expect(body.users).toHaveLength(51);
    expect(body.users[50]).toBe("And 950 more errors of this request.");
    expect(cost.roundTrips).toBe(2);
  });

  test("counts faults of the body's shape and of what it names together", async () => {
    const unknown = keyed(30, 1);
    const { body } = await inSession({
      ...unknown,
      datastorage: ids(40),
      tags: Array(101).fill("t"),
    });
    const messages = Object.values<string[]>(body).flat();
    expect(messages).toHaveLength(51);
    expect(messages).toContain("And 21 more errors of this request.");
  });

  test.each([
    ["100,000 unknown fields", () => keyed(60_000, 1)],
    ["a key as long as the body", () => ({ ["k".repeat(900_000)]: 1 })],
    ["a value as long as the body", () => ({ datastorage: ["v".repeat(900_000)] })],
    ["a hundred thousand ids that are none", () => ({ datastorage: Array(100_000).fill("v") })],
    ["links with faults", () => ({ download_links: Array(100_000).fill({}) })],
    ["details with faults", () => ({ extra_fields: keyed(60_000, null) })],
  ])("is short: %s", async (_, part) => {
    const { status, text } = await inSession(part());
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(20_000);
  });

  test.each([
    ["unknown parameters", Array.from({ length: 2_000 }, (_, n) => `p${n}=1`).join("&")],
    ["unknown fields", Array.from({ length: 1_000 }, (_, n) => `filter{f${n}}=1`).join("&")],
    ["one long name", `${"p".repeat(10_000)}=1`],
    ["one long value", `filter{id}=${"v".repeat(10_000)}`],
    ["sort keys", Array.from({ length: 1_000 }, (_, n) => `sort[]=s${n}`).join("&")],
    ["includes", Array.from({ length: 1_000 }, (_, n) => `include[]=i${n}`).join("&")],
    ["formats", Array.from({ length: 1_000 }, (_, n) => `format=f${n}`).join("&")],
  ])("to a query is short: %s", async (_, query) => {
    const { status, text } = await lab.client.get(`${SESSIONS}?${query}`);
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(30_000);
  });
});

describe("a number", () => {
  test.each([
    "9007199254740993",
    "9007199254740993.0",
    "9007199254740993e0",
    "90071992547409930e-1",
    "-9007199254740993.000",
    "0.12345678901234567891",
    "1e-400",
    "123456789012345678e3",
  ])("that a double does not hold exactly is refused in any spelling: %s", async (number) => {
    const { status, body } = await lab.client.post(
      SESSIONS,
      `{"name":"${unique("number")}","projects":["${lab.project.id}"],"extra_fields":{"a":${number}}}`,
    );
    expect([status, Object.keys(body)]).toEqual([400, ["extra_fields"]]);
    expect(body.extra_fields[0]).toContain("cannot be held exactly");
  });

  test.each([
    "0.1",
    "0.10",
    "0.10000000000000001",
    "1e23",
    "9007199254740992.0",
    "-0",
    "-0.0",
    "1e-7",
  ])("that a double holds is read as it was written: %s", async (number) => {
    const created = await lab.client.post(
      SESSIONS,
      `{"name":"${unique("number")}","projects":["${lab.project.id}"],"extra_fields":{"a":${number}}}`,
    );
    expect(created.status).toBe(201);
    const { body } = await lab.client.get(`${SESSIONS}${created.body.session.id}/`);
    expect(body.session.extra_fields.a).toBe(Number(number));
  });

  test("of details keeps its sign at zero", async () => {
    const session = await buildSession({ projects: [lab.project] });
    const { status, body } = await lab.client.post(
      DATA,
      `{"session":"${session.id}","type":"ExtracellularEphys","details":{"a":[-0]}}`,
    );
    expect(status).toBe(201);
    expect(body.data_acquisition.details.a[0]).toBe(-0);
  });
});

describe("a name", () => {
  const HIDDEN = [
    "\u0007",
    "\u00ad",
    "\u200b",
    "\u202e",
    "\u2066",
    "\u{e0001}",
    "\u115f",
    "\u1160",
    "\u3164",
    "\uffa0",
  ];

  test.each(HIDDEN)("with %j is refused", async (character) => {
    const name = `${unique("a")}${character}b`;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    for (const path of [
      SESSIONS,
      PROJECTS,
      "/api/private/personal_attributes/datastorage/",
      "/api/private/users/group/",
    ]) {
      const { status, body } = await lab.client.post(path, { name, projects: [lab.project.id] });
      expect(status, path).toBe(400);
      expect(body.name[0], path).toContain(`U+${code}`);
    }
  });

  test.each(["\u200c", "\u200d", "é", "👩‍🔬", "日本"])("with %j is kept", async (character) => {
    const name = `${unique("a")}${character}b`;
    expect((await inSession({ name })).body.session.name).toBe(name);
  });

  test("that is stored and breaks the rule stays, and the other fields stay writable", async () => {
    const { id } = await buildSession({ projects: [lab.project], name: `${unique("a")}\u200bb` });
    const changed = await lab.client.patch(`${SESSIONS}${id}/`, { description: "x" });
    expect([changed.status, changed.body.session.description]).toEqual([200, "x"]);
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import {
  type BuiltUser,
  buildDataStorage,
  buildGroup,
  buildProject,
  buildUser,
  unique,
} from "../../support/builders.ts";
import { type Client, clientFor } from "../../support/client.ts";
import { countingClient } from "../../support/d1-binding.ts";

// `search=` (contract, section 5). That it finds what a plain comparison finds is the subject of
// query/property.test.ts, which searches in generated sessions.

const SESSIONS = "/api/private/stem/session/";

let user: BuiltUser;
let project: { readonly id: string; readonly name: string };
let storage: { readonly id: string; readonly name: string };

beforeAll(async () => {
  user = await buildUser();
  const users = { contributor: [user] };
  project = await buildProject({ name: "Zebrafish atlas", users });
  storage = await buildDataStorage({ name: "Vault 7", users });
});

async function make(fields: Record<string, unknown>): Promise<{ readonly id: string }> {
  const body = { name: unique("made"), projects: [project.id], ...fields };
  const answer = await user.client.post(SESSIONS, body);
  expect(answer.status).toBe(201);
  return answer.body.session;
}

const asked = (client: Client, text: string, rest = "", path = SESSIONS) =>
  client.get(`${path}?search=${encodeURIComponent(text)}${rest}`);

/** The names that a search finds, the best match first; the answer where it is an error. */
async function found(text: string, rest = "", client = user.client): Promise<unknown> {
  const { status, body } = await asked(client, text, rest);
  if (status !== 200) return body;
  expect(body.count).toBe(body.sessions.length);
  return body.sessions.map(({ name }: { name: string }) => name);
}

describe("a search", () => {
  beforeAll(async () => {
    await make({
      name: "M0123 open field",
      description: 'A "silicon" probe, NOT a wire; name:x AND (y*) ^z "" {tags} refs : p',
      tags: ["Größe", "ΟΔΥΣΣΕΎΣ", "🐀🐁🐂"],
      datastorage: [storage.id],
      extra_fields: { rig: "Århus-1", depth: 1250.5 },
    });
  });

  test.each([
    ["a name, in any case", "m0123 OPEN"],
    ["the inside of words", "012 pen iel"],
    ["a description", "wire"],
    ["tags, with the case of all of Unicode", "GRÖSSE οδυσσεύς"],
    ["characters beyond the 16 bits", "🐀🐁🐂"],
    ["the values of extra fields", "århus 1250.5"],
    ["the names of extra fields", "DEPTH"],
    ["the name of a project", "zebra"],
    ["the name of a data storage", "vault"],
    ["words in different places", "atlas vault open silicon rig"],
  ])("finds %s", async (_, text) => {
    expect(await found(text)).toEqual(["M0123 open field"]);
  });

  test.each([
    '"silicon"',
    "NOT wire;",
    "name:x",
    "AND (y*)",
    '^z "" {tags}',
    "refs : p wire",
    "y*)",
  ])("takes the words of the index as plain text: %s", async (text) => {
    expect(await found(text)).toEqual(["M0123 open field"]);
  });

  test.each([
    "m0123 closed",
    "silicon*",
    "-wire",
    "siliconprobe",
    "NEAR(open field)",
    "---",
    "p丁丁",
    'x" OR "wire',
  ])("finds nothing for %s", async (text) => {
    expect(await found(text)).toEqual([]);
  });

  test("leaves short words aside when there is a longer one", async () => {
    expect(await found("zz m0123 q")).toEqual(["M0123 open field"]);
  });

  test("counts the characters of folded text", async () => {
    await make({ name: unique("ßa") });
    expect(await found("ßa")).toHaveLength(1);
  });

  test.each([
    ["ab c", /^search: "ab c" has no word of 3 or more characters/],
    ["🐀🐁", /^search: "🐀🐁" has no word of 3 or more characters/],
    ["x".repeat(201), /^search: takes at most 200 characters/],
    [Array.from({ length: 11 }, (_, n) => `word${n}`).join(" "), /^search: takes at most 10 words/],
    ["abc\0def", /^search: takes text without null characters/],
  ])("refuses %s", async (text, message) => {
    const { status, body } = await asked(user.client, text);
    expect([status, body]).toEqual([400, { detail: expect.stringMatching(message) }]);
  });

  test("takes ten words and two hundred characters", async () => {
    const words = Array.from({ length: 10 }, (_, n) => String(n).repeat(19));
    expect(await found(words.join(" "))).toEqual([]);
    expect(await found("ΐ".repeat(200))).toEqual([]);
  });

  test("is given once", async () => {
    const { status, body } = await user.client.get(`${SESSIONS}?search=abc&search=def`);
    expect([status, body.detail]).toEqual([400, expect.stringMatching(/^search: give it once/)]);
  });

  test("that is empty lists everything", async () => {
    const { body } = await asked(user.client, "  ");
    expect(body.count).toBe((await user.client.get(SESSIONS)).body.count);
  });

  test.each([
    "/api/private/modules/behavior/",
    "/api/private/modules/epoch/",
    `${SESSIONS}${crypto.randomUUID()}/`,
  ])("is an unknown parameter of %s", async (path) => {
    const { status, body } = await asked(user.client, "open", "", path);
    if (status === 404) return;
    expect([status, body.detail]).toEqual([
      400,
      expect.stringMatching(/^search: is not offered for these records/),
    ]);
  });
});

describe("the order of a search", () => {
  beforeAll(async () => {
    await make({
      name: "c",
      description: "A long text that mentions the quokka at its end: quokka",
    });
    await make({ name: "a", tags: ["quokka"] });
    await make({ name: "quokka b", date_time: "2024-01-01T00:00:00" });
  });

  test("has the best match first: the name, then a tag, then a description", async () => {
    expect(await found("quokka")).toEqual(["quokka b", "a", "c"]);
  });

  test("is that of sort[] where there is one", async () => {
    expect(await found("quokka", "&sort[]=-name")).toEqual(["quokka b", "c", "a"]);
    expect(await found("quokka", "&sort[]=date_time&sort[]=name")).toEqual(["a", "c", "quokka b"]);
  });

  test("is the same on each page", async () => {
    const pages = [0, 1, 2, 3].map((offset) =>
      asked(user.client, "quokka", `&limit=1&offset=${offset}`),
    );
    const answers = await Promise.all(pages);
    expect(
      answers.map(({ body }) => body.sessions.map(({ name }: { name: string }) => name)),
    ).toEqual([["quokka b"], ["a"], ["c"], []]);
    expect(answers.map(({ body }) => [body.count, body.next !== null])).toEqual([
      [3, true],
      [3, true],
      [3, false],
      [3, false],
    ]);
  });

  test("takes filters, whether the index answers them or not", async () => {
    expect(await found("quokka", "&filter{tags}=quokka")).toEqual(["a"]);
    expect(await found("quokka", "&filter{-tags}=quokka")).toEqual(["quokka b", "c"]);
    expect(await found("quokka", "&filter{name.icontains}=QUOK")).toEqual(["quokka b"]);
    expect(await found("quokka", "&filter{name.contains}=QUOK")).toEqual([]);
    expect(await found("quokka", "&filter{date_time.gte}=2023-01-01")).toEqual(["quokka b"]);
    expect(await found("quokka", `&filter{projects}=${project.id}`)).toEqual([
      "quokka b",
      "a",
      "c",
    ]);
    expect(await found("quokka", "&filter{datastorage.name}=Vault 7")).toEqual([]);
  });
});

describe("what a caller may not see", () => {
  test("is not found and not counted", async () => {
    const [owner, stranger] = [await buildUser(), await buildUser()];
    const hidden = await buildProject({ name: "Embargo wombat", users: { contributor: [owner] } });
    const shared = await buildProject({ users: { contributor: [owner], member: [stranger] } });
    const secret = await buildDataStorage({
      name: "Bunker wombat",
      users: { contributor: [owner] },
    });
    const create = (
      name: string,
      projects: readonly { id: string }[],
      datastorage: string[] = [],
    ) => owner.client.post(SESSIONS, { name, projects: projects.map(({ id }) => id), datastorage });
    await create("numbat hidden", [hidden]);
    await create("numbat both", [shared, hidden], [secret.id]);
    expect(await found("numbat", "", owner.client)).toHaveLength(2);
    expect(await found("numbat", "", stranger.client)).toEqual(["numbat both"]);
    expect(await found("numbat", "&sort[]=name", stranger.client)).toEqual(["numbat both"]);
    // The names of a project and a storage that the stranger may not read.
    expect(await found("wombat", "", owner.client)).toHaveLength(2);
    expect(await found("wombat", "", stranger.client)).toEqual([]);
    expect(await found("embargo numbat", "", stranger.client)).toEqual([]);
    expect(
      await found("numbat", "&filter{projects.name.icontains}=embargo", stranger.client),
    ).toEqual([]);
    expect(await found("numbat", "", clientFor((await buildUser()).client.token))).toEqual([]);
  });

  test("is found once a project is shared, renamed or left", async () => {
    const [owner, other] = [await buildUser(), await buildUser()];
    const one = await buildProject({ name: "Dugong one", users: { owner: [owner] } });
    const two = await buildProject({
      name: "Dugong two",
      users: { owner: [owner], member: [other] },
    });
    const made = await owner.client.post(SESSIONS, { name: "manatee", projects: [one.id] });
    const { id } = made.body.session;
    expect(await found("manatee", "", other.client)).toEqual([]);
    await owner.client.patch(`${SESSIONS}${id}/`, { projects: [one.id, two.id] });
    expect(await found("manatee dugong", "", other.client)).toEqual(["manatee"]);
    await owner.client.patch(`/api/private/stem/project/${two.id}/`, { name: "Renamed" });
    expect(await found("manatee dugong", "", other.client)).toEqual([]);
    expect(await found("manatee renamed", "", other.client)).toEqual(["manatee"]);
    await owner.client.patch(`${SESSIONS}${id}/`, { projects: [one.id] });
    expect(await found("manatee", "", other.client)).toEqual([]);
    await owner.client.delete(`${SESSIONS}${id}/`);
    expect(await found("manatee", "", owner.client)).toEqual([]);
  });

  test("stays hidden in the public portal, with the names of what is not public", async () => {
    const owner = await buildUser();
    const users = { contributor: [owner] };
    const open = await buildProject({ name: "Open axolotl", isPublic: true, users });
    const closed = await buildProject({ name: "Closed axolotl", users });
    const disk = await buildDataStorage({ name: "Closed disk", users });
    const create = (name: string, projects: readonly string[]) =>
      owner.client.post(SESSIONS, { name, projects, datastorage: [disk.id] });
    await create("newt 1", [open.id, closed.id]);
    await create("newt 2", [closed.id]);
    const names = async (text: string) => {
      const { body } = await asked(clientFor(), text, "", "/api/public/stem/session/");
      return [body.count, ...body.sessions.map(({ name }: { name: string }) => name)];
    };
    expect(await names("newt")).toEqual([1, "newt 1"]);
    expect(await names("axolotl open")).toEqual([1, "newt 1"]);
    expect(await names("closed")).toEqual([0]);
  });
});

describe("the list of a project's sessions", () => {
  test("is searched too", async () => {
    const other = await buildProject({ users: { contributor: [user] } });
    await make({ name: "lemur here" });
    await make({ name: "lemur there", projects: [other.id] });
    const path = `/api/private/stem/project/${other.id}/sessions/`;
    const { body } = await asked(user.client, "lemur", "", path);
    expect(body.sessions.map(({ name }: { name: string }) => name)).toEqual(["lemur there"]);
  });
});

describe("other models", () => {
  const names = async (path: string, key: string, text: string, label = "name") => {
    const { body } = await asked(user.client, text, "", `/api/private/${path}/`);
    expect(body.count).toBe(body[key].length);
    return body[key].map((record: Record<string, unknown>) => record[label]);
  };

  test("projects are found by name, tags and description", async () => {
    const { client } = user;
    const create = (fields: object) => client.post("/api/private/stem/project/", fields);
    await create({ name: "Kiwi study", description: "Of KAKAPO" });
    await create({ name: "Kakapo", tags: ["Käuze"] });
    expect(await names("stem/project", "projects", "kakapo")).toEqual(["Kakapo", "Kiwi study"]);
    expect(await names("stem/project", "projects", "KÄUZE")).toEqual(["Kakapo"]);
    await buildProject({ name: "Kakapo of strangers" });
    expect(await names("stem/project", "projects", "kakapo")).toEqual(["Kakapo", "Kiwi study"]);
  });

  test("data storages by name, location and description", async () => {
    const create = (fields: object) =>
      user.client.post("/api/private/personal_attributes/datastorage/", fields);
    await create({ name: "Tape", location: "Room ÅSE", description: "Slow" });
    expect(await names("personal_attributes/datastorage", "datastorages", "åse slow")).toEqual([
      "Tape",
    ]);
  });

  test("groups by name", async () => {
    await buildGroup([], "Marsupials of Århus");
    expect(await names("users/group", "groups", "ÅRHUS")).toEqual(["Marsupials of Århus"]);
  });

  test("users by name and email", async () => {
    const email = "platypus@lab.example";
    const other = await buildUser(email);
    await other.client.patch(`/api/private/users/user/${other.id}/`, {
      first_name: "Ørjan",
      last_name: "Ås",
    });
    expect(await names("users/user", "users", "platy ØRJAN", "email")).toEqual([email]);
  });
});

describe("the cost of a search", () => {
  test.each([
    "",
    "&sort[]=-date_time",
    "&filter{name.icontains}=open",
    "&filter{-tags}=x",
    "&include[]=projects",
  ])("is one round trip: %s", async (rest) => {
    const { client, cost } = countingClient(user.client.token);
    expect((await asked(client, "open", rest)).status).toBe(200);
    expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../src/models/session/session.ts";
import { vocabularyOf } from "../../../src/query/read-model.ts";
import {
  type BuiltUser,
  buildDataStorage,
  buildProject,
  buildUser,
} from "../../support/builders.ts";
import { type SessionRow, sessionRow, writeSessions } from "../../support/session-rows.ts";

const KEYS = [
  "id",
  "name",
  "description",
  "epochs",
  "projects",
  "date_time",
  "datastorage",
  "extra_fields",
  "download_links",
  "dataacquisition",
  "behaviors",
  "manipulations",
  "name_used_in_storage",
  "tags",
];

const twoIds = () => [crypto.randomUUID(), crypto.randomUUID()];

let user: BuiltUser;
let row: SessionRow;
let own: { readonly id: string; readonly name: string };
let foreign: { readonly id: string };
let disk: { readonly id: string; readonly name: string };
let attic: { readonly id: string };

beforeAll(async () => {
  user = await buildUser();
  own = await buildProject({ name: "Own", users: { member: [user] } });
  foreign = await buildProject({ name: "Foreign", isPublic: true });
  disk = await buildDataStorage({ name: "Disk", users: { member: [user] } });
  attic = await buildDataStorage({ name: "Attic", isPublic: true });
  row = sessionRow({
    projects: [foreign.id, own.id],
    dataStorages: [attic.id, disk.id],
    epochs: twoIds(),
    dataAcquisitions: twoIds(),
    behaviors: twoIds(),
    manipulations: twoIds(),
  });
  await writeSessions([row]);
});

/** The session through its list and through its detail: they show the same. */
async function show(query: string) {
  const list = await user.client.get(`/api/private/stem/session/?${query}`);
  const detail = await user.client.get(`/api/private/stem/session/${row.id}/?${query}`);
  expect([list.status, detail.status]).toEqual([200, 200]);
  expect(list.body.sessions).toEqual([detail.body.session]);
  expect(list.body.count).toBe(1);
  return detail.body.session;
}

describe("a session without include[] or exclude[]", () => {
  test("has its keys in their order, with ids in place of objects", async () => {
    const shown = await show("");
    expect(Object.keys(shown)).toEqual(KEYS);
    expect(shown).toMatchObject({
      projects: row.projects,
      datastorage: row.dataStorages,
      epochs: row.epochs,
      dataacquisition: row.dataAcquisitions,
      behaviors: row.behaviors,
      manipulations: row.manipulations,
    });
  });
});

describe("include[]", () => {
  test("covers all relations of the contract", () => {
    expect(vocabularyOf(session).includes.toSorted()).toEqual(
      ["projects", "datastorage", "dataacquisition", "behaviors", "manipulations", "epochs"].sort(),
    );
  });

  test.each(["epochs", "dataacquisition", "behaviors", "manipulations"])(
    "puts whole %s in place of ids, in their order",
    async (field) => {
      const ids = (await show(""))[field];
      for (const written of [field, `${field}.*`]) {
        const shown = await show(`include[]=${written}`);
        expect(Object.keys(shown)).toEqual(KEYS);
        expect(shown[field]).toHaveLength(2);
        for (const [index, one] of shown[field].entries()) {
          expect(one).toMatchObject({ id: ids[index], session: row.id, notes: "" });
        }
      }
    },
  );

  test("puts whole projects in place of ids; one that the caller may not read stays its id", async () => {
    const { projects } = await show("include[]=projects");
    expect(projects[0]).toEqual({ id: foreign.id });
    expect(projects[1]).toMatchObject({ id: own.id, name: "Own", description: "" });
    expect(projects).toHaveLength(2);
  });

  test("puts whole data storages in place of ids; one that the caller may not read stays its id", async () => {
    const { datastorage } = await show("include[]=datastorage.*");
    expect(datastorage[0]).toEqual({ id: attic.id });
    expect(datastorage[1]).toMatchObject({ id: disk.id, name: "Disk", location: "" });
    expect(datastorage).toHaveLength(2);
  });

  test("may name all relations at once, and leaves the other fields as they are", async () => {
    const plain = await show("");
    const includes = vocabularyOf(session).includes;
    const whole = await show(includes.map((field) => `include[]=${field}.*`).join("&"));
    for (const key of KEYS) {
      if (!includes.includes(key)) expect(whole[key]).toEqual(plain[key]);
      else expect(whole[key].map(({ id }: { id: string }) => id)).toEqual(plain[key]);
    }
  });

  test("is an empty list where there is nothing to include", async () => {
    const other = await buildUser();
    const project = await buildProject({ users: { member: [other] } });
    const bare = sessionRow({ projects: [project.id] });
    await writeSessions([bare]);
    const { body } = await other.client.get(
      `/api/private/stem/session/${bare.id}/?include[]=epochs&include[]=datastorage`,
    );
    expect(body.session).toMatchObject({ epochs: [], datastorage: [] });
  });

  test.each(["name", "tags", "project", "projects.name", "projects.users.*", "*", ""])(
    "refuses %j with the fields that can be included",
    async (name) => {
      for (const path of ["", `${row.id}/`]) {
        const { status, body } = await user.client.get(
          `/api/private/stem/session/${path}?include[]=${name}`,
        );
        expect(status).toBe(400);
        expect(body.detail).toContain("include[]");
        for (const known of vocabularyOf(session).includes) expect(body.detail).toContain(known);
      }
    },
  );
});

describe("exclude[]", () => {
  test.each(KEYS.slice(1))("leaves %s out, and nothing else", async (key) => {
    expect(Object.keys(await show(`exclude[]=${key}`))).toEqual(KEYS.filter((one) => one !== key));
  });

  test("is repeated, until the id is left", async () => {
    const all = KEYS.slice(1).map((key) => `exclude[]=${key}`);
    expect(await show(all.join("&"))).toEqual({ id: row.id });
  });

  test("wins over include[]", async () => {
    const shown = await show("include[]=projects&exclude[]=projects");
    expect(shown).not.toHaveProperty("projects");
  });

  test("leaves filters and sort keys of the field as they are", async () => {
    const { body } = await user.client.get(
      `/api/private/stem/session/?exclude[]=name&filter{name}=${row.name}&sort[]=-name`,
    );
    expect(body.count).toBe(1);
    expect(body.sessions[0]).not.toHaveProperty("name");
  });

  test.each(["id", "created_date", "nothing", "projects.*", ""])("refuses %j", async (name) => {
    const { status, body } = await user.client.get(`/api/private/stem/session/?exclude[]=${name}`);
    expect(status).toBe(400);
    expect(body.detail).toContain("exclude[]");
    expect(body.detail).toContain(KEYS.slice(1).join(", "));
  });
});

describe("only[]", () => {
  test.each(KEYS)("shows %s and the id, and nothing else", async (key) => {
    expect(Object.keys(await show(`only[]=${key}`))).toEqual([...new Set(["id", key])]);
  });

  test("is repeated, and shows the fields in their own order with their values", async () => {
    const whole = await show("");
    const shown = await show("only[]=tags&only[]=name&only[]=name");
    expect(Object.entries(shown)).toEqual(
      ["id", "name", "tags"].map((key) => [key, whole[key]] as const),
    );
  });

  test("of all fields is the whole object", async () => {
    expect(await show(KEYS.map((key) => `only[]=${key}`).join("&"))).toEqual(await show(""));
  });

  test("decides which fields are shown, and include[] how", async () => {
    const shown = await show("only[]=projects&include[]=projects&include[]=epochs");
    expect(Object.keys(shown)).toEqual(["id", "projects"]);
    expect(shown.projects[1]).toMatchObject({ id: own.id, name: "Own" });
  });

  test("leaves filters and sort keys of the other fields as they are", async () => {
    const { body } = await user.client.get(
      `/api/private/stem/session/?only[]=tags&filter{name}=${row.name}&sort[]=-name`,
    );
    expect(body.count).toBe(1);
    expect(body.sessions[0]).toEqual({ id: row.id, tags: row.tags });
  });

  test("stays in next and previous", async () => {
    await writeSessions([sessionRow({ projects: [own.id] }), sessionRow({ projects: [own.id] })]);
    const { body } = await user.client.get(
      "/api/private/stem/session/?only[]=name&limit=1&offset=1",
    );
    for (const address of [body.next, body.previous]) {
      expect(new URL(address).searchParams.getAll("only[]")).toEqual(["name"]);
    }
  });

  test("with exclude[] is refused", async () => {
    for (const path of ["", `${row.id}/`]) {
      const { status, body } = await user.client.get(
        `/api/private/stem/session/${path}?only[]=name&exclude[]=tags`,
      );
      expect(status).toBe(400);
      expect(body.detail).toContain("only[]");
      expect(body.detail).toContain("exclude[]");
    }
  });

  test.each(["created_date", "nothing", "projects.*", "projects.name", ""])(
    "refuses %j with the fields that can be shown",
    async (name) => {
      for (const path of ["", `${row.id}/`]) {
        const { status, body } = await user.client.get(
          `/api/private/stem/session/${path}?only[]=${name}`,
        );
        expect(status).toBe(400);
        expect(body.detail).toContain("only[]");
        expect(body.detail).toContain(KEYS.join(", "));
      }
    },
  );
});

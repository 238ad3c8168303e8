import { describe, expect, test } from "vitest";
import {
  buildDataStorage,
  buildProject,
  buildSession,
  buildUser,
  unique,
} from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";

const STORAGES = "/api/private/personal_attributes/datastorage/";

const open = { protocol: "Dropbox (Cloud solution)", path: "data/myproject", is_public: true };
const closed = { protocol: "Local harddrive", path: "/home/me/data", is_public: false };

describe("POST /api/private/personal_attributes/datastorage/", () => {
  test("answers the whole storage, which its maker owns", async () => {
    const user = await buildUser();
    const written = {
      name: unique("storage"),
      location: "Cabinet A",
      description: "Åse's server",
      is_public: true,
      data_organization: [{ elements: "Sessions" }, { elements: "Subjects" }],
      data_protocols: [open, closed],
    };
    const { status, body } = await user.client.post(STORAGES, written);
    expect(status).toBe(201);
    expect(body).toEqual({
      datastorage: {
        id: expect.any(String),
        ...written,
        users: { [user.email]: { can_change: true, is_manager: true, is_owner: true } },
        authenticated_groups: {},
        tags: [],
      },
    });
    expect((await user.client.get(`${STORAGES}${body.datastorage.id}/`)).body).toEqual(body);
  });

  test("takes one object for a list of one, as MATLAB sends it", async () => {
    const user = await buildUser();
    const { body } = await user.client.post(STORAGES, {
      name: unique("storage"),
      data_organization: { elements: "Sessions" },
      data_protocols: { protocol: "Local" },
    });
    expect(body.datastorage.data_organization).toEqual([{ elements: "Sessions" }]);
    expect(body.datastorage.data_protocols).toEqual([
      { protocol: "Local", path: "", is_public: false },
    ]);
  });

  test.each([
    ["a name of 101 characters", { name: "x".repeat(101) }, "name", /100 characters/],
    ["a location of 101", { name: "x", location: "x".repeat(101) }, "location", /100 characters/],
    ["a description of 501", { name: "x", description: "x".repeat(501) }, "description", /500/],
    [
      "an organization of texts",
      { name: "x", data_organization: ["a"] },
      "data_organization",
      /^item 1: /,
    ],
    [
      "a protocol without a name",
      { name: "x", data_protocols: [{ path: "/" }] },
      "data_protocols",
      /^item 1: protocol: /,
    ],
    [
      "an unknown key of a protocol",
      { name: "x", data_protocols: [{ protocol: "a", url: "" }] },
      "data_protocols",
      /unknown key url/,
    ],
    [
      "an integer that cannot be held",
      '{"name":"x","data_organization":[{"n":9007199254740993}]}',
      "data_organization",
      /cannot be held exactly/,
    ],
  ])("refuses %s", async (_title, body, field, message) => {
    const user = await buildUser();
    const answer = await user.client.post(STORAGES, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ [field]: [expect.stringMatching(message)] });
  });

  test("refuses a name that is taken", async () => {
    const user = await buildUser();
    const { name } = await buildDataStorage();
    const answer = await user.client.post(STORAGES, { name });
    expect(answer.body).toEqual({ name: ["data storage with this name already exists."] });
  });
});

describe("PATCH /api/private/personal_attributes/datastorage/{id}/", () => {
  test("changes what it names; only an owner publishes", async () => {
    const [owner, user] = [await buildUser(), await buildUser()];
    const storage = await buildDataStorage({ users: { owner: [owner], contributor: [user] } });
    const address = `${STORAGES}${storage.id}/`;
    const changed = await user.client.patch(address, { location: "Cabinet B" });
    expect(changed.body.datastorage).toMatchObject({ name: storage.name, location: "Cabinet B" });
    const refused = await user.client.patch(address, { is_public: true });
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toContain(`own_datastorage on data storage ${storage.id}`);
    expect((await owner.client.patch(address, { is_public: true })).status).toBe(200);
  });
});

describe("DELETE /api/private/personal_attributes/datastorage/{id}/", () => {
  test("is refused while sessions name it, and says how many", async () => {
    const user = await buildUser();
    const storage = await buildDataStorage({ users: { owner: [user] } });
    const session = { projects: [await buildProject()], dataStorages: [storage] };
    await buildSession(session);
    await buildSession(session);
    const { status, body } = await user.client.delete(`${STORAGES}${storage.id}/`);
    expect(status).toBe(400);
    expect(body).toEqual({ sessions: [expect.stringContaining("name this data storage: 2.")] });
  });

  test("deletes a storage that no session names", async () => {
    const user = await buildUser();
    const storage = await buildDataStorage({ users: { owner: [user] } });
    expect((await user.client.delete(`${STORAGES}${storage.id}/`)).status).toBe(204);
    expect((await user.client.get(`${STORAGES}${storage.id}/`)).status).toBe(404);
  });
});

describe("GET /api/public/personal_attributes/datastorage/", () => {
  test("shows the public protocols of public storages, and nobody's email", async () => {
    const user = await buildUser();
    const sharing = { users: { owner: [user] } };
    const shown = await buildDataStorage({ ...sharing, isPublic: true });
    const hidden = await buildDataStorage(sharing);
    for (const { id } of [shown, hidden]) {
      await user.client.patch(`${STORAGES}${id}/`, { data_protocols: [closed, open] });
    }
    const address = "/api/public/personal_attributes/datastorage/";
    const list = await clientFor().get(address);
    const detail = await clientFor().get(`${address}${shown.id}/`);
    expect(list.body.datastorages).toContainEqual(detail.body.datastorage);
    expect(JSON.stringify(list.body)).not.toContain(hidden.id);
    expect(detail.body.datastorage).toMatchObject({
      data_protocols: [open],
      users: {},
      authenticated_groups: {},
    });
    expect((await clientFor().get(`${address}${hidden.id}/`)).status).toBe(404);
  });
});

describe("GET /api/private/personal_attributes/datastorage/", () => {
  test("filters by name, location, description and is_public, and sorts", async () => {
    const user = await buildUser();
    const sharing = { users: { owner: [user] } };
    const a = await buildDataStorage({ ...sharing, name: unique("a") });
    const b = await buildDataStorage({ ...sharing, name: unique("b"), isPublic: true });
    await user.client.patch(`${STORAGES}${a.id}/`, { location: "Ålesund", description: "Cold" });
    const found = async (query: string) => {
      const { body } = await user.client.get(`${STORAGES}?${query}`);
      return body.datastorages.map(({ id }: { id: string }) => id);
    };
    expect(await found("sort[]=-name")).toEqual([b.id, a.id]);
    expect(await found("filter{location.istartswith}=åle")).toEqual([a.id]);
    expect(await found("filter{description}=Cold")).toEqual([a.id]);
    expect(await found("filter{is_public}=1")).toEqual([b.id]);
    expect(await found(`filter{name}=${b.name}`)).toEqual([b.id]);
  });
});

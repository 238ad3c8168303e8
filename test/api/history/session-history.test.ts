import { describe, expect, test } from "vitest";
import { buildDataStorage, buildProject, buildUser, unique } from "../../support/builders.ts";

const PATH = "/api/private/stem/session/";

describe("GET /api/private/stem/session/{id}/history/", () => {
  test("tells who made, changed and deleted the session, and what of it", async () => {
    const owner = await buildUser();
    const project = await buildProject({ users: { owner: [owner] } });
    const name = unique("told");
    const { client } = owner;
    const made = await client.post(PATH, { name, projects: [project.id] });
    const { id } = made.body.session;
    await client.patch(`${PATH}${id}/`, { description: "new", tags: ["a"] });
    await client.delete(`${PATH}${id}/`);
    const { status, body } = await client.get(`${PATH}${id}/history/`);
    expect(status).toBe(200);
    expect(body.count).toBe(3);
    const [create, change, remove] = body.history;
    expect(create).toMatchObject({
      action: "create",
      user: owner.email,
      model: "session",
      record: id,
    });
    expect(create.changes.name).toEqual({ from: null, to: name });
    expect(change.action).toBe("change");
    expect(change.changes).toEqual({
      description: { from: "", to: "new" },
      tags: { from: [], to: ["a"] },
    });
    expect(remove.action).toBe("delete");
    expect(remove.changes.description).toEqual({ from: "new", to: null });
  });

  test("tells of the storages, which are part of the session", async () => {
    const owner = await buildUser();
    const project = await buildProject({ users: { owner: [owner] } });
    const storage = await buildDataStorage({ users: { owner: [owner] } });
    const { client } = owner;
    const made = await client.post(PATH, { name: unique("stored"), projects: [project.id] });
    const session = made.body.session.id;
    const association = await client.post("/api/private/stem/sessiondatastorage/", {
      session,
      datastorage: storage.id,
    });
    await client.delete(
      `/api/private/stem/sessiondatastorage/${association.body.sessiondatastorage.id}/`,
    );
    const { body } = await client.get(`${PATH}${session}/history/`);
    expect(body.history.slice(1).map((entry: { changes: unknown }) => entry.changes)).toEqual([
      { datastorage: { from: [], to: [storage.id] } },
      { datastorage: { from: [storage.id], to: [] } },
    ]);
  });

  test("says nothing of a write that failed", async () => {
    const owner = await buildUser();
    const project = await buildProject({ users: { owner: [owner] } });
    const { client } = owner;
    const made = await client.post(PATH, { name: unique("quiet"), projects: [project.id] });
    const { id } = made.body.session;
    await client.patch(`${PATH}${id}/`, { name: "" });
    const { body } = await client.get(`${PATH}${id}/history/`);
    expect(body.count).toBe(1);
  });

  test("says nothing of a change that changes nothing", async () => {
    const owner = await buildUser();
    const project = await buildProject({ users: { owner: [owner] } });
    const { client } = owner;
    const made = await client.post(PATH, { name: unique("same"), projects: [project.id] });
    const { session } = made.body;
    expect((await client.put(`${PATH}${session.id}/`, session)).status).toBe(200);
    expect((await client.get(`${PATH}${session.id}/history/`)).body.count).toBe(1);
  });

  test("is for managers: 403 for a contributor and an outsider, 404 for what never was", async () => {
    const [owner, contributor, outsider] = [
      await buildUser(),
      await buildUser(),
      await buildUser(),
    ];
    const project = await buildProject({
      users: { owner: [owner], contributor: [contributor] },
    });
    const made = await owner.client.post(PATH, { name: unique("kept"), projects: [project.id] });
    const address = `${PATH}${made.body.session.id}/history/`;
    expect((await contributor.client.get(address)).status).toBe(403);
    expect((await outsider.client.get(address)).status).toBe(403);
    expect((await contributor.client.get(address)).body.detail).toContain("manage_project");
    const nothing = await owner.client.get(`${PATH}${crypto.randomUUID()}/history/`);
    expect(nothing.status).toBe(404);
  });
});

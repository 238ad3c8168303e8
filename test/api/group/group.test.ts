import { describe, expect, test } from "vitest";
import {
  type BuiltUser,
  buildHeldGroup,
  buildProject,
  buildUser,
  unique,
} from "../../support/builders.ts";

const GROUPS = "/api/private/users/group/";
const OWNER = { is_manager: true, is_owner: true };

describe("POST /api/private/users/group/", () => {
  test("makes a group with its maker as owner and only member", async () => {
    const user = await buildUser();
    const name = unique("lab");
    const { status, body } = await user.client.post(GROUPS, { name });
    expect(status).toBe(201);
    expect(body).toEqual({
      group: { id: expect.any(String), name, users: { [user.email]: OWNER } },
    });
  });

  test.each([
    ["a name that is too long", { name: "x".repeat(101) }, "name"],
    [
      "a level that groups do not have",
      { name: "x", users: { "a@b": { can_change: true } } },
      "users",
    ],
  ])("refuses %s", async (_title, body, field) => {
    const user = await buildUser();
    const answer = await user.client.post(GROUPS, body);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body)).toEqual([field]);
  });

  test("refuses a name that is taken", async () => {
    const user = await buildUser();
    const { name } = await buildHeldGroup({});
    const answer = await user.client.post(GROUPS, { name });
    expect(answer.body).toEqual({ name: ["group with this name already exists."] });
  });
});

describe("GET /api/private/users/group/", () => {
  test("shows every group by name, and who is in it to its members alone", async () => {
    const [member, outsider] = [await buildUser(), await buildUser()];
    const group = await buildHeldGroup({ member: [member] });
    const address = `${GROUPS}?filter{name.icontains}=${group.name.toUpperCase()}&sort[]=-name`;
    const inside = await member.client.get(address);
    expect(inside.body.groups).toEqual([
      { ...group, users: { [member.email]: { is_manager: false, is_owner: false } } },
    ]);
    const outside = await outsider.client.get(address);
    expect(outside.body.groups).toEqual([{ ...group, users: {} }]);
  });
});

describe("PATCH and DELETE /api/private/users/group/{id}/", () => {
  test("only an owner renames a group", async () => {
    const [owner, manager] = [await buildUser(), await buildUser()];
    const group = await buildHeldGroup({ owner: [owner], manager: [manager] });
    const name = unique("renamed");
    expect((await manager.client.patch(`${GROUPS}${group.id}/`, { name })).status).toBe(403);
    const { body } = await owner.client.patch(`${GROUPS}${group.id}/`, { name });
    expect(body.group.name).toBe(name);
  });

  test("a refusal tells a stranger nothing of who is in the group, and at which level", async () => {
    const users = [await buildUser(), await buildUser(), await buildUser(), await buildUser()];
    const [owner, manager, member, outsider] = users as [
      BuiltUser,
      BuiltUser,
      BuiltUser,
      BuiltUser,
    ];
    const levels = { owner: [owner], manager: [manager], member: [member] };
    const { id } = await buildHeldGroup(levels);
    const stranger = await buildUser();
    for (const entry of [{ remove: true }, {}, { is_manager: true }, { is_owner: true }]) {
      const details = [];
      for (const { email } of [owner, manager, member, outsider]) {
        const body = { users: { [email]: entry } };
        details.push((await stranger.client.patch(`${GROUPS}${id}/`, body)).text);
      }
      expect(new Set(details).size, JSON.stringify(entry)).toBe(1);
    }
  });

  test("a deleted group gives its members nothing any more", async () => {
    const [owner, member] = [await buildUser(), await buildUser()];
    const group = await buildHeldGroup({ owner: [owner], member: [member] });
    const project = await buildProject({ groups: { owner: [group] } });
    const address = `/api/private/stem/project/${project.id}/`;
    expect((await member.client.get(address)).status).toBe(200);
    expect((await owner.client.delete(`${GROUPS}${group.id}/`)).status).toBe(204);
    expect((await member.client.get(address)).status).toBe(403);
    expect((await owner.client.get(`${GROUPS}${group.id}/`)).status).toBe(404);
  });
});

describe("/api/private/users/group/{id}/leave/", () => {
  test.each(["GET", "POST"])(
    "%s takes the caller, and nobody else, from the group",
    async (method) => {
      const [owner, user] = [await buildUser(), await buildUser()];
      const group = await buildHeldGroup({ owner: [owner], manager: [user] });
      const { status, body } = await user.client.send(method, `${GROUPS}${group.id}/leave/`);
      expect(status).toBe(200);
      expect(body).toEqual({ group: { ...group, users: {} } });
      const left = await owner.client.get(`${GROUPS}${group.id}/`);
      expect(left.body.group.users).toEqual({ [owner.email]: OWNER });
    },
  );

  test("the last owner stays", async () => {
    const owner = await buildUser();
    const group = await buildHeldGroup({ owner: [owner], member: [await buildUser()] });
    const { status, body } = await owner.client.get(`${GROUPS}${group.id}/leave/`);
    expect(status).toBe(400);
    expect(body).toEqual({ users: [expect.stringContaining("last owner")] });
  });

  test("nobody leaves a group that there is not, or that they are not in", async () => {
    const user = await buildUser();
    const group = await buildHeldGroup({});
    expect((await user.client.get(`${GROUPS}${group.id}/leave/`)).status).toBe(403);
    expect((await user.client.get(`${GROUPS}${user.id}/leave/`)).status).toBe(404);
  });

  test("asking for the headers alone leaves nothing", async () => {
    const [owner, user] = [await buildUser(), await buildUser()];
    const group = await buildHeldGroup({ owner: [owner], member: [user] });
    const { status } = await user.client.send("HEAD", `${GROUPS}${group.id}/leave/`);
    expect(status).toBe(405);
    const stays = await user.client.get(`${GROUPS}${group.id}/`);
    expect(Object.keys(stays.body.group.users)).toContain(user.email);
  });
});

import { describe, expect, test } from "vitest";
import { LEVEL, type LevelName } from "../../../src/values/permission.ts";
import {
  type BuiltUser,
  buildDataStorage,
  buildGroup,
  buildHeldGroup,
  buildProject,
  buildUser,
  type Grants,
  unique,
} from "../../support/builders.ts";

/** What has members, as one table: what holds of one holds of all. */
const SHARED = [
  {
    title: "stem/project",
    path: "/api/private/stem/project/",
    one: "project",
    model: "project",
    levels: ["member", "contributor", "manager", "owner"],
    flags: { can_change: 2, is_manager: 3, is_owner: 4 },
    groups: "groups",
    build: (users: Grants) => buildProject({ users }),
  },
  {
    title: "personal_attributes/datastorage",
    path: "/api/private/personal_attributes/datastorage/",
    one: "datastorage",
    model: "datastorage",
    levels: ["member", "contributor", "manager", "owner"],
    flags: { can_change: 2, is_manager: 3, is_owner: 4 },
    groups: "authenticated_groups",
    build: (users: Grants) => buildDataStorage({ users }),
  },
  {
    title: "users/group",
    path: "/api/private/users/group/",
    one: "group",
    model: "group",
    levels: ["member", "manager", "owner"],
    flags: { is_manager: 3, is_owner: 4 },
    groups: undefined,
    build: (users: Grants) => buildHeldGroup(users),
  },
] as const satisfies readonly { levels: readonly LevelName[]; [key: string]: unknown }[];

const shown = (flags: Readonly<Record<string, number>>, level: LevelName) =>
  Object.fromEntries(Object.entries(flags).map(([flag, least]) => [flag, LEVEL[level] >= least]));

/** The entry that gives a level, by its highest flag alone. */
const entryFor = (flags: Readonly<Record<string, number>>, level: LevelName) =>
  Object.fromEntries(
    Object.entries(flags)
      .filter(([, least]) => least === LEVEL[level])
      .map(([flag]) => [flag, true]),
  );

describe.each(SHARED)("the users of $title", (shared) => {
  const { path, one, model, levels, flags } = shared;

  const patch = (user: BuiltUser, id: string, users: unknown) =>
    user.client.patch(`${path}${id}/`, { users });

  test.each(levels)(
    "an owner gives the level of %s, shown with what it includes",
    async (level) => {
      const owner = await buildUser();
      const other = await buildUser();
      const { id } = await shared.build({ owner: [owner] });
      const entry = entryFor(flags, level);
      const { status, body } = await patch(owner, id, { [other.email.toUpperCase()]: entry });
      expect(status).toBe(200);
      expect(body[one].users).toEqual({
        [owner.email]: shown(flags, "owner"),
        [other.email]: shown(flags, level),
      });
    },
  );

  test("an owner changes and removes members, several at once", async () => {
    const owner = await buildUser();
    const [up, down, away] = [await buildUser(), await buildUser(), await buildUser()];
    const { id } = await shared.build({ owner: [owner, down], member: [up], manager: [away] });
    const { body } = await patch(owner, id, {
      [up.email]: { is_manager: true },
      [down.email]: {},
      [away.email]: { is_manager: true, remove: true },
    });
    expect(body[one].users).toEqual({
      [owner.email]: shown(flags, "owner"),
      [up.email]: shown(flags, "manager"),
      [down.email]: shown(flags, "member"),
    });
    expect((await owner.client.get(`${path}${id}/`)).body).toEqual(body);
  });

  test("a manager manages those below, and nobody else", async () => {
    const [owner, manager, peer] = [await buildUser(), await buildUser(), await buildUser()];
    const [member, fresh] = [await buildUser(), await buildUser()];
    const { id } = await shared.build({
      owner: [owner],
      manager: [manager, peer],
      member: [member],
    });
    expect((await patch(manager, id, { [fresh.email]: {} })).status).toBe(200);
    expect((await patch(manager, id, { [fresh.email]: { remove: true } })).status).toBe(200);
    const beyond = [
      { [fresh.email]: { is_manager: true } },
      { [member.email]: { is_manager: true } },
      { [member.email]: { is_owner: true } },
      { [manager.email]: { is_owner: true } },
      { [peer.email]: {} },
      { [peer.email]: { remove: true } },
      { [owner.email]: { remove: true } },
      { [owner.email]: {} },
      { [fresh.email]: {}, [owner.email]: {} },
    ];
    for (const users of beyond) {
      const { status, body } = await patch(manager, id, users);
      expect(status).toBe(403);
      expect(body.detail).toContain(`own_${model} on`);
    }
    const { users } = (await owner.client.get(`${path}${id}/`)).body[one];
    expect(Object.keys(users)).toHaveLength(4);
  });

  test("whoever is below a manager changes no member", async () => {
    const [owner, fresh] = [await buildUser(), await buildUser()];
    for (const level of levels.filter((name) => LEVEL[name] < LEVEL.manager)) {
      const user = await buildUser();
      const { id } = await shared.build({ owner: [owner], [level]: [user] });
      for (const users of [
        { [fresh.email]: {} },
        { [user.email]: { is_owner: true } },
        { [user.email]: { remove: true } },
      ]) {
        expect((await patch(user, id, users)).status).toBe(403);
      }
    }
  });

  test("says only what holds already: nothing changes, and nothing more is needed", async () => {
    const [owner, manager] = [await buildUser(), await buildUser()];
    const { id } = await shared.build({ owner: [owner], manager: [manager] });
    const read = await manager.client.get(`${path}${id}/`);
    const { status, body } = await patch(manager, id, read.body[one].users);
    expect(status).toBe(200);
    expect(body).toEqual(read.body);
  });

  test("keeps its last owner", async () => {
    const [owner, gone] = [await buildUser(), await buildUser()];
    const { id } = await shared.build({ owner: [owner] });
    for (const entry of [{ remove: true }, {}, { is_manager: true }]) {
      const { status, body } = await patch(owner, id, { [owner.email]: entry });
      expect(status).toBe(400);
      expect(body).toEqual({ users: [expect.stringContaining("last owner")] });
    }
    const handed = await patch(owner, id, {
      [owner.email]: { is_manager: true },
      [gone.email]: { is_owner: true },
    });
    expect(handed.status).toBe(200);
    expect(handed.body[one].users[gone.email]).toEqual(shown(flags, "owner"));
  });

  test("keeps an owner when two owners remove each other at once", async () => {
    const [one_, two] = [await buildUser(), await buildUser()];
    const { id } = await shared.build({ owner: [one_, two] });
    const answers = await Promise.all([
      patch(one_, id, { [two.email]: { remove: true } }),
      patch(two, id, { [one_.email]: { remove: true } }),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 403 || status === 400)).toHaveLength(1);
  });

  test("answers an owner who removes themselves with no more than the id", async () => {
    const [stays, leaves] = [await buildUser(), await buildUser()];
    const { id } = await shared.build({ owner: [stays, leaves] });
    const { status, body } = await patch(leaves, id, { [leaves.email]: { remove: true } });
    expect(status).toBe(200);
    expect(body[one].id).toBe(id);
    expect(body[one].users ?? {}).toEqual({});
  });

  test("changes nothing when one entry is wrong", async () => {
    const [owner, other] = [await buildUser(), await buildUser()];
    const { id } = await shared.build({ owner: [owner] });
    const { status, body } = await patch(owner, id, { [other.email]: {}, "no@one.example": {} });
    expect(status).toBe(400);
    expect(body).toEqual({ users: ['No user has the email "no@one.example".'] });
    expect(Object.keys((await owner.client.get(`${path}${id}/`)).body[one].users)).toEqual([
      owner.email,
    ]);
  });

  /** As MATLAB's `jsondecode` makes an identifier of a key. */
  const inMatlab = (key: string) => key.replace(/[^A-Za-z0-9_]/g, "_").replace(/^[^A-Za-z]/, "x$&");

  test("stays as it is when MATLAB sends back what it has read", async () => {
    const [owner, manager] = [await buildUser(), await buildUser(`1.${unique("m")}+x@lab.example`)];
    const { id } = await shared.build({ owner: [owner], manager: [manager], member: [] });
    const read = (await manager.client.get(`${path}${id}/`)).body[one];
    const users = Object.fromEntries(
      Object.entries(read.users).map(([email, entry]) => [inMatlab(email), entry]),
    );
    expect(Object.keys(users)).toContain(inMatlab(owner.email));
    for (const user of [owner, manager]) {
      const put = await user.client.put(`${path}${id}/`, { ...read, users });
      expect(put.status).toBe(200);
      expect(put.body[one].users).toEqual(read.users);
    }
    const fresh = await buildUser();
    const put = await owner.client.put(`${path}${id}/`, {
      ...read,
      users: { ...users, [fresh.email]: {} },
    });
    expect(Object.keys(put.body[one].users).sort()).toEqual(
      [owner.email, manager.email, fresh.email].sort(),
    );
  });

  test("is not changed under the name that MATLAB makes of it", async () => {
    const [owner, other] = [await buildUser(), await buildUser()];
    const { id } = await shared.build({ owner: [owner], member: [other] });
    const key = inMatlab(other.email);
    for (const entry of [{ is_manager: true }, { remove: true }]) {
      const { status, body } = await patch(owner, id, { [key]: entry });
      expect(status).toBe(400);
      expect(body).toEqual({
        users: [
          `"${key}" is how MATLAB spells "${other.email}", whose entry can be changed under that name alone.`,
        ],
      });
    }
  });

  test("has the names that MATLAB makes of the members of this record alone", async () => {
    const [owner, stranger] = [await buildUser(), await buildUser()];
    const { id } = await shared.build({ owner: [owner] });
    await shared.build({ owner: [owner], member: [stranger] });
    const key = inMatlab(stranger.email);
    const { status, body } = await patch(owner, id, { [key]: {} });
    expect(status).toBe(400);
    expect(body).toEqual({ users: [`No user has the email "${key}".`] });
  });

  test("stays as it is when two members are one to MATLAB and hold the same", async () => {
    const owner = await buildUser();
    const word = unique("same").replace(/[^a-z0-9]/g, "");
    const twins = [
      await buildUser(`${word}.b@lab.example`),
      await buildUser(`${word}_b@lab.example`),
    ];
    const { id } = await shared.build({ owner: [owner], member: twins });
    const key = `${word}_b_lab_example`;
    expect((await patch(owner, id, { [key]: {} })).status).toBe(200);
    const [one_] = twins;
    await patch(owner, id, { [one_?.email ?? ""]: { is_manager: true } });
    const { status, body } = await patch(owner, id, { [key]: {} });
    expect(status).toBe(400);
    expect(body.users[0]).toContain(one_?.email);
  });

  test("takes MATLAB's empty list for no entry at all", async () => {
    const owner = await buildUser();
    const { id } = await shared.build({ owner: [owner] });
    expect((await patch(owner, id, [])).status).toBe(200);
  });
});

describe.each(SHARED.filter(({ groups }) => groups !== undefined))(
  "the groups of $title",
  (shared) => {
    const { path, one, flags, groups = "" } = shared;

    test("hold the level that they are given, and lose it", async () => {
      const [owner, user] = [await buildUser(), await buildUser()];
      const group = await buildGroup([user]);
      const { id } = await shared.build({ owner: [owner] });
      const address = `${path}${id}/`;
      expect((await user.client.get(address)).status).toBe(403);
      const given = await owner.client.patch(address, {
        [groups]: { [group.name]: { can_change: true } },
      });
      expect(given.body[one][groups]).toEqual({ [group.name]: shown(flags, "contributor") });
      expect((await user.client.patch(address, { description: "by a member" })).status).toBe(200);
      const taken = await owner.client.patch(address, {
        [groups]: { [group.name]: { remove: true } },
      });
      expect(taken.body[one][groups]).toEqual({});
      expect((await user.client.get(address)).status).toBe(403);
    });

    test.each([
      ["rig two/left", "rigTwo_left"],
      ["rig two/left", "rig_two_left"],
      ["2nd rig", "x2ndRig"],
      ["å 🐀 rig", "x___Rig"],
    ])("named %j stay as they are under MATLAB's %s", async (name, spelling) => {
      const owner = await buildUser();
      const suffix = unique("g").replace(/[^A-Za-z0-9]/g, "");
      const group = await buildGroup([], name + suffix);
      const { id } = await shared.build({ owner: [owner] });
      const address = `${path}${id}/`;
      await owner.client.patch(address, { [groups]: { [group.name]: { can_change: true } } });
      const read = (await owner.client.get(address)).body[one];
      const sent = { [spelling + suffix]: shown(flags, "contributor") };
      const users = { [owner.email.replace(/[^a-z0-9_]/g, "_")]: shown(flags, "owner") };
      const put = await owner.client.put(address, { ...read, users, [groups]: sent });
      expect(put.body).toEqual({ [one]: read });
      const other = { [`${spelling}${suffix}x`]: {} };
      expect((await owner.client.put(address, { ...read, [groups]: other })).status).toBe(400);
    });

    test("and users of what is public are not told to those whom it hides them from", async () => {
      const [owner, stranger] = [await buildUser(), await buildUser()];
      const { id } = await shared.build({ owner: [owner] });
      await owner.client.patch(`${path}${id}/`, { is_public: true });
      const key = owner.email.replace(/[^a-z0-9_]/g, "_");
      const answers = [];
      for (const users of [{ [key]: shown(flags, "owner") }, { [key]: {} }, { [`${key}x`]: {} }]) {
        answers.push(await stranger.client.patch(`${path}${id}/`, { users }));
      }
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    });

    test("do not take the place of the last owner", async () => {
      const owner = await buildUser();
      const group = await buildGroup([owner]);
      const { id } = await shared.build({ owner: [owner] });
      const { status } = await owner.client.patch(`${path}${id}/`, {
        users: { [owner.email]: { remove: true } },
        [groups]: { [group.name]: { is_owner: true } },
      });
      expect(status).toBe(400);
    });

    test("are made managers and owners by owners alone", async () => {
      const [owner, manager] = [await buildUser(), await buildUser()];
      const group = await buildGroup([]);
      const { id } = await shared.build({ owner: [owner], manager: [manager] });
      const give = (entry: unknown) =>
        manager.client.patch(`${path}${id}/`, { [groups]: { [group.name]: entry } });
      expect((await give({ is_manager: true })).status).toBe(403);
      expect((await give({ is_owner: true })).status).toBe(403);
      expect((await give({ can_change: true })).status).toBe(200);
    });
  },
);

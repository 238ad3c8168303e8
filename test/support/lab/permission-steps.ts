import fc from "fast-check";
import { LEVEL } from "../../../src/values/permission.ts";
import {
  hasOneOwner,
  type Levels,
  levelOn,
  type Model,
  type ModelGroup,
  pick,
  type Real,
  type SharedKind,
  type SharedRecord,
} from "./model.ts";
import { GROUPS, SHARED } from "./paths.ts";
import { aNumber, command, type MakeStep, type Step } from "./step.ts";

// What is done to projects, data storages and groups, and to who holds them.

/** How clients write a level. */
export const ENTRIES = [
  { remove: true },
  {},
  { can_change: true },
  { is_manager: true },
  { is_owner: true },
];

/** Whether somebody may give a member another level, 0 for none. */
function mayGive(own: number, current: number, level: number): boolean {
  if (current === level) return true;
  return own >= (Math.max(current, level) >= LEVEL.manager ? LEVEL.owner : LEVEL.manager);
}

const losesLastOwner = (levels: Levels, member: number, level: number) =>
  levels[member] === LEVEL.owner && level < LEVEL.owner && hasOneOwner(levels);

const mayGiveUser = (own: number, levels: Levels, member: number, level: number) =>
  mayGive(own, levels[member] ?? 0, level) && !losesLastOwner(levels, member, level);

/** A step on one of the projects or data storages that there are. */
const onShared =
  (
    kind: SharedKind,
    index: number,
    make: (
      id: string,
      record: SharedRecord,
      lab: { readonly model: Model; readonly real: Real; readonly own: number },
    ) => Step | undefined,
  ): MakeStep =>
  (model, real, user) => {
    const [id, record] = pick([...model[kind]], index) ?? [];
    if (id === undefined || record === undefined) return undefined;
    return make(id, record, { model, real, own: levelOn(model, record, user) });
  };

const NAMES = { projects: "another project", storages: "another storage" } as const;

/** How many of each kind there are from the beginning. */
const FIRST_SHARED = 3;

/** There is one name for all new ones, so the second is refused until the first is gone. */
const makeShared =
  (kind: SharedKind): MakeStep =>
  (model, { known }, user) => {
    const { path, one } = SHARED[kind];
    const added = known[kind].slice(FIRST_SHARED);
    return {
      request: ["POST", path, { name: NAMES[kind] }],
      allowed: added.every((id) => !model[kind].has(id)),
      apply: ({ body }) => {
        known[kind].push(body[one].id);
        const users = [0, 1, 2].map((other) => (other === user ? LEVEL.owner : 0));
        model[kind].set(body[one].id, { users, groups: new Map() });
      },
    };
  };

/** Gives a user a level on a project or a data storage, 0 for none. */
const grantUser = (kind: SharedKind, index: number, member: number, level: number): MakeStep =>
  onShared(kind, index, (id, record, { model, real, own }) => ({
    request: [
      "PATCH",
      `${SHARED[kind].path}${id}/`,
      { users: { [real.users[member]?.email ?? ""]: ENTRIES[level] } },
    ],
    allowed: own >= LEVEL.contributor && mayGiveUser(own, record.users, member, level),
    apply: () => model[kind].set(id, { ...record, users: record.users.with(member, level) }),
  }));

/** Gives a group a level; a group that is gone has no name any more. */
const grantGroup = (kind: SharedKind, index: number, group: number, level: number): MakeStep =>
  onShared(kind, index, (id, record, { model, real, own }) => {
    const { path, groups: field } = SHARED[kind];
    const groupId = pick(real.known.groups, group) ?? "";
    const name = model.groups.get(groupId)?.name;
    const groups = new Map(record.groups);
    if (level === 0) groups.delete(groupId);
    else groups.set(groupId, level);
    return {
      request: ["PATCH", `${path}${id}/`, { [field]: { [name ?? "gone"]: ENTRIES[level] } }],
      allowed:
        own >= LEVEL.contributor &&
        name !== undefined &&
        mayGive(own, record.groups.get(groupId) ?? 0, level),
      apply: () => model[kind].set(id, { ...record, groups }),
    };
  });

/** Sessions lose the project; one that is in no other stands in the way. */
const deleteProject = (index: number): MakeStep =>
  onShared("projects", index, (id, _record, { model, own }) => ({
    request: ["DELETE", `${SHARED.projects.path}${id}/`],
    allowed:
      own >= LEVEL.owner &&
      [...model.sessions.values()].every(({ projects }) => projects.join() !== id),
    apply: () => {
      model.projects.delete(id);
      for (const [of, session] of model.sessions) {
        const projects = session.projects.filter((project) => project !== id);
        model.sessions.set(of, { ...session, projects });
      }
    },
  }));

const deleteStorage = (index: number): MakeStep =>
  onShared("storages", index, (id, _record, { model, own }) => ({
    request: ["DELETE", `${SHARED.storages.path}${id}/`],
    allowed:
      own >= LEVEL.owner &&
      [...model.sessions.values()].every(({ storages }) => !storages.includes(id)),
    apply: () => model.storages.delete(id),
  }));

/** A step on one of the groups that there are. */
const onGroup =
  (
    index: number,
    make: (
      id: string,
      group: ModelGroup,
      lab: {
        readonly model: Model;
        readonly real: Real;
        readonly user: number;
        readonly own: number;
      },
    ) => Step,
  ): MakeStep =>
  (model, real, user) => {
    const [id, group] = pick([...model.groups], index) ?? [];
    if (id === undefined || group === undefined) return undefined;
    return make(id, group, { model, real, user, own: group.levels[user] ?? 0 });
  };

const makeGroup =
  (name: string): MakeStep =>
  (model, { known }, user) => ({
    request: ["POST", GROUPS, { name }],
    allowed: [...model.groups.values()].every((other) => other.name !== name),
    apply: ({ body }) => {
      known.groups.push(body.group.id);
      const levels = [0, 1, 2].map((other) => (other === user ? LEVEL.owner : 0));
      model.groups.set(body.group.id, { name, levels });
    },
  });

/** Puts a user into a group at a level, or with 0 out of it. */
const setMember = (index: number, member: number, level: number): MakeStep =>
  onGroup(index, (id, group, { model, real, own }) => ({
    request: [
      "PATCH",
      `${GROUPS}${id}/`,
      { users: { [real.users[member]?.email ?? ""]: ENTRIES[level] } },
    ],
    allowed: own >= LEVEL.manager && mayGiveUser(own, group.levels, member, level),
    apply: () => model.groups.set(id, { ...group, levels: group.levels.with(member, level) }),
  }));

const leaveGroup = (index: number, method: "GET" | "POST"): MakeStep =>
  onGroup(index, (id, group, { model, user, own }) => ({
    request: [method, `${GROUPS}${id}/leave/`],
    allowed: own > 0 && !losesLastOwner(group.levels, user, 0),
    apply: () => model.groups.set(id, { ...group, levels: group.levels.with(user, 0) }),
  }));

/** What was shared with the group is shared with it no longer. */
const deleteGroup = (index: number): MakeStep =>
  onGroup(index, (id, _group, { model, own }) => ({
    request: ["DELETE", `${GROUPS}${id}/`],
    allowed: own >= LEVEL.owner,
    apply: () => {
      model.groups.delete(id);
      for (const kind of ["projects", "storages"] as const) {
        for (const [of, record] of model[kind]) {
          const groups = new Map([...record.groups].filter(([group]) => group !== id));
          model[kind].set(of, { ...record, groups });
        }
      }
    },
  }));

const aKind = fc.constantFrom<SharedKind>("projects", "storages");
const aMember = fc.nat(2);
const aLevel = fc.nat(4);
/** Groups have no contributors. */
const aGroupLevel = fc.constantFrom(0, LEVEL.member, LEVEL.manager, LEVEL.owner);

export const permissionCommands = [
  command("makes one of", makeShared, aKind),
  command("grants a user", grantUser, aKind, aNumber, aMember, aLevel),
  command("grants a group", grantGroup, aKind, aNumber, aNumber, aLevel),
  command("grants a group", grantGroup, aKind, aNumber, aNumber, aLevel),
  command("deletes a project", deleteProject, aNumber),
  command("deletes a storage", deleteStorage, aNumber),
  command("makes a group", makeGroup, fc.constantFrom("rig", "night shift")),
  command("puts into a group", setMember, aNumber, aMember, aGroupLevel),
  command("puts into a group", setMember, aNumber, aMember, aGroupLevel),
  command("leaves a group", leaveGroup, aNumber, fc.constantFrom("GET", "POST")),
  command("deletes a group", deleteGroup, aNumber),
];

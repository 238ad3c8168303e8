import fc from "fast-check";
import { LEVEL } from "../../../src/values/permission.ts";
import { buildUser, unique } from "../builders.ts";
import { buildNamed } from "../module-records.ts";
import type { Levels, Model, Real, SharedKind, SharedRecord } from "./model.ts";
import { GROUPS, SHARED } from "./paths.ts";
import { ENTRIES, permissionCommands } from "./permission-steps.ts";
import { firstRecords, recordCommands } from "./record-steps.ts";
import { firstSessions, sessionCommands } from "./session-steps.ts";
import { takeStep } from "./step.ts";

/** What the users of a lab do, one after the other. */
export const arbitraryCommands = (maxCommands: number) =>
  fc.commands<Model, Real, false>([...sessionCommands, ...recordCommands, ...permissionCommands], {
    maxCommands,
    size: "max",
  });

const OWNER = 0;
const STAFF = "staff";

/** What the three users hold at first: the first owns all, and the others may do more in one place than in another. */
const FIRST_LEVELS: Readonly<Record<keyof Real["known"], readonly Levels[]>> = {
  projects: [
    [LEVEL.owner, LEVEL.contributor, LEVEL.member],
    [LEVEL.owner, LEVEL.contributor, LEVEL.contributor],
    [LEVEL.owner, LEVEL.manager, 0],
  ],
  storages: [
    [LEVEL.owner, LEVEL.contributor, LEVEL.contributor],
    [LEVEL.owner, LEVEL.member, LEVEL.contributor],
    [LEVEL.owner, 0, LEVEL.manager],
  ],
  groups: [[LEVEL.owner, LEVEL.manager, LEVEL.member]],
};

/** A lab of three users, with a little in it. */
export async function makeLab(): Promise<{ model: Model; real: Real }> {
  const users = await Promise.all([0, 1, 2].map(() => buildUser()));
  await buildNamed({ users: { owner: users } });
  const make = async (path: string, one: string, name: string, levels: Levels): Promise<string> => {
    const levelsOf = users.map(({ email }, user) => [email, ENTRIES[levels[user] ?? 0]]);
    const body = { name, users: Object.fromEntries(levelsOf) };
    return (await users[OWNER]?.client.post(path, body))?.body[one].id;
  };
  const makeAll = (kind: SharedKind) =>
    Promise.all(
      FIRST_LEVELS[kind].map((levels) =>
        make(SHARED[kind].path, SHARED[kind].one, unique("shared"), levels),
      ),
    );
  const known = {
    projects: await makeAll("projects"),
    storages: await makeAll("storages"),
    groups: await Promise.all(
      FIRST_LEVELS.groups.map((levels) => make(GROUPS, "group", STAFF, levels)),
    ),
  };
  const records = (kind: SharedKind) =>
    new Map(known[kind].map((id, index): [string, SharedRecord] => [id, sharedBy(kind, index)]));
  const model: Model = {
    projects: records("projects"),
    storages: records("storages"),
    groups: new Map(
      known.groups.map((id, index) => [id, { name: STAFF, levels: levelsOf("groups", index) }]),
    ),
    sessions: new Map(),
    records: new Map(),
  };
  const real: Real = { users, known };
  for (const step of [...firstSessions, ...firstRecords]) await takeStep(step, model, real, OWNER);
  return { model, real };
}

const levelsOf = (kind: keyof Real["known"], index: number) => FIRST_LEVELS[kind][index] ?? [];

const sharedBy = (kind: SharedKind, index: number): SharedRecord => ({
  users: levelsOf(kind, index),
  groups: new Map(),
});

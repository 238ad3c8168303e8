import { expect } from "vitest";
import { LEVEL } from "../../../src/values/permission.ts";
import { NAMED_PROJECT, RECORD_MODELS } from "../module-records.ts";
import {
  byKey,
  type Levels,
  levelOn,
  type Model,
  type ModelRecord,
  type Real,
  recordsOf,
  type SharedKind,
  visibleSessions,
} from "./model.ts";
import { ASSOCIATIONS, GROUPS, SESSIONS, SHARED } from "./paths.ts";

// What each user is shown, against what the model says.

type Shown = Readonly<Record<string, unknown>>;

const ALL = "?limit=100";

/** Every user sees in the list of sessions what the model says, and nothing else. */
export async function checkSessions(model: Model, { users }: Real): Promise<void> {
  const answers = await Promise.all(users.map(({ client }) => client.get(SESSIONS + ALL)));
  for (const [user, { body }] of answers.entries()) {
    const expected = visibleSessions(model, user).map(([id, { storages, ...session }]) => ({
      id,
      ...session,
      datastorage: storages,
      ...Object.fromEntries(
        RECORD_MODELS.map(({ one, inSession }) => [
          inSession,
          recordsOf(model, id, one).map(([record]) => record),
        ]),
      ),
    }));
    expect(body.sessions.map((row: Shown) => only(row, expected[0]))).toEqual(expected);
    expect(body.count).toBe(expected.length);
  }
}

/** Of what is shown, what the model speaks of. */
const only = (row: Shown, like: object | undefined): Shown =>
  Object.fromEntries(Object.keys(like ?? row).map((key) => [key, row[key]]));

/** All lists of one user are those of the model. */
export async function checkLab(model: Model, real: Real, user: number): Promise<void> {
  await checkSessions(model, real);
  await checkAssociations(model, real, user);
  await checkRecords(model, real, user);
  await checkShared("projects", model, real, user);
  await checkShared("storages", model, real, user);
  await checkGroups(model, real, user);
}

async function readList(
  { users }: Real,
  user: number,
  path: string,
  key: string,
): Promise<Shown[]> {
  const answer = await users[user]?.client.get(path + ALL);
  return answer?.body[key];
}

async function checkAssociations(model: Model, real: Real, user: number): Promise<void> {
  const rows = visibleSessions(model, user).flatMap(([session, { storages }]) =>
    storages.map((datastorage, order) => ({ session, datastorage, order })),
  );
  const shown = await readList(real, user, ASSOCIATIONS, "sessiondatastorages");
  expect(shown.map(({ id: _, ...row }) => row)).toEqual(
    byKey(rows, ({ session, order }) => `${session} ${order}`),
  );
}

const shownRecord = (id: string, { session, notes, order, epoch }: ModelRecord): Shown => {
  const { links, ...range } = epoch ?? {};
  return { id, session, notes, order, ...range, ...links };
};

async function checkRecords(model: Model, real: Real, user: number): Promise<void> {
  const sessions = byKey(visibleSessions(model, user), ([id]) => id);
  for (const { one, many, path } of RECORD_MODELS) {
    const expected = sessions.flatMap(([session]) =>
      recordsOf(model, session, one).map(([id, record]) => shownRecord(id, record)),
    );
    const shown = await readList(real, user, `/api/private${path}/`, many);
    expect(shown.map((row) => only(row, expected[0]))).toEqual(expected);
  }
}

const flagsOf = (level: number) => ({
  can_change: level >= LEVEL.contributor,
  is_manager: level >= LEVEL.manager,
  is_owner: level >= LEVEL.owner,
});

/** Users by their emails, with what they hold. */
const membersOf = ({ users }: Real, levels: Levels, shown: (level: number) => object) =>
  Object.fromEntries(
    users
      .map(({ email }, user) => [email, levels[user] ?? 0] as const)
      .filter(([, level]) => level > 0)
      .map(([email, level]) => [email, shown(level)]),
  );

async function checkShared(
  kind: SharedKind,
  model: Model,
  real: Real,
  user: number,
): Promise<void> {
  const { path, one, groups: field } = SHARED[kind];
  const expected = [...model[kind]]
    .filter(([, record]) => levelOn(model, record, user) > 0)
    .map(([id, { users, groups }]) => ({
      id,
      users: membersOf(real, users, flagsOf),
      [field]: Object.fromEntries(
        [...groups].map(([group, level]) => [model.groups.get(group)?.name, flagsOf(level)]),
      ),
    }));
  const shown = await readList(real, user, path, `${one}s`);
  const own = shown
    .filter(({ id }) => id !== NAMED_PROJECT)
    .map((row) => only(row, expected[0]) as { readonly id: string });
  expect(byKey(own, ({ id }) => id)).toEqual(byKey(expected, ({ id }) => id));
}

/** Everyone knows which groups there are, and who is in them their members alone. */
async function checkGroups(model: Model, real: Real, user: number): Promise<void> {
  const groupFlags = (level: number) => {
    const { can_change: _, ...flags } = flagsOf(level);
    return flags;
  };
  const expected = [...model.groups].map(([id, { name, levels }]) => ({
    id,
    name,
    users: (levels[user] ?? 0) > 0 ? membersOf(real, levels, groupFlags) : {},
  }));
  const shown = await readList(real, user, GROUPS, "groups");
  expect(shown).toEqual(byKey(expected, ({ name }) => name));
}

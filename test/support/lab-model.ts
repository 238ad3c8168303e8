import fc from "fast-check";
import { expect } from "vitest";
import { LEVEL } from "../../src/domain/permission.ts";
import { type BuiltUser, buildUser, unique } from "./builders.ts";
import type { Answer } from "./client.ts";

// A lab as the contract has it (sections 2, 3 and 7), beside one that is real: what each user may do to
// projects, sessions and the data storages of sessions, and what is there afterwards.

const SESSIONS = "/api/private/stem/session/";
const PROJECTS = "/api/private/stem/project/";
const STORAGES = "/api/private/personal_attributes/datastorage/";
const ASSOCIATIONS = "/api/private/stem/sessiondatastorage/";

const USERS = 3;

interface ModelSession {
  readonly name: string;
  readonly description: string;
  readonly projects: readonly string[];
  readonly storages: readonly string[];
}

/** The levels of the users on a project or a data storage, by number. */
type Levels = readonly number[];

interface Model {
  readonly sessions: Map<string, ModelSession>;
  readonly projects: Map<string, Levels>;
  readonly storages: Map<string, Levels>;
}

/** The real lab. The ids are those that steps speak of by number; some may be gone. */
interface Real {
  readonly users: readonly BuiltUser[];
  readonly projectIds: readonly string[];
  readonly storageIds: readonly string[];
}

const NAMES = ["a", "b", "c", "d"];

/** Which of some things a step speaks of: taken around the number of those that there are. */
const pick = <Item>(items: readonly Item[], index: number): Item | undefined =>
  items[index % items.length];

const levelOn = (levels: Levels | undefined, user: number) => levels?.[user] ?? 0;

const holdsAll = (
  of: ReadonlyMap<string, Levels>,
  ids: readonly string[],
  user: number,
  level: number = LEVEL.contributor,
) => ids.every((id) => levelOn(of.get(id), user) >= level);

const nameIsFree = ({ sessions }: Model, name: string, except?: string) =>
  [...sessions].every(([id, session]) => session.name !== name || id === except);

export async function makeLab(): Promise<{ model: Model; real: Real }> {
  const users = await Promise.all(Array.from({ length: USERS }, () => buildUser()));
  const [owner, contributor, member] = users;
  if (!owner || !contributor || !member) throw new Error("too few users");
  const held = () => ({
    name: unique("held"),
    users: { [contributor.email]: { can_change: true }, [member.email]: {} },
  });
  const make = async (path: string, key: string): Promise<string> =>
    (await owner.client.post(path, held())).body[key].id;
  const projectIds = await Promise.all([1, 2, 3].map(() => make(PROJECTS, "project")));
  const storageIds = await Promise.all([1, 2, 3].map(() => make(STORAGES, "datastorage")));
  const levels: Levels = [LEVEL.owner, LEVEL.contributor, LEVEL.member];
  const all = (ids: readonly string[]) => new Map(ids.map((id) => [id, levels] as const));
  const model = { sessions: new Map(), projects: all(projectIds), storages: all(storageIds) };
  return { model, real: { users, projectIds, storageIds } };
}

/** One request of one user: what it asks, whether the contract allows it, and what it then changes. */
interface Step {
  readonly request: readonly [method: string, path: string, body?: unknown];
  readonly allowed: boolean;
  readonly apply: (answer: Answer) => void;
}

type MakeStep = (model: Model, real: Real, user: number) => Step | undefined;

function stepCommand(title: string, user: number, make: MakeStep): fc.AsyncCommand<Model, Real> {
  return {
    check: () => true,
    run: async (model, real) => {
      const step = make(model, real, user);
      const client = real.users[user]?.client;
      if (step === undefined || client === undefined) return;
      const answer = await client.send(...step.request);
      expect(answer.status < 300, `${title}: ${answer.status} ${answer.text}`).toBe(step.allowed);
      expect(answer.status, answer.text).toBeLessThan(500);
      if (step.allowed) step.apply(answer);
      await checkSessions(model, real);
    },
    toString: () => `user ${user}: ${title}`,
  };
}

interface Fields {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly projects?: readonly number[] | undefined;
  readonly storages?: readonly number[] | undefined;
}

/** The fields with ids in the place of numbers; undefined ones are left out of the body. */
function resolve(fields: Fields, { projectIds, storageIds }: Real) {
  const ids = (all: readonly string[], numbers: readonly number[] | undefined) =>
    numbers?.map((index) => all[index] ?? "");
  return {
    name: fields.name,
    description: fields.description,
    projects: ids(projectIds, fields.projects),
    storages: ids(storageIds, fields.storages),
  };
}

type Resolved = ReturnType<typeof resolve>;

const bodyOf = ({ storages, ...fields }: Resolved) => ({ ...fields, datastorage: storages });

const mayName = (model: Model, user: number, { projects = [], storages = [] }: Resolved) =>
  holdsAll(model.projects, projects, user) && holdsAll(model.storages, storages, user);

const createSession =
  (fields: Fields): MakeStep =>
  (model, real, user) => {
    const given = resolve(fields, real);
    const { name = "", description = "", projects = [], storages = [] } = given;
    return {
      request: ["POST", SESSIONS, bodyOf(given)],
      allowed: projects.length > 0 && mayName(model, user, given) && nameIsFree(model, name),
      apply: ({ body }) =>
        model.sessions.set(body.session.id, { name, description, projects, storages }),
    };
  };

/** A step on one of the sessions that there are. */
const onSession =
  (
    index: number,
    make: (id: string, session: ModelSession, model: Model, real: Real, user: number) => Step,
  ): MakeStep =>
  (model, real, user) => {
    const found = pick([...model.sessions], index);
    return found && make(...found, model, real, user);
  };

const mayChange = (model: Model, user: number, { projects }: ModelSession) =>
  holdsAll(model.projects, projects, user);

const changeSession = (index: number, fields: Fields): MakeStep =>
  onSession(index, (id, session, model, real, user) => {
    const given = resolve(fields, real);
    const { name, description, projects, storages } = given;
    return {
      request: ["PATCH", `${SESSIONS}${id}/`, bodyOf(given)],
      allowed:
        mayChange(model, user, session) &&
        projects?.length !== 0 &&
        mayName(model, user, given) &&
        (name === undefined || nameIsFree(model, name, id)),
      apply: () =>
        model.sessions.set(id, {
          name: name ?? session.name,
          description: description ?? session.description,
          projects: projects ?? session.projects,
          storages: storages ?? session.storages,
        }),
    };
  });

const deleteSession = (index: number): MakeStep =>
  onSession(index, (id, session, model, _real, user) => ({
    request: ["DELETE", `${SESSIONS}${id}/`],
    allowed: mayChange(model, user, session),
    apply: () => model.sessions.delete(id),
  }));

const addStorage = (index: number, storage: number, order: number | undefined): MakeStep =>
  onSession(index, (id, session, model, { storageIds }, user) => {
    const added = pick(storageIds, storage) ?? "";
    return {
      request: ["POST", ASSOCIATIONS, { session: id, datastorage: added, order }],
      allowed:
        mayChange(model, user, session) &&
        holdsAll(model.storages, [added], user) &&
        !session.storages.includes(added),
      apply: () => {
        const storages = session.storages.toSpliced(order ?? session.storages.length, 0, added);
        model.sessions.set(id, { ...session, storages });
      },
    };
  });

const reorderStorages = (index: number, turn: number): MakeStep =>
  onSession(index, (id, session, model, _real, user) => {
    const at = turn % (session.storages.length + 1);
    const storages = [...session.storages.slice(at), ...session.storages.slice(0, at)];
    return {
      request: ["POST", `${ASSOCIATIONS}reorder/`, { session: id, datastorage: storages }],
      allowed: mayChange(model, user, session) && holdsAll(model.storages, storages, user),
      apply: () => model.sessions.set(id, { ...session, storages }),
    };
  });

const FLAGS = [
  { remove: true },
  {},
  { can_change: true },
  { is_manager: true },
  { is_owner: true },
];

function mayGrant(levels: Levels, user: number, member: number, level: number): boolean {
  const held = levelOn(levels, member);
  const own = levelOn(levels, user);
  if (own < LEVEL.contributor) return false;
  if (held === level) return true;
  const needed = Math.max(held, level) >= LEVEL.manager ? LEVEL.owner : LEVEL.manager;
  const owners = levels.filter((other) => other === LEVEL.owner).length;
  const losesLastOwner = held === LEVEL.owner && owners === 1;
  return own >= needed && !losesLastOwner;
}

/** Gives a user a level on a project or a data storage, 0 for none. */
const grant =
  (kind: "projects" | "storages", index: number, member: number, level: number): MakeStep =>
  (model, { users }, user) => {
    const [id, levels] = pick([...model[kind]], index) ?? [];
    if (id === undefined || levels === undefined) return undefined;
    const path = kind === "projects" ? PROJECTS : STORAGES;
    const body = { users: { [users[member]?.email ?? ""]: FLAGS[level] } };
    return {
      request: ["PATCH", `${path}${id}/`, body],
      allowed: mayGrant(levels, user, member, level),
      apply: () => model[kind].set(id, levels.with(member, level)),
    };
  };

const deleteProject =
  (index: number): MakeStep =>
  (model, _real, user) => {
    const [id, levels] = pick([...model.projects], index) ?? [];
    if (id === undefined) return undefined;
    const isAlone = [...model.sessions.values()].some(
      ({ projects }) => projects.length === 1 && projects[0] === id,
    );
    return {
      request: ["DELETE", `${PROJECTS}${id}/`],
      allowed: levelOn(levels, user) >= LEVEL.owner && !isAlone,
      apply: () => {
        model.projects.delete(id);
        for (const [of, session] of model.sessions) {
          const projects = session.projects.filter((project) => project !== id);
          model.sessions.set(of, { ...session, projects });
        }
      },
    };
  };

const sees = ({ projects }: Model, session: ModelSession, user: number) =>
  session.projects.some((id) => levelOn(projects.get(id), user) > 0);

const byKey = <Row>(rows: readonly Row[], key: (row: Row) => string) =>
  rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));

function visibleSessions(model: Model, user: number) {
  return byKey(
    [...model.sessions].filter(([, session]) => sees(model, session, user)),
    ([, { name }]) => name,
  );
}

/** Every user sees in a list what the model says, and nothing else. */
async function checkSessions(model: Model, { users }: Real): Promise<void> {
  const answers = await Promise.all(users.map(({ client }) => client.get(`${SESSIONS}?limit=100`)));
  for (const [user, { body }] of answers.entries()) {
    const shown = body.sessions.map((row: Record<string, unknown>) => {
      const { id, name, description, projects, datastorage } = row;
      return { id, name, description, projects, storages: datastorage };
    });
    const expected = visibleSessions(model, user).map(([id, session]) => ({ id, ...session }));
    expect(shown).toEqual(expected);
    expect(body.count).toBe(expected.length);
  }
}

/** The associations and the members of projects, as each user sees them, are those of the model. */
export async function checkLab(model: Model, real: Real): Promise<void> {
  await checkSessions(model, real);
  for (const [user, { client }] of real.users.entries()) {
    const { body } = await client.get(`${ASSOCIATIONS}?limit=100`);
    const rows = visibleSessions(model, user).flatMap(([session, { storages }]) =>
      storages.map((datastorage, order) => ({ session, datastorage, order })),
    );
    const shown = body.sessiondatastorages.map(({ id: _, ...row }: { id: string }) => row);
    expect(shown).toEqual(byKey(rows, ({ session, order }) => `${session} ${order}`));
    const projects = await client.get(`${PROJECTS}?limit=100`);
    const seen = [...model.projects].filter(([, levels]) => levelOn(levels, user) > 0);
    expect(new Set(projects.body.projects.map(({ id }: { id: string }) => id))).toEqual(
      new Set(seen.map(([id]) => id)),
    );
  }
}

const someOf = (length: number) => fc.shuffledSubarray(Array.from({ length }, (_, index) => index));

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const aName = fc.constantFrom(...NAMES);
const aText = fc.constantFrom("", "one", "two");
const aUser = fc.nat(USERS - 1);
const aNumber = fc.nat(5);

const arbitraryFields = fc.record({
  name: maybe(aName),
  description: maybe(aText),
  projects: maybe(someOf(3)),
  storages: maybe(someOf(3)),
});

const newFields = fc.record({
  name: aName,
  description: aText,
  projects: someOf(3),
  storages: someOf(3),
});

/** A command that makes its step of what it is given. */
function command<Given extends unknown[]>(
  title: string,
  make: (...given: Given) => MakeStep,
  ...given: { [Index in keyof Given]: fc.Arbitrary<Given[Index]> }
): fc.Arbitrary<fc.AsyncCommand<Model, Real>> {
  return fc
    .tuple(aUser, fc.tuple(...given))
    .map(([user, values]) =>
      stepCommand(`${title} ${JSON.stringify(values)}`, user, make(...(values as Given))),
    );
}

const aKind = fc.constantFrom("projects" as const, "storages" as const);

/** What the users of a lab do, one after the other. */
export const arbitraryCommands = (maxCommands: number) =>
  fc.commands<Model, Real, false>(
    [
      command("makes a session of", createSession, newFields),
      command("makes a session of", createSession, newFields),
      command("changes a session", changeSession, aNumber, arbitraryFields),
      command("deletes a session", deleteSession, aNumber),
      command("adds a storage", addStorage, aNumber, aNumber, maybe(fc.nat(3))),
      command("reorders the storages of", reorderStorages, aNumber, aNumber),
      command("grants", grant, aKind, aNumber, aUser, fc.nat(4)),
      command("deletes a project", deleteProject, aNumber),
    ],
    { maxCommands, size: "max" },
  );

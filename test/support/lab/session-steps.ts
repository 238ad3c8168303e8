import { env } from "cloudflare:workers";
import fc from "fast-check";
import {
  type Model,
  type ModelSession,
  mayChange,
  mayUse,
  pick,
  type Real,
  type SharedKind,
} from "./model.ts";
import { ASSOCIATIONS, SESSIONS } from "./paths.ts";
import { aNumber, aText, command, type MakeStep, maybe, numbers, type Step } from "./step.ts";

// What is done to sessions, and to the data storages of sessions.

interface Fields {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly projects?: readonly number[] | undefined;
  readonly storages?: readonly number[] | undefined;
}

/** The fields with ids in the place of numbers; undefined ones are left out of the body. */
function resolve({ name, description, projects, storages }: Fields, { known }: Real) {
  const ids = (kind: SharedKind, given: readonly number[] | undefined) =>
    given?.map((index) => pick(known[kind], index) ?? "");
  return {
    name,
    description,
    projects: ids("projects", projects),
    datastorage: ids("storages", storages),
  };
}

type Resolved = ReturnType<typeof resolve>;

/** Ids that are repeated collapse to the first. */
const distinct = (ids: readonly string[]) => [...new Set(ids)];

const mayName = (model: Model, user: number, { projects = [], datastorage = [] }: Resolved) =>
  mayUse(model, "projects", projects, user) && mayUse(model, "storages", datastorage, user);

const nameIsFree = ({ sessions }: Model, name: string | undefined, except?: string) =>
  [...sessions].every(([id, session]) => session.name !== name || id === except);

const NEW: ModelSession = { name: "", description: "", projects: [], storages: [] };

/** A session after a write that named these fields. */
const written = (
  session: ModelSession,
  { name, description, projects, datastorage }: Resolved,
): ModelSession => ({
  name: name ?? session.name,
  description: description ?? session.description,
  projects: projects === undefined ? session.projects : distinct(projects),
  storages: datastorage === undefined ? session.storages : distinct(datastorage),
});

const createSession =
  (fields: Fields): MakeStep =>
  (model, real, user) => {
    const given = resolve(fields, real);
    return {
      request: ["POST", SESSIONS, given],
      allowed:
        fields.projects?.length !== 0 &&
        mayName(model, user, given) &&
        nameIsFree(model, given.name),
      apply: ({ body }) => model.sessions.set(body.session.id, written(NEW, given)),
    };
  };

/** A step on one of the sessions that there are. */
export const onSession =
  (
    index: number,
    make: (
      id: string,
      session: ModelSession,
      lab: { readonly model: Model; readonly real: Real; readonly user: number },
    ) => Step | undefined | Promise<Step | undefined>,
  ): MakeStep =>
  (model, real, user) => {
    const found = pick([...model.sessions], index);
    return found && make(...found, { model, real, user });
  };

/** What is no longer in a list. */
const leftOut = (before: readonly string[], after: readonly string[]) =>
  before.filter((id) => !after.includes(id));

/** Whether fields name projects alone, and do no more than to take a session out of some. */
function onlyTakesOut({ projects }: ModelSession, { projects: given, ...rest }: Resolved): boolean {
  if (given === undefined || Object.values(rest).some((value) => value !== undefined)) return false;
  const left = leftOut(projects, given);
  return left.length > 0 && given.length > 0 && given.every((id) => projects.includes(id));
}

/** Whether the contract lets a user change a session by these fields (section 2). */
function mayWrite(model: Model, user: number, session: ModelSession, given: Resolved): boolean {
  if (onlyTakesOut(session, given)) {
    return mayUse(model, "projects", leftOut(session.projects, given.projects ?? []), user);
  }
  const { datastorage = session.storages } = given;
  return (
    mayChange(model, user, session) &&
    mayName(model, user, given) &&
    mayUse(model, "storages", leftOut(session.storages, datastorage), user)
  );
}

const writeSession = (method: "PATCH" | "PUT", index: number, fields: Fields): MakeStep =>
  onSession(index, (id, session, { model, real, user }) => {
    const given = resolve(fields, real);
    // A PUT that does not name storages takes them all away.
    const datastorage = given.datastorage ?? (method === "PUT" ? [] : undefined);
    return {
      request: [method, `${SESSIONS}${id}/`, given],
      allowed:
        mayWrite(model, user, session, { ...given, datastorage }) &&
        given.projects?.length !== 0 &&
        (given.name === undefined || nameIsFree(model, given.name, id)),
      apply: () => model.sessions.set(id, written(method === "PUT" ? NEW : session, given)),
    };
  });

const deleteSession = (index: number): MakeStep =>
  onSession(index, (id, session, { model, user }) => ({
    request: ["DELETE", `${SESSIONS}${id}/`],
    allowed: mayChange(model, user, session),
    apply: () => {
      model.sessions.delete(id);
      for (const [of, record] of model.records) if (record.session === id) model.records.delete(of);
    },
  }));

const addStorage = (index: number, storage: number, order: number | undefined): MakeStep =>
  onSession(index, (id, session, { model, real, user }) => {
    const added = pick(real.known.storages, storage) ?? "";
    return {
      request: ["POST", ASSOCIATIONS, { session: id, datastorage: added, order }],
      allowed:
        mayChange(model, user, session) &&
        mayUse(model, "storages", [added], user) &&
        !session.storages.includes(added),
      apply: () => {
        const storages = session.storages.toSpliced(order ?? session.storages.length, 0, added);
        model.sessions.set(id, { ...session, storages });
      },
    };
  });

/** A step on the association of a session with one of its storages. */
const onAssociation = (
  index: number,
  storage: number,
  make: (
    path: string,
    session: ModelSession,
    storage: string,
  ) => Pick<Step, "request"> & { to: readonly string[] },
): MakeStep =>
  onSession(index, async (id, session, { model, user }) => {
    const of = pick(session.storages, storage);
    if (of === undefined) return undefined;
    const { request, to } = make(`${ASSOCIATIONS}${await associationOf(id, of)}/`, session, of);
    return {
      request,
      allowed: mayChange(model, user, session) && mayUse(model, "storages", [of], user),
      apply: () => model.sessions.set(id, { ...session, storages: to }),
    };
  });

async function associationOf(session: string, storage: string): Promise<string | null> {
  return env.DB.prepare(
    "SELECT id FROM session_data_storages WHERE session_id = ? AND data_storage_id = ?",
  )
    .bind(session, storage)
    .first<string>("id");
}

const moveStorage = (index: number, storage: number, order: number): MakeStep =>
  onAssociation(index, storage, (path, { storages }, of) => ({
    request: ["PATCH", path, { order }],
    to: storages.filter((other) => other !== of).toSpliced(order, 0, of),
  }));

const removeStorage = (index: number, storage: number): MakeStep =>
  onAssociation(index, storage, (path, { storages }, of) => ({
    request: ["DELETE", path],
    to: storages.filter((other) => other !== of),
  }));

/** Another order of the storages that there are, or where `other` is set storages that may not be there. */
const reorderStorages = (
  index: number,
  turn: number,
  other: readonly number[] | undefined,
): MakeStep =>
  onSession(index, (id, session, { model, real, user }) => {
    const at = turn % (session.storages.length + 1);
    const turned = [...session.storages.slice(at), ...session.storages.slice(0, at)];
    const storages = distinct(resolve({ storages: other }, real).datastorage ?? turned);
    const isWhole = byText(storages) === byText(session.storages);
    return {
      request: ["POST", `${ASSOCIATIONS}reorder/`, { session: id, datastorage: storages }],
      allowed:
        mayChange(model, user, session) && mayUse(model, "storages", storages, user) && isWhole,
      apply: () => model.sessions.set(id, { ...session, storages }),
    };
  });

const byText = (ids: readonly string[]) => ids.toSorted().join();

const aName = fc.constantFrom("a", "b", "c", "d", "e", "f");

/** Projects alone: what may take a session out of some of them. */
const projectsAlone = fc.record({ projects: numbers });

const someFields = fc.record({
  name: maybe(aName),
  description: maybe(aText),
  projects: maybe(numbers),
  storages: maybe(numbers),
});

const allFields = fc.record({
  name: aName,
  description: maybe(aText),
  projects: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
  storages: maybe(numbers),
});

const patchSession = (index: number, fields: Fields) => writeSession("PATCH", index, fields);
const putSession = (index: number, fields: Fields) => writeSession("PUT", index, fields);

/** What is there before the others begin. */
export const firstSessions: readonly MakeStep[] = [
  createSession({ name: "a", projects: [0, 1], storages: [0, 1, 2] }),
  createSession({ name: "b", projects: [1, 2], storages: [1] }),
];

export const sessionCommands = [
  command("makes a session of", createSession, allFields),
  command("makes a session of", createSession, allFields),
  command("changes a session", patchSession, aNumber, someFields),
  command("changes the projects of a session", patchSession, aNumber, projectsAlone),
  command("replaces a session", putSession, aNumber, allFields),
  command("deletes a session", deleteSession, aNumber),
  command("adds a storage", addStorage, aNumber, aNumber, maybe(fc.nat(3))),
  command("moves a storage", moveStorage, aNumber, aNumber, fc.nat(3)),
  command("removes a storage", removeStorage, aNumber, aNumber),
  command("reorders the storages of", reorderStorages, aNumber, aNumber, maybe(numbers)),
];

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BuiltUser, buildUser, unique } from "../support/builders.ts";
import type { Answer } from "../support/client.ts";
import { findBrokenInvariants } from "../support/invariants.ts";
import { emptyTables } from "../support/snapshot.ts";

// Many writers at once, on one another's ground: each gets a clear answer, and the database stays sound.

const SESSIONS = "/api/private/stem/session/";
const PROJECTS = "/api/private/stem/project/";
const STORAGES = "/api/private/personal_attributes/datastorage/";
const ASSOCIATIONS = "/api/private/stem/sessiondatastorage/";

interface Lab {
  readonly owner: BuiltUser;
  readonly contributor: BuiltUser;
  readonly project: string;
  readonly other: string;
  readonly storages: readonly string[];
}

/** Two projects and some data storages, with an owner and a contributor. */
async function makeLab(): Promise<Lab> {
  const [owner, contributor] = [await buildUser(), await buildUser()];
  const sharing = () => ({
    name: unique("sharing"),
    users: { [contributor.email]: { can_change: true } },
  });
  const project = async () => (await owner.client.post(PROJECTS, sharing())).body.project.id;
  const storage = async () => (await owner.client.post(STORAGES, sharing())).body.datastorage.id;
  return {
    owner,
    contributor,
    project: await project(),
    other: await project(),
    storages: [await storage(), await storage(), await storage(), await storage()],
  };
}

async function makeSession(lab: Lab, fields: object = {}) {
  const body = { name: unique("session"), projects: [lab.project], ...fields };
  return (await lab.owner.client.post(SESSIONS, body)).body.session;
}

const times = <Made>(count: number, make: (index: number) => Made): Made[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** All of them at once; each is done or refused. */
async function storm(requests: readonly Promise<Answer>[]): Promise<readonly Answer[]> {
  const answers = await Promise.all(requests);
  for (const { status, text } of answers) {
    expect(status, text).toBeGreaterThanOrEqual(200);
    expect(status, text).toBeLessThan(500);
  }
  return answers;
}

const withStatus = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status);

const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);

beforeEach(emptyTables);

afterEach(async () => {
  expect(await findBrokenInvariants({ owned: true })).toEqual({});
});

describe("at once", () => {
  test("a session's storages are ordered, moved, added, removed and replaced", async () => {
    const lab = await makeLab();
    const { id } = await makeSession(lab, { datastorage: lab.storages });
    const { client } = lab.contributor;
    const list = await client.get(`${ASSOCIATIONS}?filter{session}=${id}`);
    const ids: string[] = list.body.sessiondatastorages.map((row: { id: string }) => row.id);
    const each = (index: number) => ids[index % ids.length];
    await storm(
      shuffled([
        ...times(25, () => {
          const body = { session: id, datastorage: shuffled(lab.storages) };
          return client.post(`${ASSOCIATIONS}reorder/`, body);
        }),
        ...times(25, (n) => client.patch(`${ASSOCIATIONS}${each(n)}/`, { order: n % 5 })),
        ...times(10, (n) => client.delete(`${ASSOCIATIONS}${each(n)}/`)),
        ...times(20, (n) => {
          const datastorage = lab.storages[n % lab.storages.length];
          return client.post(ASSOCIATIONS, { session: id, datastorage, order: n % 3 });
        }),
        ...times(10, () =>
          client.patch(`${SESSIONS}${id}/`, { datastorage: shuffled(lab.storages).slice(1) }),
        ),
      ]),
    );
    const after = await client.get(`${ASSOCIATIONS}?filter{session}=${id}`);
    const rows: { order: number; datastorage: string }[] = after.body.sessiondatastorages;
    expect(rows.map(({ order }) => order)).toEqual(rows.map((_, index) => index));
    const session = await client.get(`${SESSIONS}${id}/`);
    expect(session.body.session.datastorage).toEqual(rows.map((row) => row.datastorage));
  });

  test.each([1, 2, 3])("a project is deleted and sessions are made in it (round %i)", async (n) => {
    const lab = await makeLab();
    const make = (projects: readonly string[]) =>
      lab.contributor.client.post(SESSIONS, { name: unique("session"), projects });
    const first = times(n * 4, () => make([lab.other, lab.project]));
    const deletion = lab.owner.client.delete(`${PROJECTS}${lab.project}/`);
    const then = times(20, (index) => make(index % 2 ? [lab.project] : [lab.project, lab.other]));
    const answers = await storm([...first, deletion, ...then]);
    const isGone = (await deletion).status === 204;
    expect([204, 400]).toContain((await deletion).status);
    for (const { body } of withStatus(answers, 201)) {
      const read = await lab.contributor.client.get(`${SESSIONS}${body.session.id}/`);
      expect(read.status).toBe(200);
      const left = body.session.projects.filter((id: string) => !isGone || id !== lab.project);
      expect(read.body.session.projects).toEqual(left);
    }
  });

  test("a storage is deleted and sessions name it", async () => {
    const lab = await makeLab();
    const [storage = ""] = lab.storages;
    const deletion = lab.owner.client.delete(`${STORAGES}${storage}/`);
    const make = () =>
      lab.contributor.client.post(SESSIONS, {
        name: unique("session"),
        projects: [lab.project],
        datastorage: lab.storages,
      });
    const answers = await storm([make(), make(), deletion, ...times(20, make)]);
    expect(withStatus(answers, 201).length > 0).toBe((await deletion).status === 400);
  });

  test("a permission is withdrawn in mid-write: what was answered 201 is there, and nothing else", async () => {
    const lab = await makeLab();
    const make = () =>
      lab.contributor.client.post(SESSIONS, { name: unique("session"), projects: [lab.project] });
    const withdraw = lab.owner.client;
    const answers = await storm([
      ...times(10, make),
      withdraw.patch(`${PROJECTS}${lab.project}/`, {
        users: { [lab.contributor.email]: { remove: true } },
      }),
      ...times(30, make),
    ]);
    const made = withStatus(answers, 201).map(({ body }) => body.session.id);
    const list = await lab.owner.client.get(`${SESSIONS}?limit=100`);
    expect(list.body.sessions.map(({ id }: { id: string }) => id).sort()).toEqual(made.sort());
    expect((await make()).status).toBe(403);
  });

  test("a session is deleted and records are made in it, moved to it and changed", async () => {
    const lab = await makeLab();
    const { id } = await makeSession(lab);
    const { client } = lab.contributor;
    const epochs = "/api/private/stem/epoch/";
    const one = await client.post(epochs, { session: id, name: "first" });
    await storm([
      ...times(15, (n) => client.post(epochs, { session: id, name: `epoch ${n}` })),
      client.delete(`${SESSIONS}${id}/`),
      ...times(15, (n) => client.post(epochs, { session: id, name: `later ${n}` })),
      ...times(5, (n) => client.patch(`${epochs}${one.body.epoch.id}/`, { notes: `${n}` })),
      ...times(5, () => client.post(ASSOCIATIONS, { session: id, datastorage: lab.storages[0] })),
    ]);
    const left = await client.get(`${epochs}?filter{session}=${id}`);
    expect(left.body.count).toBe(0);
  });

  test("sessions change their projects, and are made, renamed and deleted", async () => {
    const lab = await makeLab();
    const sets = [[lab.project], [lab.other], [lab.project, lab.other], [lab.other, lab.project]];
    const sessions = await Promise.all(times(8, () => makeSession(lab)));
    const client = (n: number) => (n % 2 ? lab.owner : lab.contributor).client;
    const at = (n: number) => `${SESSIONS}${sessions[n % sessions.length].id}/`;
    await storm(
      shuffled([
        ...times(40, (n) => client(n).patch(at(n), { projects: sets[n % 4] })),
        ...times(10, (n) => client(n).patch(at(n), { name: `name ${n % 3}` })),
        ...times(10, (n) =>
          client(n).post(SESSIONS, { name: `name ${n % 3}`, projects: sets[n % 4] }),
        ),
        ...times(10, (n) => client(n).put(at(n), { name: `name ${n % 5}`, projects: sets[n % 3] })),
        ...times(4, (n) => client(n).delete(at(n))),
      ]),
    );
  });

  test("everyone hands on and leaves what they own: an owner stays", async () => {
    const lab = await makeLab();
    const owners = await Promise.all(times(6, () => buildUser()));
    const all = Object.fromEntries(owners.map(({ email }) => [email, { is_owner: true }]));
    const group = await lab.owner.client.post("/api/private/users/group/", {
      name: unique("group"),
      users: all,
    });
    await lab.owner.client.patch(`${PROJECTS}${lab.project}/`, { users: all });
    const leave = `/api/private/users/group/${group.body.group.id}/leave/`;
    await storm([
      ...[lab.owner, ...owners].map(({ client }) => client.get(leave)),
      ...[lab.owner, ...owners].map(({ client, email }) =>
        client.patch(`${PROJECTS}${lab.project}/`, { users: { [email]: { remove: true } } }),
      ),
    ]);
  });
});

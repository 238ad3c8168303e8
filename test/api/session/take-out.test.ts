import { beforeAll, describe, expect, test } from "vitest";
import {
  type BuiltUser,
  buildDataStorage,
  buildProject,
  buildSession,
  buildUser,
} from "../../support/builders.ts";
import { countingClient } from "../../support/d1-binding.ts";

const PATH = "/api/private/stem/session/";

type Id = { readonly id: string };

let owner: BuiltUser;
let contributor: BuiltUser;
let project: Id;
let foreign: Id;

beforeAll(async () => {
  owner = await buildUser();
  contributor = await buildUser();
  project = await buildProject({ users: { owner: [owner], contributor: [contributor] } });
  foreign = await buildProject({ users: { owner: [contributor] } });
});

const takeOut = (id: string, ...left: readonly Id[]) =>
  owner.client.patch(`${PATH}${id}/`, { projects: left.map(({ id }) => id) });

const projectsOf = async (id: string) =>
  (await contributor.client.get(`${PATH}${id}/`)).body.session?.projects;

describe("PATCH /api/private/stem/session/{id}/ of projects alone", () => {
  test("lets a contributor of the project that is left take the session out of it", async () => {
    const session = await buildSession({ projects: [project, foreign] });
    const answer = await takeOut(session.id, foreign);
    expect(answer.status).toBe(200);
    // The session is now in no project that its taker may see.
    expect(answer.body).toEqual({ session: { id: session.id } });
    expect(await projectsOf(session.id)).toEqual([foreign.id]);
  });

  test("costs one round trip", async () => {
    const session = await buildSession({ projects: [project, foreign] });
    const { client, cost } = countingClient(owner.client.token);
    await client.patch(`${PATH}${session.id}/`, { projects: [foreign.id] });
    expect(cost.roundTrips).toBe(1);
  });

  test("shows the session to who still sees it", async () => {
    const other = await buildProject({ users: { contributor: [owner] } });
    const session = await buildSession({ projects: [project, other, foreign] });
    const answer = await takeOut(session.id, other, foreign);
    expect(answer.body.session.projects).toEqual([other.id, foreign.id]);
  });

  test("may put those that stay in another order", async () => {
    const other = await buildProject({ users: { contributor: [owner] } });
    const session = await buildSession({ projects: [project, foreign, other] });
    const answer = await takeOut(session.id, other, foreign);
    expect([answer.status, answer.body.session.projects]).toEqual([200, [other.id, foreign.id]]);
  });

  test("needs change_project on every project when it changes their order alone", async () => {
    const session = await buildSession({ projects: [project, foreign] });
    expect((await takeOut(session.id, foreign, project)).status).toBe(403);
    expect(await projectsOf(session.id)).toEqual([project.id, foreign.id]);
  });

  test("takes read-only fields along, as an object that was read has them", async () => {
    const session = await buildSession({ projects: [project, foreign] });
    const sent = { projects: [foreign.id], id: session.id, epochs: [] };
    expect((await owner.client.patch(`${PATH}${session.id}/`, sent)).status).toBe(200);
  });

  test("needs change_project on every project that is left", async () => {
    const hidden = await buildProject({ users: { owner: [contributor] } });
    const seen = await buildProject({ users: { owner: [contributor], member: [owner] } });
    const session = await buildSession({ projects: [project, hidden, seen, foreign] });
    const answer = await takeOut(session.id, foreign);
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain(`change_project on project ${seen.id}`);
    expect(answer.body.detail).toContain("change_project on a project that you cannot see");
    expect(answer.body.detail).not.toContain(hidden.id);
    expect(await projectsOf(session.id)).toHaveLength(4);
  });

  test.each([
    [
      "adds a project as well",
      (other: Id) => [
        [project, foreign],
        [foreign, other],
      ],
    ],
    [
      "takes the session out of nothing",
      (other: Id) => [
        [project, foreign, other],
        [project, foreign, other],
      ],
    ],
  ])("needs change_project on every project when it %s", async (_, make) => {
    const other = await buildProject({ users: { contributor: [owner] } });
    const [before = [], named = []] = make(other);
    const session = await buildSession({ projects: before });
    const answer = await takeOut(session.id, ...named);
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain("change_project on");
    expect(await projectsOf(session.id)).toEqual(before.map(({ id }) => id));
  });

  test("is refused with no project left, and beside any other field", async () => {
    const session = await buildSession({ projects: [project, foreign] });
    expect((await takeOut(session.id)).body).toEqual({ projects: ["This list may not be empty."] });
    const beside = { projects: [foreign.id], tags: ["mine"] };
    expect((await owner.client.patch(`${PATH}${session.id}/`, beside)).status).toBe(403);
    expect(await projectsOf(session.id)).toHaveLength(2);
  });

  test("needs no permission on the storages of the session", async () => {
    const storage = await buildDataStorage({ users: { owner: [contributor] } });
    const session = await buildSession({ projects: [project, foreign], dataStorages: [storage] });
    expect((await takeOut(session.id, foreign)).status).toBe(200);
  });

  test("is not open to a member, nor to a stranger", async () => {
    const member = await buildUser();
    const shared = await buildProject({ users: { owner: [contributor], member: [member] } });
    const session = await buildSession({ projects: [shared, foreign] });
    const sent = { projects: [foreign.id] };
    expect((await member.client.patch(`${PATH}${session.id}/`, sent)).status).toBe(403);
    expect((await owner.client.patch(`${PATH}${session.id}/`, sent)).status).toBe(403);
    expect(await projectsOf(session.id)).toEqual([shared.id, foreign.id]);
  });
});

describe("PUT /api/private/stem/session/{id}/", () => {
  test("that only takes the session out of a project needs change_project on all", async () => {
    const session = await buildSession({ projects: [project, foreign] });
    const sent = { name: session.name, projects: [foreign.id] };
    expect((await owner.client.put(`${PATH}${session.id}/`, sent)).status).toBe(403);
  });
});

describe("storages that are taken away", () => {
  test.each(["patch", "put"] as const)("need change_datastorage: %s", async (method) => {
    const storage = await buildDataStorage({ users: { owner: [contributor] } });
    const seen = await buildDataStorage({ users: { owner: [contributor], member: [owner] } });
    const dataStorages = [storage, seen];
    const session = await buildSession({ projects: [project], dataStorages });
    const sent = { name: session.name, projects: [project.id], datastorage: [] };
    const answer = await owner.client[method](`${PATH}${session.id}/`, sent);
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain(`change_datastorage on data storage ${seen.id}`);
    expect(answer.body.detail).toContain(
      "change_datastorage on a data storage that you cannot see",
    );
    expect(answer.body.detail).not.toContain(storage.id);
    const { body } = await owner.client.get(`${PATH}${session.id}/`);
    expect(body.session.datastorage).toEqual([storage.id, seen.id]);
    expect((await contributor.client[method](`${PATH}${session.id}/`, sent)).status).toBe(200);
  });

  test("need it in a PUT that does not name the field", async () => {
    const storage = await buildDataStorage({ users: { owner: [contributor] } });
    const session = await buildSession({ projects: [project], dataStorages: [storage] });
    const sent = { name: session.name, projects: [project.id] };
    expect((await owner.client.put(`${PATH}${session.id}/`, sent)).status).toBe(403);
  });

  test("are those that another storage takes the place of", async () => {
    const [taken, named] = [
      await buildDataStorage({ users: { owner: [contributor] } }),
      await buildDataStorage({ users: { contributor: [owner] } }),
    ];
    const session = await buildSession({ projects: [project], dataStorages: [taken] });
    const answer = await owner.client.patch(`${PATH}${session.id}/`, { datastorage: [named.id] });
    expect(answer.status).toBe(403);
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { type BuiltUser, buildProject, buildSession, buildUser } from "../../support/builders.ts";
import { clientFor, ORIGIN } from "../../support/client.ts";
import { countingClient } from "../../support/d1-binding.ts";
import { sessionRow, writeSessions } from "../../support/session-rows.ts";

const PROJECTS = "/api/private/stem/project/";
const LINKS = { sessions: "sessions/" };

/** The most sessions that a project lists. */
const MOST = 2000;

const addSessions = (project: { readonly id: string }, count: number) =>
  writeSessions(Array.from({ length: count }, () => sessionRow({ projects: [project.id] })));

/** The rows that D1 says it read for a request of one round trip. */
async function rowsRead({ client: { token } }: BuiltUser, path: string, change?: unknown) {
  const { client, cost } = countingClient(token);
  const answer = await (change === undefined ? client.get(path) : client.patch(path, change));
  expect(answer.status, path).toBe(200);
  expect(cost.roundTrips).toBe(1);
  return cost.rowsRead;
}

let user: BuiltUser;
let full: { readonly id: string; readonly name: string };
let over: { readonly id: string; readonly name: string };

beforeAll(async () => {
  user = await buildUser();
  const sharing = { isPublic: true, users: { owner: [user] } };
  full = await buildProject(sharing);
  over = await buildProject(sharing);
  await addSessions(full, MOST);
  await addSessions(over, MOST + 1);
}, 60_000);

/** A project through its detail and through the list of projects: they show the same. */
async function show(project: { readonly id: string }, query = "", portal = "private") {
  const client = portal === "private" ? user.client : clientFor();
  const path = `/api/${portal}/stem/project/`;
  const detail = await client.get(`${path}${project.id}/?${query}`);
  const list = await client.get(`${path}?filter{id}=${project.id}&${query}`);
  expect([detail.status, list.status]).toEqual([200, 200]);
  expect(list.body.projects).toEqual([detail.body.project]);
  return detail.body.project;
}

describe.each(["private", "public"])("a project in the %s portal", (portal) => {
  test("lists all of its sessions as long as they are not more than 2,000", async () => {
    for (const query of ["", "include[]=sessions"]) {
      const { sessions, links } = await show(full, query, portal);
      expect(sessions).toHaveLength(MOST);
      expect(links).toEqual(LINKS);
    }
  });

  test("has no list of more, and says where they are", async () => {
    for (const query of ["", "include[]=sessions"]) {
      const shown = await show(over, query, portal);
      expect(shown).not.toHaveProperty("sessions");
      expect(Object.keys(shown).at(-1)).toBe("links");
      const address = new URL(
        shown.links.sessions,
        `${ORIGIN}/api/${portal}/stem/project/${over.id}/`,
      );
      const { body } = await (portal === "private" ? user.client : clientFor()).get(
        `${address.pathname}?limit=100`,
      );
      expect(body.sessions).toHaveLength(100);
      expect(body.count).toBe(MOST + 1);
    }
  });
});

describe("a project with more than 2,000 sessions", () => {
  test("can be sent back as it was read", async () => {
    const read = await show(over);
    const { status, body } = await user.client.put(`${PROJECTS}${over.id}/`, read);
    expect({ status, body }).toEqual({ status: 200, body: { project: read } });
  });

  test("has its links where it stands in a session too", async () => {
    const { body } = await user.client.get(
      `/api/private/stem/session/?filter{projects}=${over.id}&limit=1&include[]=projects`,
    );
    expect(body.sessions[0].projects[0]).toMatchObject({ id: over.id, links: LINKS });
  });

  test("is filtered by its sessions as any other", async () => {
    const { body } = await user.client.get(`${PROJECTS}${over.id}/sessions/?limit=1`);
    const found = await user.client.get(`${PROJECTS}?filter{sessions}=${body.sessions[0].id}`);
    expect(found.body.projects).toMatchObject([{ id: over.id }]);
  });

  test("is read without reading its sessions", async () => {
    const rows = await rowsRead(user, `${PROJECTS}${over.id}/`);
    expect(rows).toBeLessThan(50);
    await addSessions(over, 500);
    expect(await rowsRead(user, `${PROJECTS}${over.id}/`)).toBe(rows);
    expect(await rowsRead(user, `${PROJECTS}${over.id}/?include[]=sessions`)).toBe(rows);
  });

  test("is changed without reading them, and answered without them", async () => {
    const address = `${PROJECTS}${over.id}/`;
    const { client } = user;
    expect((await client.patch(address, { tags: ["a"] })).body.project).toMatchObject({
      tags: ["a"],
      links: LINKS,
    });
    const rows = await rowsRead(user, address, { description: "changed" });
    expect(rows).toBeLessThan(150);
    await addSessions(over, 500);
    expect(await rowsRead(user, address, { description: "again" })).toBe(rows);
  });

  test("is read at the cost of a full list however many sets of projects its sessions are in", async () => {
    const scattered = await buildProject({ users: { owner: [user] } });
    const others = Array.from({ length: 90 }, () => ({ id: crypto.randomUUID() }));
    for (const { id } of others) await buildProject({ id });
    // Each session with other projects of its own, so that each is a set of projects by itself.
    const pairs = others.flatMap((first) =>
      others.filter((second) => second !== first).map((second) => [first.id, second.id]),
    );
    const addPairs = (from: number, to: number) =>
      writeSessions(
        pairs.slice(from, to).map((pair) => sessionRow({ projects: [scattered.id, ...pair] })),
      );
    await addPairs(0, MOST + 1);
    const rows = await rowsRead(user, `${PROJECTS}${scattered.id}/`);
    expect(rows).toBeLessThan(3 * MOST + 50);
    await addPairs(MOST + 1, 2 * MOST);
    expect(await rowsRead(user, `${PROJECTS}${scattered.id}/`)).toBe(rows);
  }, 30_000);
});

describe("GET /stem/project/:id/sessions/", () => {
  const below = (id: string) => `${PROJECTS}${id}/sessions/`;

  test("answers the query language as the list of sessions does under a filter on the project", async () => {
    const project = await buildProject({ users: { member: [user] } });
    const other = await buildProject({ users: { member: [user] } });
    const [first, second] = [
      await buildSession({ name: "Rat 1", projects: [other, project] }),
      await buildSession({ name: "Rat 2", projects: [project] }),
    ];
    await buildSession({ name: "Rat 3", projects: [other] });
    for (const query of [
      "",
      "sort[]=-name",
      "limit=1&offset=1",
      "filter{name.icontains}=RAT&include[]=projects",
      "filter{-tags}=x",
      `filter{projects}=${other.id}`,
      "offset=300",
    ]) {
      const list = await user.client.get(`${below(project.id)}?${query}`);
      const filtered = await user.client.get(
        `/api/private/stem/session/?filter{projects}=${project.id}&${query}`,
      );
      const { next, previous, ...page } = filtered.body;
      expect(list.status, query).toBe(200);
      expect(list.body, query).toMatchObject(page);
    }
    const page = (await user.client.get(`${below(project.id)}?limit=1`)).body;
    expect(page).toMatchObject({ sessions: [{ id: first.id }], count: 2 });
    expect(page.next).toBe(`${ORIGIN}${below(project.id)}?limit=1&offset=1`);
    const next = (await user.client.get(new URL(page.next).pathname + new URL(page.next).search))
      .body;
    expect(next).toMatchObject({ sessions: [{ id: second.id }], next: null });
  });

  test("is empty for a project without sessions", async () => {
    const project = await buildProject({ users: { member: [user] } });
    const { status, body } = await user.client.get(below(project.id));
    expect({ status, body }).toMatchObject({ status: 200, body: { sessions: [], count: 0 } });
  });

  test("is refused as the project itself, before what is wrong with the query", async () => {
    const hidden = await buildProject();
    const refusal = await user.client.get(`${PROJECTS}${hidden.id}/`);
    expect(refusal.status).toBe(403);
    for (const query of ["", "?nonsense=1"]) {
      const list = await user.client.get(below(hidden.id) + query);
      expect([list.status, list.body]).toEqual([403, refusal.body]);
      for (const id of [crypto.randomUUID(), "nothing"]) {
        expect((await user.client.get(below(id) + query)).status).toBe(404);
      }
      const open = await clientFor().get(`/api/public/stem/project/${hidden.id}/sessions/${query}`);
      expect(open.status).toBe(404);
    }
    expect((await user.client.get(`${below(full.id)}?nonsense=1`)).status).toBe(400);
    expect((await user.client.post(below(full.id), {})).status).toBe(405);
  });

  test("shows in the public portal what that shows of a session", async () => {
    const project = await buildProject({ isPublic: true });
    const hidden = await buildProject();
    const session = await buildSession({ projects: [hidden, project] });
    const { body } = await clientFor().get(`/api/public/stem/project/${project.id}/sessions/`);
    expect(body.sessions).toMatchObject([{ id: session.id, projects: [project.id] }]);
  });

  test("costs what the filter costs, in one round trip", async () => {
    const filtered = await rowsRead(user, `/api/private/stem/session/?filter{projects}=${over.id}`);
    expect(await rowsRead(user, below(over.id))).toBeLessThanOrEqual(filtered + 20);
  });
});

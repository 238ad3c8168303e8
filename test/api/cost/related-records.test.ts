import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import {
  buildListOfProject,
  buildProject,
  buildSession,
  buildSubject,
  buildUser,
  unique,
} from "../../support/builders.ts";
import { countingClient } from "../../support/d1-binding.ts";

const PROJECTS = "/api/private/stem/project/";
const SESSIONS = "/api/private/stem/session/";

const MANY = 3_000;

type Id = { readonly id: string };

/** Sessions of a project beside the first, which is there because a set of projects ends with its last. */
async function addSessions({ id }: Id, count: number): Promise<void> {
  await env.DB.prepare(
    `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
     INSERT INTO sessions (id, name, name_folded, project_set_id)
     SELECT substr(?, 1, 24) || printf('%012d', n), ? || n, ? || n,
       (SELECT id FROM project_sets WHERE project_ids = ?) FROM numbers`,
  )
    .bind(count, crypto.randomUUID(), id, id, JSON.stringify([id]))
    .run();
}

/** Module records of a session. */
async function addRecords({ id }: Id, count: number): Promise<void> {
  await env.DB.prepare(
    `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
     INSERT INTO data_acquisitions (id, session_id, type)
     SELECT substr(?, 1, 24) || printf('%012d', n), ?, 'ExtracellularEphys' FROM numbers`,
  )
    .bind(count, crypto.randomUUID(), id)
    .run();
}

/** What a change costs beyond what reading the same object costs, in rows. */
async function costOfChange(token: string | undefined, address: string): Promise<number> {
  const [reading, writing] = [countingClient(token), countingClient(token)];
  expect((await reading.client.get(address)).status).toBe(200);
  const answer = await writing.client.patch(address, { description: unique("changed") });
  expect(answer.status).toBe(200);
  return writing.cost.rowsRead - reading.cost.rowsRead;
}

describe("a change costs the same, whatever belongs to the object", () => {
  test("of a project with many sessions", async () => {
    const user = await buildUser();
    const project = await buildProject({ users: { owner: [user] } });
    await buildSession({ projects: [project] });
    const few = await costOfChange(user.client.token, `${PROJECTS}${project.id}/`);
    await addSessions(project, MANY);
    const many = await costOfChange(user.client.token, `${PROJECTS}${project.id}/`);
    expect(many).toBeLessThanOrEqual(few + 10);
  });

  test("of a session with many module records", async () => {
    const user = await buildUser();
    const project = await buildProject({ users: { contributor: [user] } });
    const session = await buildSession({ projects: [project] });
    const few = await costOfChange(user.client.token, `${SESSIONS}${session.id}/`);
    await addRecords(session, MANY);
    const many = await costOfChange(user.client.token, `${SESSIONS}${session.id}/`);
    expect(many).toBeLessThanOrEqual(few + 10);
  });
});

describe("whole sessions in place of the ids in a list of projects", () => {
  const include = "include[]=sessions.*";

  test("are refused before they are read, where they would read too many rows", async () => {
    const user = await buildUser();
    for (let n = 0; n < 9; n += 1) {
      const project = await buildProject({ users: { owner: [user] }, isPublic: true });
      await buildSession({ projects: [project] });
      await addSessions(project, 1_999);
    }
    const stranger = countingClient(undefined);
    const address = "/api/public/stem/project/";
    const refused = await stranger.client.get(`${address}?${include}`);
    expect(refused.status).toBe(400);
    expect(refused.body.detail).toMatch(/^include\[\]=sessions: would read about \d+ rows/);
    expect(stranger.cost.roundTrips).toBe(1);
    expect(stranger.cost.rowsRead).toBeLessThanOrEqual(500);
    // One project with the longest list is an ordinary request, also for a stranger.
    const few = countingClient(undefined);
    const { status, body } = await few.client.get(`${address}?${include}&limit=1`);
    expect(status).toBe(200);
    expect(body.projects[0].sessions).toHaveLength(2_000);
    // What the refusal counts for each session is what a session reads.
    expect(few.cost.rowsRead).toBeLessThanOrEqual(2_000 * 12 + 500);
    expect(few.cost.rowsRead).toBeGreaterThan(2_000 * 4);
  }, 60_000);
});

describe("whole members in place of the ids in a list of collections or cohorts", () => {
  test.each([
    ["collection", "session"],
    ["cohort", "subject"],
  ] as const)("are refused for %ss before they are read", async (list, member) => {
    const project = await buildProject({ isPublic: true });
    const built = { projects: [project] };
    const { id } = await (member === "session" ? buildSession(built) : buildSubject(built));
    const columns = member === "session" ? "" : ", strain, sex, status";
    await env.DB.prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1999)
       INSERT INTO ${member}s (id, name, name_folded, project_set_id${columns})
       SELECT printf('%08x-0000-4000-8000-000000000000', n), id || n, id || n, project_set_id${columns}
       FROM numbers, ${member}s WHERE id = ?`,
    )
      .bind(id)
      .run();
    for (let n = 0; n < 20; n += 1) {
      const { id: listId } = await buildListOfProject(`${list}s`, project);
      await env.DB.prepare(
        `INSERT INTO ${list}_${member}s (${list}_id, ${member}_id, position)
         SELECT ?, id, row_number() OVER (ORDER BY name) - 1 FROM ${member}s
         WHERE project_set_id = (SELECT project_set_id FROM ${member}s WHERE id = ?)`,
      )
        .bind(listId, id)
        .run();
    }
    const address = `/api/public/stem/${list}/?filter{project}=${project.id}&include[]=${member}s`;
    const stranger = countingClient(undefined);
    const refused = await stranger.client.get(address);
    expect([refused.status, refused.body.detail]).toEqual([
      400,
      expect.stringMatching(new RegExp(`^include\\[\\]=${member}s: would read about \\d+ rows`)),
    ]);
    expect(refused.body.detail).toMatch(/with limit, or leave the include out\.$/);
    expect(stranger.cost.roundTrips).toBe(1);
    expect(stranger.cost.rowsRead).toBeLessThanOrEqual(500);
    const few = countingClient(undefined);
    const { status, body } = await few.client.get(`${address}&limit=1`);
    expect([status, body[`${list}s`]?.[0][`${member}s`].length]).toEqual([200, 2_000]);
    expect(few.cost.rowsRead).toBeLessThanOrEqual(2_000 * 14 + 500);
    expect(few.cost.rowsRead).toBeGreaterThan(2_000 * 4);
    // The ids alone are read in their order, without the records.
    const ids = countingClient(undefined);
    await ids.client.get(`/api/public/stem/${list}/?filter{project}=${project.id}`);
    expect(ids.cost.rowsRead).toBeLessThanOrEqual(20 * 2_000 + 500);
  });
});

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { buildProject, buildSession, buildUser } from "../../support/builders.ts";
import { countingClient } from "../../support/d1-binding.ts";
import { findBrokenInvariants } from "../../support/invariants.ts";

const SESSIONS = "/api/private/stem/session/";

/** The most rows that a write of one session may read. */
const MOST_READ = 1_500;

/** More sessions than one block of a list has (see the migration `list_blocks`). */
const MANY = 140;

/** More sessions than that with the same date as many of those that are written. */
const OF_ONE_DAY = 3_000;

async function addSessions(projects: readonly string[], count: number): Promise<void> {
  const ids = JSON.stringify(projects);
  await env.DB.batch([
    env.DB.prepare("INSERT INTO project_sets (project_ids) VALUES (?)").bind(ids),
    env.DB.prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       INSERT INTO sessions (id, name, name_folded, date_time, project_set_id)
       SELECT printf('%08x-0000-4000-8000-000000000000', n * 1431655), 'x' || n, 'x' || n,
         '2026-01-01T00:00:00', (SELECT id FROM project_sets WHERE project_ids = ?) FROM numbers`,
    ).bind(count, ids),
  ]);
}

test("a write of a session reads few rows, also one that divides the blocks of all lists", async () => {
  const user = await buildUser();
  const projects = [await buildProject({ users: { owner: [user] } })];
  const other = await buildProject({ users: { owner: [user] } });
  const ids = projects.map(({ id }) => id);
  await addSessions(ids, OF_ONE_DAY);
  const costs: number[] = [];
  const made: string[] = [];
  const spend = async (method: string, path: string, body?: unknown) => {
    const { client, cost } = countingClient(user.client.token);
    const answer = await client.send(method, path, body);
    expect(answer.status).toBeLessThan(300);
    costs.push(cost.rowsRead);
    return answer;
  };
  for (let n = 0; n < MANY; n += 1) {
    const name = `block-${String(n).padStart(3, "0")}`;
    const date_time = n % 2 === 0 ? null : "2026-01-01T00:00:00Z";
    const { body } = await spend("POST", SESSIONS, { name, projects: ids, date_time });
    made.push(body.session.id);
  }
  for (const id of made.slice(0, 40)) {
    await spend("PATCH", `${SESSIONS}${id}/`, { date_time: null, projects: [...ids, other.id] });
  }
  for (const id of made.slice(20, 80)) await spend("DELETE", `${SESSIONS}${id}/`);
  expect(Math.max(...costs)).toBeLessThanOrEqual(MOST_READ);
});

test("a write of a record of a session reads few rows, also one that divides the blocks of all lists", async () => {
  const user = await buildUser();
  const projects = [await buildProject({ users: { owner: [user] } })];
  const other = await buildProject({ users: { owner: [user] } });
  const session = await buildSession({ projects });
  const spend = async (method: string, path: string, body?: unknown) => {
    const { client, cost } = countingClient(user.client.token);
    const answer = await client.send(method, `/api/private/stem/${path}`, body);
    expect(answer.status).toBeLessThan(300);
    expect(cost.rowsRead, `${method} ${path}`).toBeLessThanOrEqual(MOST_READ);
    return answer;
  };
  const made: string[] = [];
  for (let n = 0; n < MANY; n += 1) {
    const order = n % 3 === 0 ? null : n % 7;
    const { body } = await spend("POST", "epoch/", { session: session.id, name: "Task", order });
    made.push(body.epoch.id);
  }
  for (const id of made.slice(0, 20)) await spend("PATCH", `epoch/${id}/`, { order: 5 });
  for (const id of made.slice(10)) await spend("DELETE", `epoch/${id}/`);
  // The ten epochs that are left move with their session.
  const moved = { projects: [...projects, other].map(({ id }) => id) };
  await spend("PATCH", `session/${session.id}/`, moved);
  expect(await findBrokenInvariants({ owned: true })).toEqual({});
});

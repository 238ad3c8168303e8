import { expect, test } from "vitest";
import { buildProject, buildUser } from "../../support/builders.ts";
import { countingClient } from "../../support/d1-binding.ts";

const SESSIONS = "/api/private/stem/session/";

/** The most rows that a write of one session may read. */
const MOST_READ = 1_500;

/** More sessions than one block of a list has (see `drizzle/0012_list_blocks.sql`). */
const MANY = 140;

test("a write of a session reads few rows, also one that divides the blocks of all lists", async () => {
  const user = await buildUser();
  const projects = [await buildProject({ users: { owner: [user] } })];
  const other = await buildProject({ users: { owner: [user] } });
  const ids = projects.map(({ id }) => id);
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

import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { type BuiltUser, buildProject, buildUser } from "../../support/builders.ts";
import { countingClient } from "../../support/d1-binding.ts";
import { findBrokenInvariants } from "../../support/invariants.ts";
import { isThorough } from "../../support/thorough.ts";

// Pages at an offset of a list so long that blocks of it are skipped.

const SESSIONS = 24_000;

/** Most sessions of the first half are hidden from both viewers: a walk from that end finds too few. */
const HIDDEN = 0;
const [OWN, BOTH, OPEN] = [1, 2, 3];

/** The project set of a session, by its number. */
const setOf = (n: number) => {
  if (n < SESSIONS / 2) return n % 20 === 0 ? OWN : n % 31 === 0 ? OPEN : HIDDEN;
  return [OWN, BOTH, OPEN, OPEN, HIDDEN][n % 5] ?? HIDDEN;
};

const run = (text: string, ...values: unknown[]) =>
  env.DB.prepare(text)
    .bind(...values)
    .run();

/** A walk of 12,000 rows, blocks, and a page. */
const MOST_READ = 25_000;

const SORTS = ["name", "id", "date_time", "created_date", "updated_date"];

let member: BuiltUser;

beforeAll(async () => {
  member = await buildUser();
  const hidden = await buildProject();
  const own = await buildProject({ users: { member: [member] } });
  const open = await buildProject({ isPublic: true });
  const sets = [[hidden], [own], [own, open], [open]];
  for (const [number, projects] of sets.entries()) {
    const ids = JSON.stringify(projects.map(({ id }) => id));
    await run("INSERT INTO project_sets (id, project_ids) VALUES (?, ?)", number + 1, ids);
  }
  // A third has no date, many have the same one, and all of one statement were made at the same instant.
  for (let first = 0; first < SESSIONS; first += 4_000) {
    const rows = Array.from({ length: 4_000 }, (_, place) => {
      const n = first + place;
      const day = n % 3 === 0 ? null : `20${10 + (n % 7)}-01-01T00:00:00`;
      const id = `${String((n * 7_919) % 100_000).padStart(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;
      return [id, `s${String(n).padStart(6, "0")}`, day, setOf(n) + 1];
    });
    await run(
      `INSERT INTO sessions (id, name, name_folded, date_time, project_set_id)
       SELECT value ->> 0, value ->> 1, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`,
      JSON.stringify(rows),
    );
  }
  // Two epochs in every second session, some of them with a position.
  await run(
    `INSERT INTO epochs (id, session_id, name, name_folded, position)
     SELECT printf('%08d', (sessions.rowid * 7919 + value) % 99991) || substr(sessions.id, 9, 27) || value, sessions.id, 'e', 'e',
       nullif((sessions.rowid + value) % 3, 0)
     FROM sessions CROSS JOIN json_each('[1, 2]') WHERE sessions.rowid % 2`,
  );
  // What happens to sessions later: they are deleted, renamed, dated, and moved to other projects.
  await run("DELETE FROM sessions WHERE name BETWEEN 's014000' AND 's014400'");
  await run("DELETE FROM sessions WHERE rowid % 11 = 0");
  await run("UPDATE sessions SET name = 'a' || name WHERE rowid % 50 = 1");
  await run("UPDATE sessions SET date_time = '2026-01-01T00:00:00' WHERE rowid % 40 = 2");
  await run("UPDATE sessions SET date_time = NULL WHERE rowid % 40 = 3");
  await run(
    `UPDATE sessions SET project_set_id = 4, updated_date = '2030-01-01T00:00:00' WHERE rowid % 30 = 4`,
  );
  // What happens to epochs.
  await run("DELETE FROM epochs WHERE rowid % 13 = 0");
  await run(
    "UPDATE epochs SET position = rowid % 5, updated_date = '2030-01-01' WHERE rowid % 9 = 0",
  );
}, 120_000);

/** The addresses of lists, with the order of their rows. */
const LISTS: readonly (readonly [path: string, name: string, sort: string, order: string])[] = [
  ...SORTS.flatMap((key) => [
    ["stem/session", "sessions", key, `${key}, id`] as const,
    ["stem/session", "sessions", `-${key}`, `${key} DESC, id DESC`] as const,
  ]),
  ["stem/epoch", "epochs", "", "session_id, position IS NULL, position, created_date, id"],
  ["stem/epoch", "epochs", "id", "id"],
  ["stem/epoch", "epochs", "-created_date", "created_date DESC, id DESC"],
  ["stem/epoch", "epochs", "updated_date", "updated_date, id"],
];

describe.each([
  ["who sees two of four project sets", "private", "2, 3"],
  ["the public", "public", "3, 4"],
])("a page at an offset for %s", (_, portal, sets) => {
  test.each(LISTS)(
    "of %s has exactly the rows of its place (%s sort[]=%s)",
    async (address, list, sort, order) => {
      const { results } = await env.DB.prepare(
        `SELECT id FROM ${list} WHERE project_set_id IN (${sets}) ORDER BY ${order}`,
      ).all<{ id: string }>();
      const expected = results.map(({ id }) => id);
      const token = portal === "private" ? member.client.token : undefined;
      const count = expected.length;
      for (const offset of [1, 64, 500, count >> 1, count - 500, count - 3, count, count + 9]) {
        const sorted = sort === "" ? "" : `sort[]=${sort}&`;
        const path = `/api/${portal}/${address}/?${sorted}only[]=name`;
        const { client, cost } = countingClient(token);
        const { status, body } = await client.get(`${path}&limit=100&offset=${offset}`);
        expect(status).toBe(200);
        // Thousands of sessions have the same date, and not all of them are read.
        expect(cost.rowsRead, `offset ${offset}`).toBeLessThanOrEqual(MOST_READ);
        expect(body.count).toBe(count);
        const ids = body[list].map(({ id }: { id: string }) => id);
        expect(ids, `offset ${offset}`).toEqual(expected.slice(offset, offset + 100));
        expect(body.next === null).toBe(offset + 100 >= count);
      }
    },
  );
});

test.runIf(isThorough)(
  "the blocks have the rows of the lists after all that",
  async () => {
    expect(await findBrokenInvariants()).toEqual({});
  },
  60_000,
);

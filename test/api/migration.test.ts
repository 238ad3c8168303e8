import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { fillSearchIndexes } from "../../scripts/operator/search-index.ts";
import { Connection } from "../../src/db/connection.ts";
import { hashToken, makeToken } from "../../src/values/token.ts";
import { clientFor } from "../support/client.ts";
import { findBrokenInvariants } from "../support/invariants.ts";
import { buildShape, SHAPES } from "../support/shapes.ts";

const MIGRATIONS = env.MIGRATIONS.map(({ name }) => name);

/** The tables as the first migration makes them, with a row of everything that there can be. */
const ROWS = {
  users: { id: id(1), email: "ada@lab.example", first_name: "Åda" },
  access_tokens: {
    id: id(2),
    user_id: id(1),
    token_hash: "0".repeat(64),
    expires_date: "2099-01-01T00:00:00",
  },
  groups: { id: id(3), name: "Lab", name_folded: "lab" },
  group_members: { group_id: id(3), user_id: id(1), level: 4 },
  projects: { id: id(4), name: "Maze", name_folded: "maze", extra_fields: '{"a":1}' },
  project_tags: { project_id: id(4), tag: "T", tag_folded: "t", position: 0 },
  project_users: { project_id: id(4), user_id: id(1), level: 4 },
  project_groups: { project_id: id(4), group_id: id(3), level: 1 },
  data_storages: { id: id(5), name: "Disk", name_folded: "disk" },
  data_storage_users: { data_storage_id: id(5), user_id: id(1), level: 4 },
  data_storage_groups: { data_storage_id: id(5), group_id: id(3), level: 2 },
  project_sets: { id: 7, project_ids: `["${id(4)}"]`, session_count: 1 },
  session_projects: { project_set_id: 7, project_id: id(4), position: 0 },
  sessions: {
    id: id(6),
    name: "Größe 🧠",
    name_folded: "grösse 🧠",
    date_time: "2023-03-22T15:30:00.000001",
    project_set_id: 7,
    extra_fields: '{"depth":1.5}',
    extra_fields_folded: '{"depth":1.5}',
    name_used_in_storage: "raw",
  },
  session_tags: { session_id: id(6), tag: "T", tag_folded: "t", position: 0 },
  session_data_storages: {
    id: id(8),
    session_id: id(6),
    data_storage_id: id(5),
    position: 0,
  },
  data_acquisitions: {
    id: id(9),
    session_id: id(6),
    type: "ExtracellularEphys",
    procedures: JSON.stringify([id(33)]),
    equipment: JSON.stringify([id(34), id(35)]),
  },
  behaviors: {
    id: id(10),
    session_id: id(6),
    subjects: JSON.stringify([id(32), id(31)]),
    setup: id(0),
    behavioralassay: id(0),
  },
  manipulations: {
    id: id(11),
    session_id: id(6),
    type: "DeepBrainStimulation",
    procedures: JSON.stringify([id(33)]),
    equipment: JSON.stringify([id(35)]),
  },
  epochs: { id: id(12), session_id: id(6), name: "E", name_folded: "e", start: 0.5, end: 9 },
  epoch_data_acquisitions: { epoch_id: id(12), data_acquisition_id: id(9), position: 0 },
  epoch_behaviors: { epoch_id: id(12), behavior_id: id(10), position: 0 },
  epoch_manipulations: { epoch_id: id(12), manipulation_id: id(11), position: 0 },
} as const;

function id(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** What the triggers of the second migration write by themselves. */
const WITHOUT_TRIGGERS = { session_projects: true, session_count: true };

async function writeRows(migrated: number): Promise<void> {
  const triggers = migrated > 1;
  for (const [table, row] of Object.entries(ROWS)) {
    if (triggers && table in WITHOUT_TRIGGERS) continue;
    const columns = Object.entries(row).filter(
      ([column]) => !(triggers && column in WITHOUT_TRIGGERS),
    );
    const names = columns.map(([column]) => `"${column}"`);
    await env.DB.prepare(`INSERT INTO ${table} (${names}) VALUES (${names.map(() => "?")})`)
      .bind(...columns.map(([, value]) => value))
      .run();
  }
}

/** Every row of every table of `ROWS`, in the columns that it was written with. */
async function readRows(): Promise<Record<string, unknown>> {
  const tables = Object.entries(ROWS);
  const answers = await env.DB.batch(
    tables.map(([table, row]) =>
      env.DB.prepare(`SELECT ${Object.keys(row).map((column) => `"${column}"`)} FROM ${table}`),
    ),
  );
  return Object.fromEntries(
    tables.map(([table], index) => [table, answers[index]?.results] as const),
  );
}

describe("the migrations", () => {
  beforeEach(async () => {
    await reset();
  });

  test("fill every table that the first one makes, here", async () => {
    await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, 1));
    const { results } = await env.DB.prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'table'
       AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name <> 'd1_migrations'`,
    ).all<{ name: string }>();
    expect(results.map(({ name }) => name).sort()).toEqual(Object.keys(ROWS).sort());
  });

  test.each(MIGRATIONS.slice(1).map((name, index) => [name, index + 1] as const))(
    "from %s on keep every row that was there before",
    async (_, migrated) => {
      await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, migrated));
      await writeRows(migrated);
      const before = await readRows();
      await applyD1Migrations(env.DB, env.MIGRATIONS);
      expect(await readRows()).toEqual(before);
      expect(before).toEqual(
        Object.fromEntries(Object.entries(ROWS).map(([table, row]) => [table, [row]])),
      );
      // The index does not have what is older than it; `finish-migrations` adds it.
      await fillSearchIndexes((statements) => new Connection(env.DB).batch(statements));
      expect(await findBrokenInvariants()).toEqual({});
    },
  );

  test("let records that named others before there were any be found by them, and keep what they name", async () => {
    const before = MIGRATIONS.findIndex((name) => name.endsWith("_models_of_the_tutorials.sql"));
    expect(before).toBeGreaterThan(0);
    await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, before));
    await writeRows(before);
    const token = makeToken();
    await env.DB.prepare("UPDATE access_tokens SET token_hash = ?")
      .bind(await hashToken(token))
      .run();
    await applyD1Migrations(env.DB, env.MIGRATIONS);
    const { get, patch, put } = clientFor(token);
    for (const [model, record, field, value] of [
      ["behavior", id(10), "subjects", id(31)],
      ["behavior", id(10), "setup", id(0)],
      ["behavior", id(10), "behavioralassay", id(0)],
      ["dataacquisition", id(9), "procedures", id(33)],
      ["dataacquisition", id(9), "equipment", id(35)],
      ["manipulation", id(11), "procedures", id(33)],
      ["manipulation", id(11), "equipment", id(35)],
    ]) {
      const list = `/api/private/modules/${model}/`;
      const found = await get(`${list}?filter{${field}}=${value}`);
      expect([field, found.status, found.body.count]).toEqual([field, 200, 1]);
      const none = await get(`${list}?filter{${field}}=${id(99)}`);
      expect([field, none.body.count]).toEqual([field, 0]);
      const [key, shown] = Object.entries((await get(`${list}${record}/`)).body)[0] ?? ["", {}];
      const changed = await patch(`${list}${record}/`, { notes: "seen" });
      expect(changed.body[key]).toEqual({ ...(shown as object), notes: "seen" });
      expect(await put(`${list}${record}/`, shown)).toMatchObject({
        status: 200,
        body: { [key]: shown },
      });
    }
    for (const subject of [id(31), id(32)]) {
      const sessions = await get(`/api/private/stem/session/?filter{subjects}=${subject}`);
      expect([sessions.status, sessions.body.sessions?.map((s: { id: string }) => s.id)]).toEqual([
        200,
        [id(6)],
      ]);
    }
  });

  test.each(SHAPES)(
    "make the blocks of lists that are longer than a block: $name",
    async (shape) => {
      const before = MIGRATIONS.findIndex((name) => name.endsWith("_list_blocks_of_all_lists.sql"));
      expect(before).toBeGreaterThan(0);
      await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, before));
      await buildShape(shape, 300);
      await applyD1Migrations(env.DB, env.MIGRATIONS);
      const { results } = await env.DB.prepare(
        "SELECT list FROM list_blocks GROUP BY list HAVING count(*) > 1",
      ).all();
      expect(results.length).toBeGreaterThan(20);
      const broken = Object.keys(await findBrokenInvariants());
      expect(broken.filter((rule) => rule.startsWith("the blocks of"))).toEqual([]);
    },
  );

  test.each([0, 1, MIGRATIONS.length - 1])(
    "are told of by the health of a database that has %i of them",
    async (migrated) => {
      await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, migrated));
      const { status, body } = await clientFor().get("/api/health");
      expect([status, body]).toEqual([
        200,
        { status: "ok", schema: MIGRATIONS.slice(0, migrated).at(-1) ?? null },
      ]);
    },
  );

  test("leave a database that is up to date as it is", async () => {
    await applyD1Migrations(env.DB, env.MIGRATIONS);
    await writeRows(MIGRATIONS.length);
    const before = await readRows();
    await applyD1Migrations(env.DB, env.MIGRATIONS);
    expect(await readRows()).toEqual(before);
  });
});

import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fillFolded } from "../../scripts/operator/fold.ts";
import { type Database, migrateDatabase, openDatabase } from "../../scripts/platform/database.ts";
import { makeDirectory } from "../scripts/command.ts";

const SET = 1;
const PROJECT = "00000000-0000-4000-8000-000000000001";
const SESSION = "00000000-0000-4000-8000-000000000002";

let database: Database;
let directory: Awaited<ReturnType<typeof makeDirectory>>;

beforeAll(async () => {
  directory = await makeDirectory();
  const place = { kind: "local", directory: directory.path } as const;
  database = await openDatabase(place);
  await migrateDatabase(database, place);
});

afterAll(async () => {
  await database?.close();
  await directory?.remove();
});

test("fills the folded columns of rows of any number", async () => {
  const { connection } = database;
  await connection.batch([
    sql`WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1200)
      INSERT INTO projects (id, name, name_folded)
      SELECT printf('00000000-0000-4000-8000-%012d', n), 'Å ' || n, '' FROM numbers`,
  ]);
  expect(await fillFolded(connection)).toBe(1200);
  const [rows] = await connection.batch([
    sql`SELECT count(*) AS count FROM projects WHERE name_folded = 'å ' || substr(name, 3)`,
  ]);
  expect(rows).toEqual([{ count: 1200 }]);
  expect(await fillFolded(connection)).toBe(0);
});

test("ends at a text that folds to the value of an unfilled column", async () => {
  const { connection } = database;
  await connection.batch([
    sql`INSERT INTO project_sets (id, project_ids) VALUES (${SET}, ${JSON.stringify([PROJECT])})`,
    sql`INSERT INTO sessions (id, name, name_folded, project_set_id, extra_fields)
      VALUES (${SESSION}, 's', 's', ${SET}, '{ }')`,
  ]);
  expect(await fillFolded(connection)).toBe(0);
});

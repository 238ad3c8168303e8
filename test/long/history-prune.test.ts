import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openDatabase } from "../../scripts/platform/database.ts";
import { admin, directoryOfTest } from "../scripts/command.ts";

const RECORD = "00000000-0000-4000-8000-000000000001";

test("history prune says what it would delete, and deletes it with --yes alone", async () => {
  const directory = await directoryOfTest();
  await admin(directory, "user", "create", "ada@lab.example");
  const { connection, close } = await openDatabase({ kind: "local", directory });
  const insert = (count: number, day: string) =>
    sql`WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      INSERT INTO history (date_time, action, model, record_id, changes)
      SELECT ${day}, 'change', 'session', ${RECORD}, '{"a":1}' FROM numbers`;
  await connection.batch([
    insert(12_000, "2025-12-31T23:59:59.999999"),
    insert(2, "2026-01-01T00:00:00"),
  ]);
  const count = async () => {
    const [rows = []] = await connection.batch([
      sql`SELECT count(*) AS n FROM history WHERE record_id = ${RECORD}`,
    ]);
    return rows[0]?.n;
  };
  const prune = (...args: readonly string[]) => admin(directory, "history", "prune", ...args);

  const told = await prune("--before", "2026-01-01");
  expect(JSON.parse(told.stdout)).toEqual({ entries: 12_000, bytes: 12_000 * (7 + 2 + 36) });
  expect(told.stderr).toContain("export");
  expect(await count()).toBe(12_002);
  const done = await prune("--before", "2026-01-01T00:00Z", "--yes");
  expect(JSON.parse(done.stdout)).toEqual({ deleted: 12_000 });
  expect(await count()).toBe(2);
  const wrong = await prune("--before", "2026-02-30");
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("2026-01-31")]);
  await close();
});

import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openDatabase } from "../../scripts/platform/database.ts";
import { ROOT, runWrangler } from "../../scripts/platform/wrangler.ts";
import { admin, directoryOfTest, request, startService } from "../scripts/command.ts";

/** The migrations of the project and one more, as the project's configuration names them. */
async function withMigration(directory: string, text: string): Promise<string> {
  await cp(join(ROOT, "drizzle"), join(directory, "migrations"), { recursive: true });
  await writeFile(join(directory, "migrations", "9999_another.sql"), text);
  const configuration = join(directory, "wrangler.json");
  await writeFile(
    configuration,
    JSON.stringify({
      name: "brainstem-session-api",
      compatibility_date: "2026-10-01",
      d1_databases: [
        {
          binding: "DB",
          database_name: "brainstem",
          database_id: "00000000-0000-0000-0000-000000000000",
          migrations_dir: "migrations",
        },
      ],
    }),
  );
  return configuration;
}

async function applyMigrations(directory: string, configuration: string) {
  const place = ["--local", "--persist-to", directory, "--config", configuration];
  return runWrangler(["d1", "migrations", "apply", "DB", ...place]).ended;
}

/** What the database consists of, the migrations that it has, and a row. */
async function readState(directory: string): Promise<unknown> {
  const { connection, close } = await openDatabase({ kind: "local", directory });
  const state = await connection.batch([
    sql`SELECT type, name, sql FROM sqlite_schema ORDER BY type, name`,
    sql`SELECT id, name FROM d1_migrations ORDER BY id`,
    sql`SELECT email, first_name FROM users`,
  ]);
  await close();
  return state;
}

test("a migration that fails half-way leaves the old schema, with which the service goes on", async () => {
  const directory = await directoryOfTest();
  await admin(directory, "user", "create", "ada@lab.example", "--first-name", "Ada");
  const token = (await admin(directory, "token", "create", "ada@lab.example")).stdout.trim();
  const before = await readState(directory);
  const configuration = await withMigration(
    directory,
    `ALTER TABLE users RENAME COLUMN first_name TO given_name;
--> statement-breakpoint
DROP TABLE session_tags;
--> statement-breakpoint
UPDATE users SET given_name = 'Nobody';
--> statement-breakpoint
INSERT INTO users (id, email) VALUES ('not a UUID', 'ada@lab.example');
--> statement-breakpoint
CREATE TABLE never_reached (id integer);
`,
  );
  const { code, output } = await applyMigrations(directory, configuration);
  expect(code).not.toBe(0);
  expect(output).toMatch(/constraint failed/);
  expect(await readState(directory)).toEqual(before);

  const service = await startService(directory, "--log-level", "warn");
  const path = `${service.url}/api/private/stem/project/`;
  const made = await request(path, token, { method: "POST", body: { name: "Maze" } });
  expect(made.status).toBe(201);
  expect(await request(path, token)).toMatchObject({ status: 200, body: { count: 1 } });
  await service.stop();
});

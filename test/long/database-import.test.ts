import { execFileSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createToken } from "../../scripts/operator/access-tokens.ts";
import { exportDatabase } from "../../scripts/operator/export/export-database.ts";
import { importDatabase } from "../../scripts/operator/export/import-database.ts";
import { createRecord } from "../../scripts/operator/records.ts";
import { createUser } from "../../scripts/operator/users.ts";
import { type Database, migrateDatabase, openDatabase } from "../../scripts/platform/database.ts";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { project } from "../../src/models/project.ts";
import { DatabaseBeingFilledError } from "../../src/values/errors.ts";
import {
  admin,
  directoryOfTest,
  makeDirectory,
  request,
  startScript,
  startService,
} from "../scripts/command.ts";

const PROFILE = {
  first_name: "Ada",
  last_name: "",
  website: "",
  google_scholar: "",
  orcid_id: "",
  atlas_preference: "",
};

/** How many users an export has: each takes so much that a few of them are a transaction of their own. */
const USERS = 12;

let lines: readonly string[];

async function openIn(directory: string): Promise<Database> {
  const place = { kind: "local", directory } as const;
  const database = await openDatabase(place);
  await migrateDatabase(database, place);
  return database;
}

async function openForTest(): Promise<Database> {
  const database = await openIn(await directoryOfTest());
  onTestFinished(() => database.close());
  return database;
}

async function exported(connection: Connection): Promise<string> {
  let text = "";
  for await (const part of exportDatabase(connection)) text += part;
  return text;
}

async function* linesOf(all: readonly string[], meanwhile?: () => Promise<void>) {
  for (const line of all) {
    await meanwhile?.();
    yield line;
  }
}

/** Says that an import has been silent for long. */
const grewSilent = ({ connection }: Database) =>
  connection.batch([sql`UPDATE imports SET alive_date = '2020-01-01T00:00:00'`]);

const mark = ({ connection }: Database) =>
  connection.batch([
    sql`INSERT INTO imports VALUES (1, 'another', '2020-01-01T00:00:00', strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000')`,
  ]);

beforeAll(async () => {
  const { path, remove } = await makeDirectory();
  const database = await openIn(path);
  // A description is no bound of a user, but a project has one, of nearly a megabyte in the database.
  await createUser(database.connection, OPERATOR, { ...PROFILE, email: "owner@lab.example" });
  const owner = { ...OPERATOR, owner: "owner@lab.example" };
  for (let count = 0; count < USERS; count += 1) {
    await createRecord(database.connection, owner, project, { name: `Project ${count}` });
  }
  await database.connection.batch([
    sql`UPDATE projects SET description = ${"x".repeat(900_000)}, description_folded = ${"x".repeat(900_000)}`,
  ]);
  lines = (await exported(database.connection)).trimEnd().split("\n");
  await database.close();
  await remove();
}, 60_000);

describe("a database that an import fills", () => {
  let directory: Awaited<ReturnType<typeof makeDirectory>>;
  let database: Database;
  let service: Awaited<ReturnType<typeof startService>>;

  beforeAll(async () => {
    directory = await makeDirectory();
    database = await openIn(directory.path);
    await mark(database);
    service = await startService(directory.path);
  });

  afterAll(async () => {
    await service.stop();
    await database.close();
    await directory.remove();
  });

  test.each([
    ["GET", "/api/health", undefined],
    ["GET", "/api/public/stem/session/", undefined],
    ["GET", "/api/private/stem/session/", undefined],
    ["POST", "/api/private/stem/project/", { name: "a" }],
    ["PATCH", "/api/private/stem/project/00000000-0000-4000-8000-000000000001/", { name: 1 }],
  ])("is not answered from: %s %s", async (method, path, body) => {
    const answer = await request(`${service.url}${path}`, "unknown", { method, body });
    expect(answer.status).toBe(503);
    expect(answer.body.detail).toContain("being filled by an import");
  });

  test.each([
    ["user", "list"],
    ["user", "create", "a@lab.example"],
    ["export", "/dev/null"],
    ["history", "prune", "--before", "2026-01-01"],
  ])("is not open to another command: %s %s", async (...args) => {
    const { code, stderr } = await admin(directory.path, ...args);
    expect(code).toBe(1);
    expect(stderr).toContain("import --discard");
  });

  test("is not taken over while the import shows that it is alive, and is discarded when not", async () => {
    const early = await admin(directory.path, "import", "--discard");
    expect([early.code, early.stderr]).toEqual([1, expect.stringContaining("is under way")]);
    await grewSilent(database);
    const { code } = await admin(directory.path, "import", "--discard");
    expect(code).toBe(0);
    expect((await fetch(`${service.url}/api/health`)).status).toBe(200);
    const again = await admin(directory.path, "import", "--discard");
    expect(again.code).toBe(0);
  });
});

describe("an import that fails on its last line", () => {
  test("undoes what it wrote, and nobody else has written meanwhile", async () => {
    const { connection } = await openForTest();
    const refused: unknown[] = [];
    const write = async () => {
      const email = "made@lab.example";
      for (const attempt of [
        () => createUser(connection, OPERATOR, { ...PROFILE, email }),
        () => createToken(connection, OPERATOR, { email: "owner@lab.example" }),
        () =>
          createRecord(connection, { ...OPERATOR, owner: "owner@lab.example" }, project, {
            name: "Made meanwhile",
          }),
      ]) {
        await attempt().catch((error: unknown) => refused.push(error));
      }
    };
    const faulty = [...lines.slice(0, -1), "{}"];
    const importing = importDatabase(connection, linesOf(faulty, write));
    await expect(importing).rejects.toThrow(/^Line \d+: this is not/);
    expect(refused).toHaveLength(3 * faulty.length);
    for (const error of refused) expect(error).toBeInstanceOf(DatabaseBeingFilledError);
    expect(await exported(connection)).toMatch(/"records":0\}\n$/);
    await createUser(connection, OPERATOR, { ...PROFILE, email: "later@lab.example" });
    expect(await exported(connection)).toContain("later@lab.example");
  });
});

describe("an import that is killed", () => {
  test("leaves a database that only another import or a discard goes on with", async () => {
    const directory = await directoryOfTest();
    const database = await openIn(directory);
    onTestFinished(() => database.close());
    const pipe = join(directory, "export");
    execFileSync("mkfifo", [pipe]);
    const importing = startScript("admin.ts", ["import", pipe, "--persist-to", directory]);
    const writer = createWriteStream(pipe);
    writer.on("error", () => {});
    for (const line of lines.slice(0, -1)) writer.write(`${line}\n`);
    const countProjects = async () => {
      const [rows = []] = await database.connection.batch([
        sql`SELECT count(*) AS n FROM projects`,
      ]);
      return Number(rows[0]?.n);
    };
    await expect.poll(countProjects, { timeout: 60_000 }).toBeGreaterThan(0);
    importing.process.kill("SIGKILL");
    await importing.ended;
    writer.destroy();
    expect((await admin(directory, "user", "list")).code).toBe(1);
    await grewSilent(database);
    const file = join(directory, "whole");
    await writeFile(file, `${lines.join("\n")}\n`);
    const { code, stderr } = await admin(directory, "import", file);
    expect([code, stderr]).toEqual([0, ""]);
    expect((await exported(database.connection)).trimEnd().split("\n")).toEqual(lines);
  }, 120_000);
});

describe("two imports at once", () => {
  test("the second is refused while the first is alive", async () => {
    const { connection } = await openForTest();
    let second: Promise<unknown> | undefined;
    const first = importDatabase(
      connection,
      linesOf(lines, async () => {
        second ??= importDatabase(connection, linesOf(lines)).catch((error: unknown) => error);
      }),
    );
    expect(await first).toBe(lines.length - 1);
    expect(String(await second)).toContain("An import into this database is under way");
    expect((await exported(connection)).trimEnd().split("\n")).toEqual(lines);
  });

  test("the first, silent for long, ends without a harm to the second that took over", async () => {
    const database = await openForTest();
    const { connection } = database;
    let passed = 0;
    const first = importDatabase(
      connection,
      linesOf(lines, async () => {
        passed += 1;
        if (passed !== lines.length) return;
        await grewSilent(database);
        await importDatabase(connection, linesOf(lines));
      }),
    );
    await expect(first).rejects.toThrow("Another import has taken over");
    expect((await exported(connection)).trimEnd().split("\n")).toEqual(lines);
  });
});

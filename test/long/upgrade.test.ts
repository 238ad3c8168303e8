import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openDatabase } from "../../scripts/platform/database.ts";
import { ROOT, runWrangler } from "../../scripts/platform/wrangler.ts";
import { admin, directoryOfTest, request, startService } from "../scripts/command.ts";

const USER = "00000000-0000-4000-8000-000000000001";
const PROJECT = "00000000-0000-4000-8000-000000000002";

/** Applies the first migrations alone, as an installation of that time has them. */
async function migrateTo(directory: string, last: string): Promise<void> {
  const migrations = join(directory, "migrations");
  await cp(join(ROOT, "drizzle"), migrations, {
    recursive: true,
    filter: (path) => !path.endsWith(".sql") || basename(path) <= last,
  });
  const text = await readFile(join(ROOT, "wrangler.toml"), "utf8");
  const configuration = join(directory, "wrangler.toml");
  await writeFile(
    configuration,
    text.replace(/^main = .*$/m, "").replace('"drizzle"', '"migrations"'),
  );
  const place = ["--local", "--persist-to", directory, "--config", configuration];
  const { code, output } = await runWrangler(["d1", "migrations", "apply", "DB", ...place]).ended;
  expect(code, output).toBe(0);
}

test("an installation of the first migrations finds its rows whatever their case, and names what is hidden", async () => {
  const directory = await directoryOfTest();
  const [, , last = ""] = (await readdir(join(ROOT, "drizzle")))
    .filter((f) => f.endsWith(".sql"))
    .sort();
  await migrateTo(directory, last);
  const { connection, close } = await openDatabase({ kind: "local", directory });
  await connection.batch([
    sql`INSERT INTO users (id, email, first_name, last_name)
      VALUES (${USER}, 'ase@lab.example', 'Åse', 'STRØM')`,
    sql`INSERT INTO projects (id, name, name_folded) VALUES (${PROJECT}, ${"Ma\u200bze"}, ${"ma\u200bze"})`,
  ]);
  await close();

  const upgraded = await admin(directory, "token", "create", "ase@lab.example");
  expect(upgraded.code).toBe(0);
  expect(upgraded.stderr).toContain("2 were completed");
  expect(upgraded.stderr).toContain(
    `The name of the project ${PROJECT} has U+200B at character 3.`,
  );
  const service = await startService(directory);
  const users = `${service.url}/api/private/users/user/`;
  const token = upgraded.stdout.trim();
  for (const query of ["filter{first_name.iexact}=åSE", "filter{last_name.icontains}=trøm"]) {
    expect((await request(`${users}?${query}`, token)).body.count).toBe(1);
  }
  await service.stop();

  const names = await admin(directory, "names");
  expect(JSON.parse(names.stdout)).toEqual([
    { model: "project", id: PROJECT, name: "Ma\u200bze", hidden: "U+200B at character 3" },
  ]);
  const again = await admin(directory, "finish-migrations");
  expect([again.code, again.stderr]).toEqual([0, expect.not.stringContaining("completed")]);
});

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import { migrateDatabase, openDatabase, type Place } from "../../scripts/platform/database.ts";
import { makeDirectory } from "../scripts/command.ts";

/** The file of the local database, which the runtime has made. */
async function databaseFile(directory: string): Promise<string> {
  const files = await readdir(directory, { recursive: true });
  const file = files.find((name) => /d1\S*\.sqlite$/.test(name) && !name.includes("metadata"));
  if (file === undefined) throw new Error(`No database among ${files.join(" ")}`);
  return join(directory, file);
}

test("a new database is migrated, although another process writes to it for a while", async () => {
  const directory = await makeDirectory();
  onTestFinished(directory.remove);
  const place: Place = { kind: "local", directory: directory.path };
  const database = await openDatabase(place);
  onTestFinished(database.close);
  await database.connection.batch([sql`CREATE TABLE other (id INTEGER)`]);
  const writer = new DatabaseSync(await databaseFile(directory.path));
  onTestFinished(() => writer.close());
  let commands = 0;
  const isMigrated = await migrateDatabase(database, place, ({ ended }) => {
    commands += 1;
    if (commands > 1) return;
    writer.exec("BEGIN IMMEDIATE; INSERT INTO other VALUES (1)");
    void ended.then(() => writer.exec("COMMIT"));
  });
  expect([isMigrated, commands]).toEqual([true, 2]);
  expect(await migrateDatabase(database, place)).toBe(false);
});

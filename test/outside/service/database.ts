import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createToken } from "../../../scripts/operator/access-tokens.ts";
import { readInput } from "../../../scripts/operator/records.ts";
import { createUser } from "../../../scripts/operator/users.ts";
import { migrateDatabase, openDatabase } from "../../../scripts/platform/database.ts";
import { OPERATOR } from "../../../src/db/access.ts";
import type { Connection } from "../../../src/db/connection.ts";
import { userInput } from "../../../src/models/account/new-user.ts";
import { findBrokenRules } from "../../support/invariant-rules.ts";

/** Somebody who may call the API. */
export interface Person {
  readonly email: string;
  readonly token: string;
}

/** Makes a fresh database with some users, each with a token, and does with it what is left to do. */
export async function makeDatabase<Name extends string>(
  names: readonly Name[],
): Promise<{ readonly directory: string; readonly people: Readonly<Record<Name, Person>> }> {
  const directory = await mkdtemp(join(tmpdir(), "outside-"));
  const people = await onDatabase(directory, async (connection, migrate) => {
    await migrate();
    const made: [Name, Person][] = [];
    for (const name of names) made.push([name, await makePerson(connection, name)]);
    // An entry for each of the names.
    return Object.fromEntries(made) as Record<Name, Person>;
  });
  return { directory, people };
}

async function makePerson(connection: Connection, name: string): Promise<Person> {
  const email = `${name}@lab.example`;
  await createUser(connection, OPERATOR, readInput(userInput, { email, first_name: name }));
  const { token } = await createToken(connection, OPERATOR, { email });
  return { email, token };
}

async function onDatabase<Value>(
  directory: string,
  work: (connection: Connection, migrate: () => Promise<unknown>) => Promise<Value>,
): Promise<Value> {
  const place = { kind: "local", directory } as const;
  const database = await openDatabase(place);
  try {
    return await work(database.connection, () => migrateDatabase(database, place));
  } finally {
    await database.close();
  }
}

/** What is wrong with the whole database, in sentences; the service may be running. */
export async function findBroken(directory: string): Promise<readonly string[]> {
  const broken = await onDatabase(directory, (connection) =>
    // Whatever there is has been made through the API.
    findBrokenRules(connection, { owned: true }),
  );
  return Object.entries(broken).map(
    ([rule, rows]) => `Broken: ${rule}. ${JSON.stringify(rows).slice(0, 500)}`,
  );
}

/** What SQLite finds wrong with the file of a database that nothing else has open, in sentences. */
export async function findDamage(directory: string): Promise<readonly string[]> {
  const folder = join(directory, "v3", "d1", "miniflare-D1DatabaseObject");
  const files = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  if (files.length !== 1) return [`${folder} has ${files.length} databases.`];
  return files.flatMap((name) => {
    const database = new DatabaseSync(join(folder, name));
    const ask = (sql: string) => JSON.stringify(database.prepare(sql).all());
    const integrity = ask("PRAGMA integrity_check");
    const references = ask("PRAGMA foreign_key_check");
    database.close();
    return [
      ...(integrity === '[{"integrity_check":"ok"}]' ? [] : [`Not whole: ${integrity}`]),
      ...(references === "[]" ? [] : [`References to nothing: ${references}`]),
    ];
  });
}

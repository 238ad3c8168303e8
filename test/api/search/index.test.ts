import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fillSearchIndexes, rebuildSearchIndexes } from "../../../scripts/operator/search-index.ts";
import { Connection } from "../../../src/db/connection.ts";
import { models } from "../../../src/models/all.ts";
import {
  type BuiltUser,
  buildDataStorage,
  buildProject,
  buildSession,
  buildUser,
} from "../../support/builders.ts";
import { addSessions, buildCrowd } from "../../support/many-sessions.ts";
import { countSearchFaults } from "../../support/search-index.ts";

// The search index after any SQL, whoever writes it. The histories of model.test.ts hold it to the API's writes.

const connection = new Connection(env.DB);

const faults = () => countSearchFaults(connection);

const run = (...texts: readonly string[]) =>
  env.DB.batch(texts.map((text) => env.DB.prepare(text)));

const fill = () => fillSearchIndexes((statements) => connection.batch(statements));

let user: BuiltUser;

beforeAll(async () => {
  user = await buildUser();
});

describe("the index has what sessions contain", () => {
  let session: string;
  let other: string;
  let storage: string;
  let otherSet: number;

  beforeEach(async () => {
    const [one, two] = [await buildProject(), await buildProject()];
    storage = (await buildDataStorage()).id;
    session = (await buildSession({ projects: [one], dataStorages: [{ id: storage }] })).id;
    other = (await buildSession({ projects: [two, one] })).id;
    otherSet =
      (await env.DB.prepare("SELECT project_set_id FROM sessions WHERE id = ?")
        .bind(other)
        .first<number>("project_set_id")) ?? 0;
    await run(
      `INSERT INTO session_tags VALUES ('${session}', 'One', 'one', 0), ('${session}', 'Two', 'two', 1)`,
    );
    expect(await faults()).toBe(0);
  });

  const cases: Readonly<Record<string, () => string>> = {
    "a changed name": () =>
      `UPDATE sessions SET name = 'new', name_folded = 'new' WHERE id = '${session}'`,
    "a changed description": () =>
      `UPDATE sessions SET description_folded = 'some text' WHERE id = '${session}'`,
    "changed extra fields": () =>
      `UPDATE sessions SET extra_fields_folded = '{"Rig":"abc","n":1e21}' WHERE id = '${session}'`,
    "a changed name in storage": () =>
      `UPDATE sessions SET name_used_in_storage_folded = 'disk' WHERE id = '${session}'`,
    "another project set": () =>
      `UPDATE sessions SET project_set_id = ${otherSet} WHERE id = '${session}'`,
    "another id": () => `UPDATE sessions SET id = '${crypto.randomUUID()}' WHERE id = '${other}'`,
    "a changed tag": () => `UPDATE session_tags SET tag_folded = 'three' WHERE tag = 'Two'`,
    "a tag of another session": () =>
      `UPDATE session_tags SET session_id = '${other}' WHERE tag = 'Two' AND session_id = '${session}'`,
    "a replaced tag": () =>
      `INSERT OR REPLACE INTO session_tags VALUES ('${session}', 'Two', 'other', 3)`,
    "an ignored tag": () =>
      `INSERT OR IGNORE INTO session_tags VALUES ('${session}', 'New', 'new', 3)`,
    "deleted tags": () => `DELETE FROM session_tags WHERE session_id = '${session}'`,
    "another data storage": () =>
      `UPDATE session_data_storages SET session_id = '${other}' WHERE session_id = '${session}'`,
    "a deleted association": () =>
      `DELETE FROM session_data_storages WHERE session_id = '${session}'`,
    "a deleted session": () => `DELETE FROM sessions WHERE id = '${session}'`,
    "all sessions deleted": () => "DELETE FROM sessions",
  };

  test.each(Object.keys(cases))("after %s", async (name) => {
    await run(cases[name]?.() ?? "");
    expect(await faults()).toBe(0);
  });

  test("after a session with many tags was written through the API, once", async () => {
    const project = await buildProject({ users: { contributor: [user] } });
    const tags = Array.from({ length: 100 }, (_, n) => `tag ${n}`);
    const path = "/api/private/stem/session/";
    const made = await user.client.post(path, { name: "tagged", projects: [project.id], tags });
    expect(made.status).toBe(201);
    expect(await faults()).toBe(0);
    const { id } = made.body.session;
    const changed = await user.client.patch(`${path}${id}/`, {
      tags: tags.slice(50),
      name: "less",
    });
    expect(changed.status).toBe(200);
    expect(await faults()).toBe(0);
  });

  test("but a project or a data storage is not replaced, which would move its row", async () => {
    for (const table of ["projects", "data_storages"]) {
      const replace = `INSERT OR REPLACE INTO ${table} SELECT * FROM ${table} LIMIT 1`;
      await expect(run(replace)).rejects.toThrow(`UNIQUE constraint failed: ${table}.id`);
    }
  });
});

describe("the command that fills the index", () => {
  beforeAll(async () => {
    await run("DELETE FROM sessions");
    await buildCrowd();
    await addSessions(0, 4500);
  });

  test("adds nothing to a whole one", async () => {
    expect(await fill()).toBe(0);
    expect(await faults()).toBe(0);
  });

  test("adds what is missing, however many they are", async () => {
    const missing = "SELECT rowid FROM sessions WHERE name_folded GLOB '*[1-9]'";
    const count = await env.DB.prepare(`SELECT count(*) AS n FROM (${missing})`).first<number>("n");
    await run(`DELETE FROM session_search WHERE rowid IN (${missing})`);
    expect(await fill()).toBe(count);
    expect(await faults()).toBe(0);
  });

  test("takes few records at once when they are long", async () => {
    const long = "word ".repeat(20_000);
    await env.DB.prepare(
      "UPDATE sessions SET description_folded = ? WHERE rowid IN (SELECT rowid FROM sessions ORDER BY rowid LIMIT 60)",
    )
      .bind(long)
      .run();
    await run("DELETE FROM session_search");
    let steps = 0;
    const added = await fillSearchIndexes((statements) => {
      steps += 1;
      return connection.batch(statements);
    });
    // Three steps for the number of the records, one more for their size, two statements each, and a last look at
    // each index.
    const looks = models.filter(({ search }) => search?.index !== undefined).length;
    expect([added, steps]).toEqual([4500, 8 + looks]);
    await run("UPDATE sessions SET description_folded = ''");
    expect(await faults()).toBe(0);
  });

  test("builds a broken one again", async () => {
    await run(
      "INSERT OR REPLACE INTO session_search (rowid, name, description) VALUES (1, 'wrong', ''), (99999, 'gone', '')",
    );
    expect(await faults()).toBeGreaterThan(0);
    expect(await rebuildSearchIndexes((statements) => connection.batch(statements))).toBe(4500);
    expect(await faults()).toBe(0);
  });
});

import { readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLines, writeText } from "../../scripts/admin/lines-of-file.ts";
import { DEMO_USER, loadDemo } from "../../scripts/demo/load.ts";
import { exportDatabase } from "../../scripts/operator/export/export-database.ts";
import { EXPORTED_TABLES } from "../../scripts/operator/export/exported-tables.ts";
import { importDatabase } from "../../scripts/operator/export/import-database.ts";
import { type Database, migrateDatabase, openDatabase } from "../../scripts/platform/database.ts";
import { ROOT } from "../../scripts/platform/wrangler.ts";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection, Row } from "../../src/db/connection.ts";
import { importSessions, sessionImport } from "../../src/models/session/import-sessions.ts";
import { foldCase } from "../../src/values/fold.ts";
import {
  admin,
  directoryOfTest,
  makeDirectory,
  request,
  startService,
} from "../scripts/command.ts";
import { findBrokenRules } from "../support/invariant-rules.ts";
import { countSearchFaults } from "../support/search-index.ts";

const PROJECT = "00000000-0000-4000-8000-000000000001";
const SESSION = "00000000-0000-4000-8000-000000000002";
const EPOCH = "00000000-0000-4000-8000-000000000003";
const BEHAVIOR = "00000000-0000-4000-8000-000000000004";
const GROUP = "00000000-0000-4000-8000-000000000005";

/** Line separators, folds of several letters, both ends of Unicode, a NUL, what CSV and JSON quote. */
const NASTY = 'ẞ İ ı ς ﬁ \u2028\u2029\u0085\u0000 \r\n"\\ ,; \uFEFF \u{10FFFF} 🧠 e\u0301';

/** What is not carried: the platform's own tables, what triggers fill, and answers kept for repeated requests. */
const NOT_CARRIED = [
  "d1_migrations",
  "session_projects",
  "behavior_subjects",
  "data_acquisition_procedures",
  "data_acquisition_equipment",
  "manipulation_procedures",
  "manipulation_equipment",
  "procedure_equipment",
  "list_blocks",
  "idempotency_keys",
  "imports",
  "browser_sessions",
  "sign_in_links",
  "device_authorizations",
  "code_guesses",
];

let full: Database;
let empty: Database;
const directories: Awaited<ReturnType<typeof makeDirectory>>[] = [];

/** A database with the tables and nothing in them. */
async function openNew(): Promise<{ readonly database: Database; readonly path: string }> {
  const directory = await makeDirectory();
  directories.push(directory);
  const place = { kind: "local", directory: directory.path } as const;
  const database = await openDatabase(place);
  await migrateDatabase(database, place);
  return { database, path: directory.path };
}

/** What the API would not take, or takes a request each to write. */
async function writeNasty(connection: Connection): Promise<void> {
  await connection.batch([
    sql`INSERT INTO projects (id, name, name_folded) VALUES (${PROJECT}, 'Nasty', 'nasty')`,
    sql`INSERT INTO groups (id, name, name_folded) VALUES (${GROUP}, 'Rig', 'rig')`,
    sql`INSERT INTO project_groups VALUES (${PROJECT}, ${GROUP}, 2)`,
    sql`INSERT INTO project_tags VALUES (${PROJECT}, 'ẞ', 'ss', 0), (${PROJECT}, 'a', 'a', 1)`,
    sql`INSERT INTO idempotency_keys (user_id, key, request_hash, answer)
      VALUES (${DEMO_USER.id}, 'k', '', '{}')`,
    sql`INSERT INTO history (id, date_time, user_id, action, model, record_id, changes)
      VALUES (9007199254730000, '2026-01-01T00:00:00', ${DEMO_USER.id}, 'create', 'session', ${SESSION}, '{}'),
        (9007199254740000, '2026-01-01T00:00:00', NULL, 'change', 'session', ${SESSION},
          ${JSON.stringify({ name: { from: NASTY, to: 1e-7 } })})`,
  ]);
  const nasty = {
    id: SESSION,
    name: "Größe Σίσυφος",
    projects: [PROJECT],
    tags: ["ẞ", "\u{10FFFF}"],
    extra_fields: { Text: "Ä ſ", big: 1.7976931348623157e308, tiny: 5e-324, constructor: "ẞ" },
    name_used_in_storage: "İ",
  };
  const rows = [{ place: "1", body: nasty }];
  const faults = await importSessions(connection, OPERATOR, {
    projectId: PROJECT,
    rows,
    declaration: sessionImport,
  });
  expect([...faults]).toEqual([]);
  await connection.batch([
    sql`UPDATE sessions SET description = ${NASTY}, description_folded = ${foldCase(NASTY)}
      WHERE id = ${SESSION}`,
    sql`INSERT INTO epochs (id, session_id, name, name_folded, start, end, position)
      VALUES (${EPOCH}, ${SESSION}, 'E', 'e', ${0.1 + 0.2}, ${1.7976931348623157e308}, NULL),
        (${GROUP}, ${SESSION}, 'F', 'f', ${-5e-324}, NULL, 9007199254740991)`,
    sql`INSERT INTO behaviors (id, session_id, setup, behavioralassay)
      VALUES (${BEHAVIOR}, ${SESSION}, ${PROJECT}, ${PROJECT})`,
    sql`INSERT INTO epoch_behaviors VALUES (${EPOCH}, ${BEHAVIOR}, 0)`,
  ]);
}

async function exported(connection: Connection): Promise<string> {
  let text = "";
  for await (const part of exportDatabase(connection)) text += part;
  return text;
}

async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** Every row of every table that a database has, but for what is not carried. */
async function readTables({ connection }: Database): Promise<Record<string, readonly Row[]>> {
  const names = await tableNames(connection);
  // Triggers divide the blocks of lists in another place when the rows come in another order.
  const own = ["d1_migrations", "idempotency_keys", "list_blocks"];
  const compared = names.filter((name) => !own.includes(name));
  const answers = await connection.batch(
    compared.map((name) => sql`SELECT * FROM ${sql.identifier(name)} ORDER BY 1, 2`),
  );
  return Object.fromEntries(compared.map((name, index) => [name, answers[index] ?? []]));
}

/** The tables of an export in their order. */
const tablesOf = (text: string) => [...new Set(text.match(/^\{"table":"\w+"/gm))];

async function tableNames(connection: Connection): Promise<readonly string[]> {
  const [rows = []] = await connection.batch([
    sql`SELECT name FROM sqlite_schema WHERE type = 'table'
      AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name NOT LIKE 'session_search%'`,
  ]);
  return rows.map(({ name }) => String(name));
}

let fullPath: string;

beforeAll(async () => {
  const made = await openNew();
  full = made.database;
  fullPath = made.path;
  await loadDemo(full.connection);
  await writeNasty(full.connection);
  empty = (await openNew()).database;
});

afterAll(async () => {
  await full.close();
  await empty.close();
  for (const { remove } of directories) await remove();
});

describe("admin export and import", () => {
  test("carry a database: its copy exports the same bytes, and opens to the same tokens", async () => {
    const token = (await admin(fullPath, "token", "create", DEMO_USER.email)).stdout.trim();
    const copy = await directoryOfTest();
    const file = join(copy, "export.ndjson");
    expect(await admin(fullPath, "export", file)).toMatchObject({ code: 0, stdout: "" });
    const { code, stdout } = await admin(copy, "import", file);
    const text = await readFile(file, "utf8");
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      code: 0,
      imported: text.split("\n").length - 2,
    });
    const { stdout: again } = await admin(copy, "export", "-");
    expect(again).toBe(text);
    // The order of the tables does not depend on what loads the schema: Node or the bundler of the tests.
    expect(tablesOf(await exported(full.connection))).toEqual(tablesOf(text));

    const restored = await openDatabase({ kind: "local", directory: copy });
    expect(await readTables(restored)).toEqual(await readTables(full));
    expect(await countSearchFaults(restored.connection)).toBe(0);
    expect(await findBrokenRules(restored.connection)).toEqual({});
    await restored.close();

    const service = await startService(copy, "--log-level", "warn");
    const path = "/api/private/stem/session/";
    const all = await request(service.url + path, token);
    // The demo user holds nothing on the project of the nasty session.
    expect(all.body.count).toBe((text.match(/"table":"sessions"/g)?.length ?? 0) - 1);
    await service.stop();
  });

  test("import nothing into a database that has something", async () => {
    const before = await exported(full.connection);
    const importing = importDatabase(full.connection, linesOf(before.trimEnd().split("\n")));
    await expect(importing).rejects.toThrow(
      /^An import goes into an empty database, and this one has rows in users/,
    );
    expect(await exported(full.connection)).toBe(before);
  });

  test("say in a sentence what is wrong with a file", async () => {
    const directory = await directoryOfTest();
    const absent = readLines(join(directory, "absent"));
    await expect(absent.next()).rejects.toThrow(/^The file cannot be read: ENOENT/);
    const latin = join(directory, "latin");
    await writeFile(latin, Buffer.from([0x7b, 0xe9, 0x0a]));
    await expect(readLines(latin).next()).rejects.toThrow(`${latin} is not UTF-8 text.`);
    const nowhere = writeText(join(directory, "no", "where"), linesOf(["a"]));
    await expect(nowhere).rejects.toThrow(/^The file cannot be written: ENOENT/);
  });

  test("write a file for its owner alone, whatever lies beside it", async () => {
    const directory = await directoryOfTest();
    const [file, target] = [join(directory, "out"), join(directory, "target")];
    await writeFile(target, "kept", { mode: 0o644 });
    await symlink(target, `${file}.part`);
    async function* parts() {
      yield "secret";
    }
    await writeText(file, parts());
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(target, "utf8")).toBe("kept");
    expect((await readdir(directory)).sort()).toEqual(["out", "out.part", "target"]);
  });

  test("leave no half of a file", async () => {
    const path = join(await directoryOfTest(), "export.ndjson");
    await writeText(path, linesOf(["an earlier one\n"]));
    const broken = async function* () {
      yield "half\n";
      throw new Error("broken");
    };
    await expect(writeText(path, broken())).rejects.toThrow("broken");
    expect(await readFile(path, "utf8")).toBe("an earlier one\n");
    expect(await readdir(join(path, ".."))).toEqual(["export.ndjson"]);
  });
});

describe("an export", () => {
  test("has every table that there is, but for what is filled again or of no use elsewhere", async () => {
    const names = await tableNames(full.connection);
    const carried = EXPORTED_TABLES.map(({ name }) => name);
    expect([...carried, ...NOT_CARRIED].sort()).toEqual([...names].sort());
  });

  test("begins with its form and schema, and keeps to the order of the tables and of their keys", async () => {
    const [header = "", ...lines] = (await exported(full.connection)).trimEnd().split("\n");
    expect(header).toMatch(
      /^\{"format":"brainstem-session-api","version":1,"schema":"\d{4}_\w+\.sql","records":\d+\}$/,
    );
    expect(JSON.parse(header).records).toBe(lines.length);
    const tables = EXPORTED_TABLES.map(({ name }) => name);
    const places = lines.map((line) => {
      const { table, row } = JSON.parse(line);
      const key = EXPORTED_TABLES[tables.indexOf(table)]?.key ?? [];
      const parts = key.map(({ name }) => String(row[name]).padStart(16, "0"));
      return `${String(tables.indexOf(table)).padStart(2, "0")} ${parts.join(" ")}`;
    });
    expect(places).toEqual([...places].sort());
  });

  test("has the tables and columns that its page names", async () => {
    const page = await readFile(join(ROOT, "docs", "export-format.md"), "utf8");
    const rows = EXPORTED_TABLES.map(({ name, key, kept }) => {
      const others = kept.filter((column) => !key.includes(column));
      const cells = [[name], key.map((column) => column.name), others.map((column) => column.name)];
      return `| ${cells.map((cell) => cell.join(", ")).join(" | ")} |`;
    });
    expect(page).toContain(`| --- | --- | --- |\n${rows.join("\n")}\n\n`);
  });

  test("holds neither derived columns nor the keys of repeated requests", async () => {
    const text = await exported(full.connection);
    expect(text).not.toMatch(/_folded|_count"|"mentioned_id"|idempotency/);
  });

  test("of a database that is written to meanwhile fails", async () => {
    const { connection } = full;
    const parts = exportDatabase(connection);
    await parts.next();
    // The table that is written to has been read.
    expect((await parts.next()).value).toContain('"users"');
    await connection.batch([
      sql`INSERT INTO users (id, email) VALUES (${PROJECT}, 'late@x.example')`,
    ]);
    const rest = async () => {
      for await (const _ of parts);
    };
    await expect(rest()).rejects.toThrow("Somebody wrote to the database meanwhile");
    await connection.batch([sql`DELETE FROM users WHERE id = ${PROJECT}`]);
  });
});

describe("an import", () => {
  let lines: readonly string[];
  const header = () => lines[0] ?? "";
  const last = () => lines.length - 1;

  /** The export with another line in one place. */
  const withLine = (place: number, change: (line: string) => string) =>
    lines.map((line, index) => (index === place ? change(line) : line));

  const lineOf = (text: string) => lines.findIndex((line) => line.includes(text));

  beforeAll(async () => {
    lines = (await exported(full.connection)).trimEnd().split("\n");
  });

  const FAULTS: readonly (readonly [what: string, () => readonly string[], RegExp])[] = [
    ["an empty file", () => [], /^Line 1: this is not an export of the Session API\.$/],
    [
      "another file",
      () => ['{"name": "a"}'],
      /^Line 1: this is not an export of the Session API\.$/,
    ],
    [
      "a newer form",
      () => withLine(0, (line) => line.replace('"version":1', '"version":2')),
      /^Line 1: the export is of version 2, and version 1 is read\.$/,
    ],
    [
      "another schema",
      () => [header().replace(/"schema":"\d+/, '"schema":"9999')],
      /^Line 1: the export has the schema 9999_\w+\.sql, and the database \d{4}_/,
    ],
    [
      "a file that was cut off",
      () => lines.slice(0, -1),
      /^The first line promises (\d+) records, and \d+ follow: the file is not whole\.$/,
    ],
    [
      "a line that was cut off",
      () => withLine(last(), (line) => line.slice(0, -1)),
      /^Line \d+: this is not \{"table": \.\.\., "row": \{\.\.\.\}\}\.$/,
    ],
    [
      "a table that there is not",
      () => withLine(1, (line) => line.replace('"users"', '"d1_migrations"')),
      /^Line 2: there is no table d1_migrations in an export\.$/,
    ],
    [
      "tables in another order",
      () => [header(), ...lines.slice(1).toReversed()],
      /^Line \d+: history comes before access_tokens\.$/,
    ],
    [
      "a column that there is not",
      () => withLine(1, (line) => line.replace('"email"', '"mail"')),
      /^Line 2: users: there is no column mail in an export\.$/,
    ],
    [
      "a value of another type",
      () => withLine(1, (line) => line.replace('"is_active":1', '"is_active":true')),
      /^Line 2: users: is_active is not a whole number\.$/,
    ],
    [
      "a day that does not exist",
      () =>
        withLine(1, (line) =>
          line.replace(/"created_date":"[^"]*"/, '"created_date":"2023-02-29T00:00:00"'),
        ),
      /^Line 2: users: created_date is not a date-time in UTC, without a zone, that exists\.$/,
    ],
    [
      "an instant with a zone",
      () =>
        withLine(1, (line) =>
          line.replace(/"created_date":"[^"]*"/, '"created_date":"2023-02-28T00:00:00Z"'),
        ),
      /^Line 2: users: created_date is not a date-time in UTC, without a zone, that exists\.$/,
    ],
    [
      "half a character",
      () => withLine(1, (line) => line.replace('"first_name":"', '"first_name":"\\ud800')),
      /^Line 2: users: first_name has unpaired surrogates\.$/,
    ],
    [
      "half a character within JSON",
      () =>
        withLine(lineOf('"sessions"'), (line) =>
          line.replace(/"extra_fields":"\{/, '"extra_fields":"{\\"half\\":\\"\\\\udc00\\",'),
        ),
      /^Line \d+: sessions: extra_fields has unpaired surrogates in its JSON\.$/,
    ],
    [
      "extra fields that are no JSON",
      () =>
        withLine(lineOf('"sessions"'), (line) =>
          line.replace(/"extra_fields":"\{/, '"extra_fields":"'),
        ),
      /^Line \d+: sessions: extra_fields is not JSON\.$/,
    ],
  ];

  test.each(FAULTS)(
    "of %s is refused, and leaves the database empty",
    async (_, faulty, sentence) => {
      const importing = importDatabase(empty.connection, linesOf(faulty()));
      await expect(importing).rejects.toThrow(sentence);
      expect(await exported(empty.connection)).toMatch(/"records":0\}\n$/);
    },
  );

  test("names the line that the database refuses, among a thousand in a transaction", async () => {
    const place = lineOf('"sessions"') + 300;
    const twice = JSON.parse(lines[place - 1] ?? "").row.name;
    const faulty = withLine(place, (line) => {
      const { table, row } = JSON.parse(line);
      return JSON.stringify({ table, row: { ...row, name: twice } });
    });
    const importing = importDatabase(empty.connection, linesOf(faulty));
    await expect(importing).rejects.toThrow(
      `Line ${place + 1}: sessions: UNIQUE constraint failed: sessions.name.`,
    );
    expect(await exported(empty.connection)).toMatch(/"records":0\}\n$/);
  });

  test("that is larger than a transaction deletes what it wrote when a later part fails", async () => {
    const counts: number[] = [];
    const large = storages(3);
    const faulty = [
      ...large.slice(0, -1),
      (large.at(-1) ?? "").replace('"is_public":0', '"is_public":2'),
    ];
    const importing = importDatabase(empty.connection, linesOf(faulty), (done) => {
      counts.push(done);
    });
    await expect(importing).rejects.toThrow(/^Line 4: data_storages: CHECK constraint failed/);
    expect(counts.length).toBeGreaterThan(0);
    expect(await exported(empty.connection)).toMatch(/"records":0\}\n$/);
  });

  test("takes rows as large as D1 holds, and an export reads them one by one", async () => {
    const large = storages(3);
    await importDatabase(empty.connection, linesOf(large));
    const parts: string[] = [];
    for await (const part of exportDatabase(empty.connection)) parts.push(part);
    expect(parts.length).toBe(4);
    expect(parts.join("")).toBe(`${large.join("\n")}\n`);
  });

  /** An export of storages whose rows are nearly two megabytes each. */
  function storages(count: number): readonly string[] {
    const records = Array.from({ length: count }, (_, index) =>
      JSON.stringify({
        table: "data_storages",
        row: {
          id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
          name: `D${index}`,
          location: "",
          // In JSON twice as long.
          description: '"'.repeat(900_000),
          data_organization: "[]",
          data_protocols: "[]",
          is_public: 0,
          created_date: "2026-01-01T00:00:00.000000",
          updated_date: "2026-01-01T00:00:00.000000",
        },
      }),
    );
    return [header().replace(/"records":\d+/, `"records":${count}`), ...records];
  }
});

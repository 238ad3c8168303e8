import { env } from "cloudflare:workers";
import { getTableName } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { SHARED_TABLES } from "../../src/db/shared-tables.ts";
import { SHARED_KINDS, SHARED_WITH_GROUPS } from "../../src/values/permission.ts";
import {
  type BuiltUser,
  buildDataStorage,
  buildGroup,
  buildProject,
  buildSession,
  buildShared,
  buildUser,
} from "../support/builders.ts";
import { findBrokenInvariants } from "../support/invariants.ts";

// What the database itself refuses, whoever writes the SQL.

const NO_ID = "00000000-0000-4000-8000-000000000000";

interface Rows {
  readonly user: BuiltUser;
  readonly group: { readonly id: string };
  readonly project: { readonly id: string };
  readonly otherProject: { readonly id: string };
  readonly storage: { readonly id: string };
  readonly session: { readonly id: string; readonly name: string };
  readonly otherSession: { readonly id: string };
  readonly setId: number;
  /** Two epochs and two records of each kind, the first of `session`, the second of the other. */
  readonly epochs: readonly [string, string];
  readonly records: readonly [string, string];
}

let rows: Rows;

const run = (text: string) => env.DB.prepare(text).run();

/** Whether the rows are as they were built. */
let areUntouched = false;

beforeEach(async () => {
  if (!areUntouched) rows = await buildRows();
  areUntouched = false;
});

async function buildRows(): Promise<Rows> {
  const user = await buildUser();
  const group = await buildGroup([user]);
  const sharing = { users: { owner: [user] }, groups: { member: [group] } };
  const project = await buildProject(sharing);
  const otherProject = await buildProject();
  const storage = await buildDataStorage(sharing);
  const session = await buildSession({ projects: [project], dataStorages: [storage] });
  const otherSession = await buildSession({ projects: [otherProject] });
  const setId = await env.DB.prepare("SELECT project_set_id FROM sessions WHERE id = ?")
    .bind(session.id)
    .first<number>("project_set_id");
  const epochs = [crypto.randomUUID(), crypto.randomUUID()] as const;
  const records = [crypto.randomUUID(), crypto.randomUUID()] as const;
  await env.DB.batch(
    [session, otherSession].flatMap(({ id }, index) =>
      [
        `INSERT INTO epochs (id, session_id, name, name_folded) VALUES ('${epochs[index]}', '${id}', 'e', 'e')`,
        `INSERT INTO data_acquisitions (id, session_id, type) VALUES ('${records[index]}', '${id}', 'x')`,
        `INSERT INTO behaviors (id, session_id, setup, behavioralassay)
          VALUES ('${records[index]}', '${id}', '${NO_ID}', '${NO_ID}')`,
        `INSERT INTO manipulations (id, session_id, type) VALUES ('${records[index]}', '${id}', 'x')`,
      ].map((text) => env.DB.prepare(text)),
    ),
  );
  return {
    user,
    group,
    project,
    otherProject,
    storage,
    session,
    otherSession,
    setId: setId ?? 0,
    epochs,
    records,
  };
}

type Statement = (rows: Rows) => string;

/** The refusal of each statement; each leaves the database as it was. */
function refuses(statements: readonly (readonly [string, RegExp, Statement])[]): void {
  test.each(statements)("%s", async (_, reason, statement) => {
    await expect(run(statement(rows))).rejects.toThrow(reason);
    expect(await findBrokenInvariants()).toEqual({});
    areUntouched = true;
  });
}

const insertSession = (values: Partial<Record<string, string>>) => {
  const row = { id: `'${crypto.randomUUID()}'`, name: "'n'", name_folded: "'n'", ...values };
  return `INSERT INTO sessions (${Object.keys(row)}) VALUES (${Object.values(row)})`;
};

describe("sessions", () => {
  refuses([
    ["none without a project set", /NOT NULL/, () => insertSession({})],
    [
      "none in a set that is not there",
      /FOREIGN KEY/,
      () => insertSession({ project_set_id: "-1" }),
    ],
    [
      "none of the same name",
      /UNIQUE.*sessions\.name/,
      ({ session, setId }) =>
        insertSession({ name: `'${session.name}'`, project_set_id: `${setId}` }),
    ],
    ...(
      [
        ["no empty name", "name", "''"],
        ["no name of 101 characters", "name", `'${"🧠".repeat(101)}'`],
        ["no id in capital letters", "id", `'${NO_ID.replace("8", "A")}'`],
        ["no id that is no UUID", "id", "'1'"],
        ["no list for extra_fields", "extra_fields", "'[]'"],
        ["no object for download_links", "download_links", "'{}'"],
        ["no broken JSON for extra_fields", "extra_fields", "'{'"],
      ] as const
    ).map(
      ([title, column, value]) =>
        [
          title,
          /CHECK|malformed JSON/,
          ({ setId }: Rows) => insertSession({ [column]: value, project_set_id: `${setId}` }),
        ] as const,
    ),
    [
      "no moving to a set that is not there",
      /FOREIGN KEY/,
      ({ session }) => `UPDATE sessions SET project_set_id = -1 WHERE id = '${session.id}'`,
    ],
    [
      "no tag twice",
      /UNIQUE/,
      ({ session }) =>
        `INSERT INTO session_tags (session_id, tag, tag_folded, position)
         VALUES ('${session.id}', 't', 't', 0), ('${session.id}', 't', 't', 1)`,
    ],
    [
      "no empty tag",
      /CHECK/,
      ({ session }) =>
        `INSERT INTO session_tags (session_id, tag, tag_folded, position) VALUES ('${session.id}', '', '', 0)`,
    ],
    [
      "no tag of no session",
      /FOREIGN KEY/,
      () =>
        `INSERT INTO session_tags (session_id, tag, tag_folded, position) VALUES ('${NO_ID}', 't', 't', 0)`,
    ],
  ]);

  test("100 characters of any kind are a name", async () => {
    const name = `'${"🧠".repeat(100)}'`;
    await run(insertSession({ name, project_set_id: `${rows.setId}` }));
  });
});

describe("project sets", () => {
  const insertSet = (ids: unknown) =>
    `INSERT INTO project_sets (project_ids) VALUES ('${JSON.stringify(ids)}')`;

  refuses([
    ["none without a project", /CHECK/, () => insertSet([])],
    ["no object for a list", /CHECK/, () => insertSet({})],
    ["none with a project that is not there", /FOREIGN KEY/, () => insertSet([NO_ID])],
    ["none with a project twice", /UNIQUE/, ({ project }) => insertSet([project.id, project.id])],
    ["not the same one twice", /UNIQUE/, ({ project }) => insertSet([project.id])],
    [
      "no change of what one names",
      /does not change/,
      ({ setId, otherProject }) =>
        `UPDATE project_sets SET project_ids = '["${otherProject.id}"]' WHERE id = ${setId}`,
    ],
    [
      "no end of one with sessions",
      /FOREIGN KEY/,
      ({ setId }) => `DELETE FROM project_sets WHERE id = ${setId}`,
    ],
    [
      "no count below nothing",
      /CHECK/,
      ({ setId }) => `UPDATE project_sets SET session_count = -1 WHERE id = ${setId}`,
    ],
    [
      "no member that is not named",
      /holds what its project_ids name/,
      ({ setId, otherProject }) =>
        `INSERT INTO session_projects (project_set_id, project_id, position) VALUES (${setId}, '${otherProject.id}', 1)`,
    ],
    [
      "no other member in place of one",
      /does not change/,
      ({ setId, otherProject }) =>
        `UPDATE session_projects SET project_id = '${otherProject.id}' WHERE project_set_id = ${setId}`,
    ],
    [
      "no end of a member",
      /does not change/,
      ({ setId }) => `DELETE FROM session_projects WHERE project_set_id = ${setId}`,
    ],
    [
      "no end of a project with sessions in it",
      /FOREIGN KEY/,
      ({ project }) => `DELETE FROM projects WHERE id = '${project.id}'`,
    ],
  ]);

  test("count their sessions through every change, and go with the last of them", async () => {
    const projects = [rows.project, rows.otherProject];
    const sessions = [];
    for (let index = 0; index < 5; index += 1) sessions.push(await buildSession({ projects }));
    const count = () =>
      env.DB.prepare("SELECT session_count FROM project_sets WHERE project_ids = ?")
        .bind(JSON.stringify(projects.map(({ id }) => id)))
        .first("session_count");
    expect(await count()).toBe(5);
    const ids = sessions.map(({ id }) => `'${id}'`);
    await run(`DELETE FROM sessions WHERE id = ${ids[0]}`);
    expect(await count()).toBe(4);
    await run(
      `UPDATE sessions SET project_set_id = ${rows.setId} WHERE id IN (${ids.slice(1, 3)})`,
    );
    expect(await count()).toBe(2);
    await run(`UPDATE sessions SET project_set_id = project_set_id, description = 'x'`);
    expect(await count()).toBe(2);
    await run(`DELETE FROM sessions WHERE id IN (${ids})`);
    expect(await count()).toBeNull();
    expect(await findBrokenInvariants()).toEqual({});
  });
});

describe("associations of sessions with storages", () => {
  const insertAssociation = (session: string, storage: string, position = 1) =>
    `INSERT INTO session_data_storages (id, session_id, data_storage_id, position)
     VALUES ('${crypto.randomUUID()}', '${session}', '${storage}', ${position})`;

  refuses([
    [
      "no pair twice",
      /UNIQUE/,
      ({ session, storage }) => insertAssociation(session.id, storage.id),
    ],
    ["none of no session", /FOREIGN KEY/, ({ storage }) => insertAssociation(NO_ID, storage.id)],
    ["none with no storage", /FOREIGN KEY/, ({ session }) => insertAssociation(session.id, NO_ID)],
    [
      "no place below the first",
      /CHECK/,
      ({ otherSession, storage }) => insertAssociation(otherSession.id, storage.id, -1),
    ],
    [
      "no end of a storage with sessions on it",
      /FOREIGN KEY/,
      ({ storage }) => `DELETE FROM data_storages WHERE id = '${storage.id}'`,
    ],
  ]);
});

describe("users and tokens", () => {
  const insertToken = (values: Partial<Record<string, string>>) => {
    const row = {
      id: `'${crypto.randomUUID()}'`,
      user_id: `'${rows.user.id}'`,
      token_hash: `'${"0".repeat(64)}'`,
      expires_date: "'2030-01-01T00:00:00'",
      ...values,
    };
    return `INSERT INTO access_tokens (${Object.keys(row)}) VALUES (${Object.values(row)})`;
  };

  refuses([
    ["no token of nobody", /FOREIGN KEY/, () => insertToken({ user_id: `'${NO_ID}'` })],
    ["no token in the clear", /CHECK/, () => insertToken({ token_hash: "'bst_secret'" })],
    ["no token without an end", /NOT NULL/, () => insertToken({ expires_date: "NULL" })],
    ["no token for no time", /CHECK/, () => insertToken({ lifetime_days: "0" })],
    [
      "no hash twice",
      /UNIQUE/,
      ({ user }) =>
        insertToken({
          token_hash: `(SELECT token_hash FROM access_tokens WHERE id = '${user.tokenId}')`,
        }),
    ],
    [
      "no e-mail address twice",
      /UNIQUE/,
      ({ user }) => `INSERT INTO users (id, email) VALUES ('${NO_ID}', '${user.email}')`,
    ],
    [
      "no e-mail address in capital letters",
      /CHECK/,
      () => `INSERT INTO users (id, email) VALUES ('${NO_ID}', 'A@lab.example')`,
    ],
    [
      "no e-mail address without an @",
      /CHECK/,
      () => `INSERT INTO users (id, email) VALUES ('${NO_ID}', 'lab.example')`,
    ],
    [
      "no half-active user",
      /CHECK/,
      ({ user }) => `UPDATE users SET is_active = 2 WHERE id = '${user.id}'`,
    ],
  ]);
});

describe("levels", () => {
  beforeEach(async () => {
    const sharing = { users: { owner: [rows.user] }, groups: { member: [rows.group] } };
    for (const kind of SHARED_WITH_GROUPS) await buildShared(kind, sharing);
  });

  const GRANTS = SHARED_KINDS.flatMap((kind) => {
    const { users, groups } = SHARED_TABLES[kind];
    return [
      { kind, table: getTableName(users), record: users.recordId.name, member: users.userId.name },
      ...(groups === undefined
        ? []
        : [
            {
              kind,
              table: getTableName(groups),
              record: groups.recordId.name,
              member: groups.groupId.name,
            },
          ]),
    ];
  });

  for (const { kind, table, record, member } of GRANTS) {
    const levels = kind === "group" ? ["0", "2", "5"] : ["0", "5", "-1", "1.5", "'owner'"];
    refuses([
      ...levels.map(
        (level) =>
          [
            `${table}: no level ${level}`,
            /CHECK/,
            () => `UPDATE ${table} SET level = ${level}`,
          ] as const,
      ),
      [`${table}: no grant without a level`, /NOT NULL/, () => `UPDATE ${table} SET level = NULL`],
      [
        `${table}: no grant on what is not there`,
        /FOREIGN KEY/,
        () =>
          `UPDATE ${table} SET ${record} = '${NO_ID}' WHERE rowid = (SELECT max(rowid) FROM ${table})`,
      ],
      [
        `${table}: no grant to nobody`,
        /FOREIGN KEY/,
        () =>
          `UPDATE ${table} SET ${member} = '${NO_ID}' WHERE rowid = (SELECT max(rowid) FROM ${table})`,
      ],
      [
        `${table}: no second grant of one to the same`,
        /UNIQUE/,
        () =>
          `INSERT INTO ${table} (${record}, ${member}, level) SELECT ${record}, ${member}, 1 FROM ${table}`,
      ],
    ]);
  }

  test("grants go with the user, the group, or what they are on", async () => {
    const { id } = await buildUser();
    const group = await buildGroup([{ id }]);
    const grant = (table: string, record: string, member: string, on: string, to: string) =>
      run(`INSERT INTO ${table} (${record}, ${member}, level) VALUES ('${on}', '${to}', 1)`);
    await grant("project_users", "project_id", "user_id", rows.otherProject.id, id);
    await grant("project_groups", "project_id", "group_id", rows.otherProject.id, group.id);
    await run(`DELETE FROM users WHERE id = '${id}'`);
    await run(`DELETE FROM groups WHERE id = '${group.id}'`);
    expect(await findBrokenInvariants()).toEqual({});
  });
});

describe("projects and storages", () => {
  refuses([
    ["no name of a project twice", /UNIQUE/, () => `UPDATE projects SET name = 'same'`],
    ["no empty name of a storage", /CHECK/, () => `UPDATE data_storages SET name = ''`],
    ["no half-public project", /CHECK/, () => `UPDATE projects SET is_public = 2`],
    ["no half-public storage", /CHECK/, () => `UPDATE data_storages SET is_public = 'yes'`],
    [
      "no object for a storage's protocols",
      /CHECK/,
      () => `UPDATE data_storages SET data_protocols = '{}'`,
    ],
  ]);
});

describe("epochs and module records", () => {
  const KINDS = ["data_acquisition", "behavior", "manipulation"] as const;

  for (const kind of KINDS) {
    const refer = (epoch: string | undefined, record: string | undefined) =>
      `INSERT INTO epoch_${kind}s (epoch_id, ${kind}_id, position) VALUES ('${epoch}', '${record}', 0)`;

    refuses([
      [
        `${kind}: no epoch refers to one of another session`,
        /of its own session/,
        ({ epochs, records }) => refer(epochs[0], records[1]),
      ],
      [
        `${kind}: no epoch refers to what is not there`,
        /FOREIGN KEY/,
        ({ epochs }) => refer(epochs[0], NO_ID),
      ],
      [
        `${kind}: none moves to another session`,
        /stays in its session/,
        ({ records, otherSession }) =>
          `UPDATE ${kind}s SET session_id = '${otherSession.id}' WHERE id = '${records[0]}'`,
      ],
      [
        `${kind}: none of no session`,
        /FOREIGN KEY|stays in its session/,
        ({ records }) => `UPDATE ${kind}s SET session_id = '${NO_ID}' WHERE id = '${records[0]}'`,
      ],
      [
        `${kind}: no notes of 501 characters`,
        /CHECK/,
        () => `UPDATE ${kind}s SET notes = '${"n".repeat(501)}'`,
      ],
    ]);

    test(`${kind}: one that an epoch refers to does not go before it`, async () => {
      const { epochs, records, session } = rows;
      await run(refer(epochs[0], records[0]));
      await expect(run(`DELETE FROM ${kind}s WHERE id = '${records[0]}'`)).rejects.toThrow(
        /FOREIGN KEY/,
      );
      await run(`DELETE FROM sessions WHERE id = '${session.id}'`);
      expect(await findBrokenInvariants()).toEqual({});
    });

    test(`${kind}: a reference does not turn to a record of another session`, async () => {
      const { epochs, records } = rows;
      await run(refer(epochs[0], records[0]));
      const turn = (column: string, id: string) =>
        run(`UPDATE epoch_${kind}s SET ${column} = '${id}' WHERE epoch_id = '${epochs[0]}'`);
      await expect(turn(`${kind}_id`, records[1])).rejects.toThrow(/of its own session/);
      await expect(turn("epoch_id", epochs[1])).rejects.toThrow(/of its own session/);
    });
  }

  refuses([
    ["no epoch ends before it starts", /CHECK/, () => `UPDATE epochs SET "start" = 2, "end" = 1`],
    ["no epoch without a name", /CHECK/, () => `UPDATE epochs SET name = ''`],
    [
      "no epoch moves to another session",
      /stays in its session/,
      ({ epochs, otherSession }) =>
        `UPDATE epochs SET session_id = '${otherSession.id}' WHERE id = '${epochs[0]}'`,
    ],
  ]);
});

describe("replacing rows, which SQLite does behind the back of triggers", () => {
  const replace = (statement: string) => statement.replace("INSERT", "INSERT OR REPLACE");

  refuses([
    [
      "no session in place of another of its id",
      /UNIQUE/,
      ({ session, setId }) =>
        replace(insertSession({ id: `'${session.id}'`, project_set_id: `${setId}` })),
    ],
    [
      "no session in place of another of its name",
      /UNIQUE/,
      ({ session, setId }) =>
        replace(insertSession({ name: `'${session.name}'`, project_set_id: `${setId}` })),
    ],
    [
      "no session that takes the name of another",
      /UNIQUE/,
      ({ session, otherSession }) =>
        `UPDATE OR REPLACE sessions SET name = '${session.name}' WHERE id = '${otherSession.id}'`,
    ],
    [
      "no project set in place of another of its id",
      /not replaced/,
      ({ setId, project }) =>
        `INSERT OR REPLACE INTO project_sets (id, project_ids) VALUES (${setId}, '["${project.id}"]')`,
    ],
    [
      "no project set in place of another of the same projects",
      /FOREIGN KEY/,
      ({ project }) =>
        `INSERT OR REPLACE INTO project_sets (project_ids) VALUES ('["${project.id}"]')`,
    ],
    [
      "no project set that begins with sessions",
      /begins without sessions/,
      ({ project, otherProject }) =>
        `INSERT INTO project_sets (project_ids, session_count)
         VALUES ('["${otherProject.id}","${project.id}"]', 1)`,
    ],
    [
      "no data acquisition in place of another",
      /UNIQUE/,
      ({ records, otherSession }) =>
        `INSERT OR REPLACE INTO data_acquisitions (id, session_id, type)
         VALUES ('${records[0]}', '${otherSession.id}', 'x')`,
    ],
    [
      "no behavior in place of another",
      /UNIQUE/,
      ({ records, otherSession }) =>
        `INSERT OR REPLACE INTO behaviors (id, session_id, setup, behavioralassay)
         VALUES ('${records[0]}', '${otherSession.id}', '${NO_ID}', '${NO_ID}')`,
    ],
    [
      "no manipulation in place of another",
      /UNIQUE/,
      ({ records, otherSession }) =>
        `INSERT OR REPLACE INTO manipulations (id, session_id, type)
         VALUES ('${records[0]}', '${otherSession.id}', 'x')`,
    ],
  ]);
});

describe("the date of a session", () => {
  const WRONG = [
    ...["yesterday", "", "2023-03-22", "2023-02-30T00:00:00", "2023-03-22T24:00:00"],
    ...["2023-03-22T15:30", "2023-03-22T15:30:60", "2023-03-22 15:30:00", "2023-03-22T15:30:00Z"],
    ...["2023-03-22T15:30:00.5", "2023-03-22T15:30:00.000000", "2023-03-22T15:30:00.1234567"],
    ...["2023-03-22T15:30:00+02:00", "12023-03-22T15:30:00", "-001-03-22T15:30:00"],
  ];

  refuses(
    WRONG.flatMap((date) => [
      [
        `is not changed to "${date}"`,
        /a date_time reads/,
        ({ session }) => `UPDATE sessions SET date_time = '${date}' WHERE id = '${session.id}'`,
      ],
      [
        `does not begin as "${date}"`,
        /a date_time reads/,
        ({ setId }) => insertSession({ project_set_id: `${setId}`, date_time: `'${date}'` }),
      ],
    ]),
  );

  test.each([
    ...["0001-01-01T00:00:00", "9999-12-31T23:59:59.999999", "2024-02-29T12:00:00.000001"],
    ...["2023-03-22T23:59:59", "1900-02-28T00:00:00.500000"],
  ])("can be %s", async (date) => {
    await run(`UPDATE sessions SET date_time = '${date}' WHERE id = '${rows.session.id}'`);
    await run(`UPDATE sessions SET date_time = NULL WHERE id = '${rows.session.id}'`);
  });
});

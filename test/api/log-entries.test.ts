import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import {
  buildLab,
  buildProcedure,
  buildProcedureLog,
  buildProject,
  buildSubject,
  buildSubjectLog,
  buildUser,
  type Lab,
} from "../support/builders.ts";
import { type Client, clientFor } from "../support/client.ts";
import { historyOf } from "../support/history.ts";

// The entries of a log: `add_entry`, `change_entry` and `remove_entry` below the address of the log.

type Id = { readonly id: string };

const AT = "2026-03-01T09:00:00Z";
const LATER = "2026-03-02T09:00:00.5Z";
const LAST = "2026-03-03T09:00:00Z";

/** The client of a lab, the subject, and the requests on one log. */
interface Log {
  readonly client: Client;
  readonly id: string;
  readonly address: string;
  readonly key: "subject_log" | "procedure_log";
  readonly table: string;
  act(action: string, body: unknown): ReturnType<Client["get"]>;
  entries(): Promise<readonly Record<string, unknown>[]>;
}

let lab: Lab;
let subject: Id;

beforeEach(async () => {
  lab = await buildLab();
  subject = await buildSubject({ projects: [lab.project] });
});

function logOf(client: Client, { id }: Id, model = "subjectlog"): Log {
  const address = `/api/private/modules/${model}/${id}/`;
  const key = model === "subjectlog" ? "subject_log" : "procedure_log";
  return {
    client,
    id,
    address,
    key,
    table: `${key}_entries`,
    act: (action, body) => client.patch(`${address}${action}/`, body),
    entries: async () => (await client.get(address)).body[key].entries,
  };
}

const subjectLog = async (type = "Weighing") =>
  logOf(lab.client, await buildSubjectLog(subject, type));

const procedureLog = async () =>
  logOf(lab.client, await buildProcedureLog(await buildProcedure(subject)), "procedurelog");

const LOGS = [
  ["subject log", subjectLog],
  ["procedure log", procedureLog],
] as const;

describe.each(LOGS)("the entries of a %s", (title, make) => {
  test("are added, and shown with the newest first", async () => {
    const log = await make();
    const first = await log.act("add_entry", { date_time: LATER, notes: " Ümit 🐭 " });
    expect(first.status, first.text).toBe(200);
    const second = await log.act("add_entry", {
      date_time: "2026-03-03T10:00:00+01:00",
      details: { weight: 25.3, channels: [1, -0.5] },
    });
    await log.act("add_entry", { date_time: AT });
    expect(second.body[log.key].entries).toEqual([
      { date_time: LAST, notes: null, details: { weight: 25.3, channels: [1, -0.5] } },
      { date_time: "2026-03-02T09:00:00.500000Z", notes: " Ümit 🐭 ", details: {} },
    ]);
    const entries = await log.entries();
    expect(entries.map(({ date_time }) => date_time)).toEqual([
      LAST,
      "2026-03-02T09:00:00.500000Z",
      AT,
    ]);
  });

  test("are changed in what a body names", async () => {
    const log = await make();
    await log.act("add_entry", { date_time: AT, notes: "n", details: { weight: 1 } });
    await log.act("add_entry", { date_time: LATER, notes: "other" });
    const notes = await log.act("change_entry", { date_time: AT, notes: "changed" });
    expect(notes.body[log.key].entries[1]).toEqual({
      date_time: AT,
      notes: "changed",
      details: { weight: 1 },
    });
    const details = await log.act("change_entry", { date_time: AT, details: { weight: 2 } });
    expect(details.body[log.key].entries[1]).toEqual({
      date_time: AT,
      notes: "changed",
      details: { weight: 2 },
    });
    const none = await log.act("change_entry", { date_time: AT, notes: null });
    expect(none.body[log.key].entries[1]).toMatchObject({ notes: null, details: { weight: 2 } });
    expect(none.body[log.key].entries[0]).toMatchObject({ notes: "other" });
  });

  test("are removed one by one", async () => {
    const log = await make();
    await log.act("add_entry", { date_time: AT });
    await log.act("add_entry", { date_time: LATER });
    const { status, body } = await log.act("remove_entry", { date_time: "2026-03-01T10:00+01:00" });
    expect([status, body[log.key].entries.length]).toEqual([200, 1]);
    expect((await log.act("remove_entry", { date_time: LATER })).body[log.key].entries).toEqual([]);
  });

  test("have an instant of their own", async () => {
    const log = await make();
    await log.act("add_entry", { date_time: AT, notes: "first" });
    const again = await log.act("add_entry", { date_time: "2026-03-01T10:00:00+01:00" });
    expect([again.status, again.body]).toEqual([
      400,
      { date_time: [expect.stringContaining("has an entry with this date_time already")] },
    ]);
    expect(await log.entries()).toEqual([{ date_time: AT, notes: "first", details: {} }]);
  });

  test("of two requests at once for one instant are one, and the other one is told so", async () => {
    const log = await make();
    const answers = await Promise.all(
      ["a", "b", "c"].map((notes) => log.act("add_entry", { date_time: AT, notes })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect(await log.entries()).toHaveLength(1);
    const removals = await Promise.all(
      [1, 2, 3].map(() => log.act("remove_entry", { date_time: AT })),
    );
    expect(removals.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect(await log.entries()).toEqual([]);
  });

  test.each(["change_entry", "remove_entry"])(
    "that there are not are told by %s",
    async (action) => {
      const log = await make();
      await log.act("add_entry", { date_time: AT });
      const { status, body } = await log.act(action, { date_time: LATER });
      expect([status, body]).toEqual([
        400,
        { date_time: [`This ${title} has no entry with this date_time.`] },
      ]);
    },
  );

  test("need a date and time", async () => {
    const log = await make();
    for (const action of ["add_entry", "change_entry", "remove_entry"]) {
      for (const body of [{}, { date_time: null }, { date_time: [] }]) {
        const answer = await log.act(action, body);
        expect([answer.status, answer.body]).toEqual([
          400,
          { date_time: ["This field is required."] },
        ]);
      }
    }
  });

  test.each([
    ["an unknown field", { weight: 3 }, "weight"],
    ["a day that there is not", { date_time: "2026-02-30T00:00" }, "date_time"],
    ["notes of too many characters", { notes: "x".repeat(501) }, "notes"],
    ["details that are no object", { details: [1] }, "details"],
    [
      "a number that is not exact",
      '{"date_time":"2026-01-01T00:00","details":{"a":9007199254740993}}',
      "details",
    ],
  ])("are refused with %s", async (_, sent, field) => {
    const log = await make();
    const body = typeof sent === "string" ? sent : { date_time: AT, ...sent };
    const answer = await log.act("add_entry", body);
    expect([answer.status, Object.keys(answer.body)]).toEqual([400, [field]]);
    expect(await log.entries()).toEqual([]);
  });

  test("are in no body of the log itself, and stay with a PUT of what was read", async () => {
    const log = await make();
    await log.act("add_entry", { date_time: AT });
    const { body } = await log.client.get(log.address);
    const put = await log.client.put(log.address, { ...body[log.key], entries: [] });
    expect([put.status, put.body[log.key].entries.length]).toEqual([200, 1]);
  });

  test("cannot be written by who may only read, and are hidden from all others", async () => {
    const log = await make();
    await log.act("add_entry", { date_time: AT });
    const reader = await buildUser();
    await env.DB.prepare("INSERT INTO project_users (project_id, user_id, level) VALUES (?, ?, 1)")
      .bind(lab.project.id, reader.id)
      .run();
    const outsider = await buildUser();
    for (const [action, body] of [
      ["add_entry", { date_time: LATER }],
      ["change_entry", { date_time: AT, notes: "x" }],
      ["remove_entry", { date_time: AT }],
    ] as const) {
      const denied = await reader.client.patch(`${log.address}${action}/`, body);
      expect(denied.status).toBe(403);
      expect(denied.body.detail).toContain("change_project");
      const unseen = await outsider.client.patch(`${log.address}${action}/`, { date_time: LAST });
      expect([unseen.status, unseen.body.detail]).toEqual([
        403,
        expect.stringContaining("view_project"),
      ]);
      const publicly = await clientFor().patch(
        `${log.address.replace("private", "public")}${action}/`,
        body,
      );
      expect(publicly.status).toBe(404);
    }
    expect(await log.entries()).toHaveLength(1);
  });

  test("are in the history of the log, before and after", async () => {
    const log = await make();
    const entry = { date_time: AT, notes: "n", details: { a: 1 } };
    const changesOf = async (action: string, body: unknown) => {
      const written = await historyOf(() => log.act(action, body));
      expect(written).toHaveLength(1);
      expect(written[0]).toMatchObject({
        action: "change",
        record: log.id,
        userId: lab.user.id,
        projects: [lab.project.id],
      });
      return written[0]?.changes.entries;
    };
    expect(await changesOf("add_entry", entry)).toEqual({ from: null, to: entry });
    const changed = { ...entry, notes: "m" };
    expect(await changesOf("change_entry", { date_time: AT, notes: "m" })).toEqual({
      from: entry,
      to: changed,
    });
    expect(await changesOf("remove_entry", { date_time: AT })).toEqual({ from: changed, to: null });
    const refused = await historyOf(() => log.act("remove_entry", { date_time: AT }));
    expect(refused).toEqual([]);
  });

  test("change the date of the log's last change", async () => {
    const log = await make();
    await env.DB.prepare(`UPDATE ${log.key}s SET updated_date = '2020-01-01T00:00:00' WHERE id = ?`)
      .bind(log.id)
      .run();
    const list = `${log.address.replace(`${log.id}/`, "")}?filter{updated_date.gt}=2020-01-02`;
    expect((await log.client.get(list)).body.count).toBe(0);
    await log.act("add_entry", { date_time: AT });
    expect((await log.client.get(list)).body.count).toBe(1);
  });

  test("are written under If-Match", async () => {
    const log = await make();
    const etag = (await log.client.get(log.address)).headers.get("ETag") ?? "";
    const add = (headers: HeadersInit, date_time = AT) =>
      log.client.send("PATCH", `${log.address}add_entry/`, { date_time }, headers);
    expect((await add({ "If-Match": etag })).status).toBe(200);
    expect((await add({ "If-Match": etag }, LATER)).status).toBe(412);
    expect(await log.entries()).toHaveLength(1);
  });

  test("go with the log", async () => {
    const log = await make();
    await log.act("add_entry", { date_time: AT });
    expect((await log.client.delete(log.address)).status).toBe(204);
    const left = await env.DB.prepare(
      `SELECT count(*) AS n FROM ${log.table} WHERE ${log.key}_id = ?`,
    )
      .bind(log.id)
      .first<{ n: number }>();
    expect(left?.n).toBe(0);
  });
});

describe.each(LOGS)("the size of a %s", (_, make) => {
  /** Entries with details of so many bytes. */
  const fill = async ({ id, key, table }: Log, count: number, bytes: number) => {
    await env.DB.prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)
       INSERT INTO ${table} (${key}_id, date_time, details)
       SELECT ?1, strftime('%Y-%m-%dT%H:%M:%S', n * 60, 'unixepoch'),
         '{"a":"' || substr(hex(zeroblob(?3)), 1, ?3 - 8) || '"}' FROM numbers`,
    )
      .bind(id, count, bytes)
      .run();
  };
  const FIRST = "1970-01-01T00:01:00Z";

  test("has a bound of 2,000 entries", async () => {
    const log = await make();
    await fill(log, 1_999, 20);
    expect((await log.act("add_entry", { date_time: AT })).status).toBe(200);
    const { status, body } = await log.act("add_entry", { date_time: LATER });
    expect([status, body]).toEqual([400, { entries: [expect.stringContaining("2000 entries")] }]);
    expect((await log.act("change_entry", { date_time: AT, notes: "x" })).status).toBe(200);
    expect((await log.act("remove_entry", { date_time: AT })).status).toBe(200);
    expect((await log.act("add_entry", { date_time: LATER })).status).toBe(200);
  });

  test("has a bound of 1 MiB of notes and details, so that it can always be read and written", async () => {
    const log = await make();
    await fill(log, 4, 256 * 1024 - 1);
    expect((await log.act("add_entry", { date_time: AT })).status).toBe(200);
    for (const [action, sent] of [
      ["add_entry", { date_time: LATER, notes: "mµ" }],
      ["add_entry", { date_time: LATER, details: { a: 1 } }],
      ["change_entry", { date_time: AT, notes: "mµ" }],
      ["change_entry", { date_time: AT, details: { a: 1 } }],
    ] as const) {
      const { status, body } = await log.act(action, sent);
      expect([status, body]).toEqual([
        400,
        { entries: [expect.stringContaining("1048576 bytes")] },
      ]);
    }
    expect((await log.act("change_entry", { date_time: AT, notes: "m" })).status).toBe(200);
    expect((await log.client.get(log.address)).status).toBe(200);
    expect((await log.act("change_entry", { date_time: FIRST, details: {} })).status).toBe(200);
    expect((await log.act("add_entry", { date_time: LATER, notes: "µ" })).status).toBe(200);
  });
});

describe("the entries of a log of intervals", () => {
  const SPAN = { start_date_time: AT, end_date_time: LAST };

  test("have a start and an end", async () => {
    const log = await subjectLog("Housing");
    const { status, body } = await log.act("add_entry", { ...SPAN, notes: "cage 4" });
    expect(status).toBe(200);
    expect(body.subject_log.entries).toEqual([{ ...SPAN, notes: "cage 4", details: {} }]);
    const moment = { start_date_time: LATER, end_date_time: LATER };
    expect((await log.act("add_entry", moment)).status).toBe(200);
  });

  test("are named by their start in a change and a removal", async () => {
    const log = await subjectLog("Housing");
    await log.act("add_entry", SPAN);
    const end = await log.act("change_entry", { start_date_time: AT, end_date_time: LATER });
    expect(end.body.subject_log.entries[0].end_date_time).toBe("2026-03-02T09:00:00.500000Z");
    const notes = await log.act("change_entry", { start_date_time: AT, notes: "x" });
    expect(notes.body.subject_log.entries[0]).toMatchObject({
      end_date_time: "2026-03-02T09:00:00.500000Z",
      notes: "x",
    });
    const twice = await log.act("add_entry", { ...SPAN, end_date_time: LATER });
    expect(Object.keys(twice.body)).toEqual(["start_date_time"]);
    const unknown = await log.act("remove_entry", { start_date_time: LATER });
    expect(Object.keys(unknown.body)).toEqual(["start_date_time"]);
    expect((await log.act("remove_entry", { start_date_time: AT })).status).toBe(200);
    expect(await log.entries()).toEqual([]);
  });

  test.each([
    ["a start", { end_date_time: LAST }, ["start_date_time"]],
    ["an end", { start_date_time: AT }, ["end_date_time"]],
    ["an end after the start", { start_date_time: LAST, end_date_time: AT }, ["end_date_time"]],
    ["an interval in place of an instant", { date_time: AT }, ["date_time", "start_date_time"]],
  ])("need %s", async (_, sent, fields) => {
    const log = await subjectLog("Housing");
    const { status, body } = await log.act("add_entry", sent);
    expect([status, Object.keys(body).sort()]).toEqual([400, fields]);
  });

  test("cannot end before they start by a change of the end alone", async () => {
    const log = await subjectLog("Housing");
    await log.act("add_entry", { start_date_time: LATER, end_date_time: LAST });
    const { status, body } = await log.act("change_entry", {
      start_date_time: LATER,
      end_date_time: AT,
    });
    expect([status, Object.keys(body)]).toEqual([400, ["end_date_time"]]);
  });

  test("are refused in a log of instants", async () => {
    const log = await subjectLog("Weighing");
    for (const sent of [SPAN, { date_time: AT, end_date_time: LAST }]) {
      const { status, body } = await log.act("add_entry", sent);
      expect(status).toBe(400);
      expect(Object.values(body).flat().join()).toContain("no intervals");
    }
  });

  test("are unknown to procedure logs", async () => {
    const log = await procedureLog();
    const { status, body } = await log.act("add_entry", { date_time: AT, end_date_time: LAST });
    expect([status, Object.keys(body)]).toEqual([400, ["end_date_time"]]);
  });
});

describe("a log", () => {
  test("keeps its type, which decides what its entries are", async () => {
    const log = await subjectLog("Weighing");
    const { status, body } = await log.client.patch(log.address, { type: "Housing" });
    expect([status, body]).toEqual([400, { type: [expect.stringContaining("does not change")] }]);
    expect((await log.client.patch(log.address, { type: "Weighing" })).status).toBe(200);
    const other = await procedureLog();
    expect((await other.client.patch(other.address, { type: "Tetrodes4" })).status).toBe(400);
  });

  test("stays with its subject or its procedure", async () => {
    const log = await subjectLog();
    const other = await buildSubject({ projects: [lab.project] });
    const moved = await log.client.patch(log.address, { subject: other.id });
    expect([moved.status, Object.keys(moved.body)]).toEqual([400, ["subject"]]);
    const ofProcedure = await procedureLog();
    const procedure = await buildProcedure(subject);
    const away = await ofProcedure.client.patch(ofProcedure.address, { procedure: procedure.id });
    expect([away.status, Object.keys(away.body)]).toEqual([400, ["procedure"]]);
  });

  test("names the user who made it, whoever changes it later, and nobody to the public", async () => {
    const project = await buildProject({ users: { contributor: [lab.user] }, isPublic: true });
    const shared = await buildSubject({ projects: [project] });
    const made = await lab.client.post("/api/private/modules/subjectlog/", {
      type: "Wellness",
      subject: shared.id,
    });
    const log = made.body.subject_log;
    expect(log.user).toBe(lab.user.id);
    const colleague = await buildUser();
    await env.DB.prepare("INSERT INTO project_users (project_id, user_id, level) VALUES (?, ?, 2)")
      .bind(project.id, colleague.id)
      .run();
    const address = `/api/private/modules/subjectlog/${log.id}/`;
    const changed = await colleague.client.patch(address, { description: "x" });
    expect(changed.body.subject_log.user).toBe(lab.user.id);
    const publicly = await clientFor().get(`/api/public/modules/subjectlog/${log.id}/`);
    expect(publicly.body.subject_log.user).toBe(null);
  });
});

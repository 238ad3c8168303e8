import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { models } from "../../../src/models/all.ts";
import { type Browser, buildBrowserSession, newBrowser } from "../../support/browser.ts";
import {
  type BuiltUser,
  buildHeldGroup,
  buildProcedure,
  buildProcedureLog,
  buildProject,
  buildSubject,
  buildSubjectLog,
  buildUser,
  unique,
} from "../../support/builders.ts";
import { countedDatabase } from "../../support/d1-binding.ts";
import { valuesOf } from "../../support/page-forms.ts";

// The forms of the actions on records, at the addresses that the API has for them.

const AT = "2026-03-01T09:00:00Z";

let owner: BuiltUser;
let member: BuiltUser;
let browser: Browser;
let cost: ReturnType<typeof countedDatabase>["cost"];
let subject: { readonly id: string };

beforeEach(async () => {
  [owner, member] = [await buildUser(), await buildUser()];
  const project = await buildProject({ users: { owner: [owner], member: [member] } });
  subject = await buildSubject({ projects: [project], name: unique("Mouse <b>") });
  const counted = countedDatabase();
  cost = counted.cost;
  ({ browser } = await buildBrowserSession(owner, { bindings: { DB: counted.binding } }));
});

const buildLog = async (type = "Weighing") =>
  `/private/modules/subjectlog/${(await buildSubjectLog(subject, type)).id}/`;

const readLog = async (path: string) => (await owner.client.get(`/api${path}`)).body.subject_log;

/** Opens the form at an address, fills it in as a person does, and sends it. */
async function send(path: string, fields: Readonly<Record<string, string | readonly string[]>>) {
  const opened = await browser.open(path);
  expect(opened.status, opened.text).toBe(200);
  const form = valuesOf(opened.text);
  for (const [name, value] of Object.entries(fields)) {
    form.delete(name);
    for (const each of [value].flat()) form.append(name, each);
  }
  form.set("form_do", "save");
  return browser.submit(path.split("?")[0] ?? "", {}, undefined, form);
}

describe("the form that adds an entry to a log", () => {
  test("opens in one round trip, at the present minute, and tells the log and the subject", async () => {
    const path = await buildLog();
    const before = new Date().toISOString().slice(0, 16);
    cost.roundTrips = 0;
    const { text } = await browser.open(`${path}add_entry/`);
    expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
    const given = valuesOf(text).get("date_time") ?? "";
    expect([before, new Date().toISOString().slice(0, 16)]).toContain(given);
    expect(text).toContain(">Weighing</a>");
    expect(text).toContain(`href="/private/stem/subject/${subject.id}/"`);
    expect(text).toContain("Mouse &lt;b&gt;");
    expect(text).not.toContain("start_date_time");
  });

  test("adds it as the API does, and leads back to the record, which says so", async () => {
    const path = await buildLog();
    const { status, location } = await send(`${path}add_entry/`, {
      date_time: "2026-03-01T09:00",
      "details.key": ["weight_g", "channels", "note", "batch"],
      "details.value": ["25.30", "[1, null]", "<i>", "007"],
      "details.as": ["", "", "", ""],
      notes: "",
    });
    expect([status, location]).toEqual([303, `${path}?done=add_entry`]);
    expect((await readLog(path)).entries).toEqual([
      {
        date_time: AT,
        notes: null,
        details: { weight_g: 25.3, channels: [1, null], note: "<i>", batch: "007" },
      },
    ]);
    const { text } = await browser.open(location ?? "");
    expect(text).toContain("The entry is added.");
    expect(text).toContain("&lt;i&gt;");
    expect(text).toContain(`href="${path}change_entry/?date_time=${AT}"`);
    expect(text).toContain(`href="${path}remove_entry/?date_time=${AT}"`);
  });

  test("proposes the keys of the last entry, and leaves out those without a value", async () => {
    const path = await buildLog();
    await owner.client.patch(`/api${path}add_entry/`, {
      date_time: AT,
      details: { weight_g: 25.3, scale: "A" },
    });
    const form = valuesOf((await browser.open(`${path}add_entry/`)).text);
    expect(form.getAll("details.key").slice(0, 2)).toEqual(["weight_g", "scale"]);
    expect(form.getAll("details.value").slice(0, 2)).toEqual(["", ""]);
    await send(`${path}add_entry/`, { "details.value": ["26", "", ""] });
    expect((await readLog(path)).entries[0].details).toEqual({ weight_g: 26 });
  });

  test("shows the errors of the API, and everything that was typed", async () => {
    const path = await buildLog();
    await owner.client.patch(`/api${path}add_entry/`, { date_time: AT });
    const refused = await send(`${path}add_entry/`, {
      date_time: "2026-03-01T09:00",
      "details.key": ["weight_g"],
      "details.value": ["twenty <b>"],
      "details.as": [""],
      notes: "x".repeat(501),
    });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("Ensure this field has no more than 500 characters.");
    expect(refused.text).toContain(
      "This subject log has an entry with this date_time already: change that one.",
    );
    const typed = valuesOf(refused.text);
    expect(typed.get("date_time")).toBe("2026-03-01T09:00");
    expect(typed.getAll("details.value")[0]).toBe("twenty <b>");
    expect(typed.get("notes")).toBe("x".repeat(501));
    expect((await send(`${path}add_entry/`, { date_time: "" })).text).toContain(
      "This field is required.",
    );
    expect((await send(`${path}add_entry/`, { date_time: "yesterday" })).status).toBe(400);
    expect((await readLog(path)).entries).toHaveLength(1);
  });

  test("has the interval for a log whose entries are intervals", async () => {
    const path = await buildLog("Housing");
    const { text } = await browser.open(`${path}add_entry/`);
    expect([...valuesOf(text).keys()]).not.toContain("date_time");
    const late = { start_date_time: "2026-03-01T09:00", end_date_time: "2026-02-01T09:00" };
    expect((await send(`${path}add_entry/`, late)).text).toContain(
      "Ensure the end is not before the start.",
    );
    const done = await send(`${path}add_entry/`, { ...late, end_date_time: "2026-03-02T09:00" });
    expect(done.location).toBe(`${path}?done=add_entry`);
    const page = await browser.open(path);
    expect(page.text).toContain(`href="${path}change_entry/?start_date_time=${AT}"`);
    expect(page.text).not.toContain('data-label="Date and time"');
  });

  test("is there for a log of a procedure too", async () => {
    const { id } = await buildProcedureLog(await buildProcedure(subject));
    const path = `/private/modules/procedurelog/${id}/`;
    const done = await send(`${path}add_entry/`, { date_time: "2026-03-01T09:00" });
    expect(done.location).toBe(`${path}?done=add_entry`);
  });
});

describe("the forms that change and remove an entry", () => {
  const details = { weight_g: 25.3, when: "", yes: "true", deep: { list: [1] } };

  const buildEntry = async () => {
    const path = await buildLog();
    const body = { date_time: "2026-03-01T09:00:00.5Z", details, notes: "a\nb" };
    await owner.client.patch(`/api${path}add_entry/`, body);
    return { path, key: "?date_time=2026-03-01T09:00:00.500000Z" };
  };

  test("begin with the entry that the address names, in one round trip", async () => {
    const { path, key } = await buildEntry();
    for (const name of ["change_entry", "remove_entry"]) {
      cost.roundTrips = 0;
      const { text, status } = await browser.open(`${path}${name}/${key}`);
      expect([status, cost.roundTrips]).toEqual([200, 1]);
      expect(text).toContain("weight_g");
      for (const wrong of ["?date_time=2026-03-01T09:00:00Z", "?date_time=x"]) {
        expect((await browser.open(`${path}${name}/${wrong}`)).status).toBe(404);
      }
      // Without a key there is nothing to begin with: the list has a link to each row.
      expect((await browser.open(`${path}${name}/`)).location).toBe(`${path}#entries`);
    }
  });

  test("write only what was changed, and keep what they cannot show", async () => {
    const { path, key } = await buildEntry();
    const done = await send(`${path}change_entry/${key}`, { notes: "c" });
    expect(done.location).toBe(`${path}?done=change_entry`);
    const [entry] = (await readLog(path)).entries;
    expect(entry).toMatchObject({ notes: "c", details });
    const again = await browser.open(`${path}change_entry/${key}`);
    const values = valuesOf(again.text).getAll("details.value");
    await send(`${path}change_entry/${key}`, { "details.value": ["26", ...values.slice(1)] });
    expect((await readLog(path)).entries[0].details).toEqual({ ...details, weight_g: 26 });
  });

  test("tell when somebody else has changed the entry meanwhile, and lose neither version", async () => {
    const { path, key } = await buildEntry();
    for (const name of ["change_entry", "remove_entry"]) {
      const mine = valuesOf((await browser.open(`${path}${name}/${key}`)).text);
      const theirs = { date_time: "2026-03-01T09:00:00.500000Z", notes: `theirs at ${name}` };
      await owner.client.patch(`/api${path}change_entry/`, theirs);
      const [, ...keys] = mine.getAll("details.key");
      mine.delete("details.key");
      for (const each of ["mine", ...keys]) mine.append("details.key", each);
      mine.set("form_do", "save");
      const told = await browser.submit(`${path}${name}/`, {}, undefined, mine);
      expect(told.status).toBe(412);
      expect(told.text).toContain(`theirs at ${name}`);
      const again = valuesOf(told.text);
      if (name === "change_entry") expect(again.get("details.key")).toBe("mine");
      again.set("form_do", "save");
      const done = await browser.submit(`${path}${name}/`, {}, undefined, again);
      expect(done.location).toBe(`${path}?done=${name}`);
      const [entry] = (await readLog(path)).entries;
      if (name === "change_entry")
        expect(entry).toMatchObject({ ...theirs, details: { mine: 25.3 } });
      else expect(entry).toBeUndefined();
    }
  });

  test("shows an object with very many keys as JSON", async () => {
    const path = await buildLog();
    const wide = Object.fromEntries(
      Array.from({ length: 101 }, (_, index) => [`k${index}`, index]),
    );
    await owner.client.patch(`/api${path}add_entry/`, { date_time: AT, details: wide });
    const page = await browser.open(`${path}change_entry/?date_time=${AT}`);
    expect(JSON.parse(valuesOf(page.text).get("details") ?? "")).toEqual(wide);
    await send(`${path}change_entry/?date_time=${AT}`, { details: '{"a": 1}' });
    expect((await readLog(path)).entries[0].details).toEqual({ a: 1 });
    const faulty = await send(`${path}change_entry/?date_time=${AT}`, {
      "details.key": ["a", "a"],
      "details.value": ["1", "2"],
      "details.as": ["", ""],
    });
    expect(faulty.text).toContain("is given twice.");
  });

  test("remove it after a question", async () => {
    const { path, key } = await buildEntry();
    const done = await send(`${path}remove_entry/${key}`, {});
    expect(done.location).toBe(`${path}?done=remove_entry`);
    expect((await readLog(path)).entries).toEqual([]);
  });
});

describe("a long log", () => {
  test("is shown in pages of 50 entries, within 100 KB", async () => {
    const path = await buildLog();
    const [, id] = /([0-9a-f-]{36})/.exec(path) ?? [];
    await env.DB.prepare(
      `INSERT INTO subject_log_entries (subject_log_id, date_time, notes, details)
       SELECT ?, strftime('%Y-%m-%dT%H:%M:%S', '2020-01-01', '+' || value || ' hours'), ?, ?
       FROM json_each(?)`,
    )
      .bind(
        id,
        "n".repeat(500),
        JSON.stringify({ a: "d".repeat(1_000), b: "d".repeat(1_000) }),
        JSON.stringify(Array.from({ length: 120 }, (_, index) => index)),
      )
      .run();
    const first = await browser.open(path);
    expect(first.text.match(/change_entry/g)).toHaveLength(50);
    expect(first.text.length).toBeLessThan(100_000);
    expect(first.text).toContain("Page 1 of 3");
    const last = await browser.open(`${path}?offset=100`);
    expect(last.text.match(/change_entry/g)).toHaveLength(20);
    for (const odd of ["-1", "x", "1e9", "NaN"]) {
      expect((await browser.open(`${path}?offset=${odd}`)).status).toBe(200);
    }
  });
});

describe("an action that one may not do", () => {
  test("has no link and no form, but the refusal of the API", async () => {
    const path = await buildLog();
    await owner.client.patch(`/api${path}add_entry/`, { date_time: AT });
    const { browser: reader } = await buildBrowserSession(member);
    const page = await reader.open(path);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain("_entry/");
    const form = await reader.open(`${path}add_entry/`);
    expect(form.status).toBe(403);
    expect(form.text).toContain("change_project");
    const { browser: stranger } = await buildBrowserSession(await buildUser());
    expect((await stranger.open(`${path}add_entry/`)).status).toBe(403);
    await reader.open("/private/users/me/");
    const sent = await reader.submit(`${path}remove_entry/`, {
      form_do: "save",
      date_time: "2026-03-01T09:00",
    });
    expect(sent.status).toBe(403);
    expect((await readLog(path)).entries).toHaveLength(1);
  });

  test.each(
    models.flatMap((model) =>
      model.actions.flatMap(({ form, path }) =>
        form === undefined ? [] : [`/private${model.path}${path}/`],
      ),
    ),
  )("is a 404 at a record that is not there: %s", async (address) => {
    for (const id of [crypto.randomUUID(), "x", "%00"]) {
      const { status, location } = await browser.open(address.replace(":id", id));
      // A form of a row leads to the record without the row.
      const last = location === undefined ? status : (await browser.open(location)).status;
      expect([address, id, last]).toEqual([address, id, 404]);
    }
  });
});

describe("a group", () => {
  test("is left by a form, and not by its last owner", async () => {
    const group = await buildHeldGroup({ owner: [owner], member: [member] });
    const path = `/private/users/group/${group.id}/`;
    const { browser: leaver } = await buildBrowserSession(member);
    expect((await leaver.open(path)).text.split(`href="${path}leave/"`)).toHaveLength(2);
    await leaver.open(`${path}leave/`);
    const done = await leaver.submit(`${path}leave/`, { form_do: "save" });
    expect(done.location).toBe(`${path}?done=leave`);
    const after = await leaver.open(done.location ?? "");
    expect(after.text).toContain("You have left the group.");
    expect(after.text).not.toContain(`href="${path}leave/"`);
    await browser.open(`${path}leave/`);
    expect((await browser.submit(`${path}leave/`, { form_do: "save" })).status).toBe(400);
  });
});

describe("the user of a log", () => {
  test("is shown by email to those who may know it, and not in the public portal", async () => {
    const open = await buildProject({ isPublic: true, users: { owner: [owner] } });
    const { id } = await buildSubject({ projects: [open] });
    const { body } = await owner.client.post("/api/private/modules/subjectlog/", {
      type: "Weighing",
      subject: id,
    });
    const path = `/modules/subjectlog/${body.subject_log.id}/`;
    const email = (await owner.client.get("/api/private/users/me/")).body.user.email;
    expect((await browser.open(`/private${path}`)).text).toContain(`>${email}</a>`);
    const { text, status } = await newBrowser().open(`/public${path}`);
    expect(status).toBe(200);
    expect(text).not.toContain(email);
    expect(text).not.toContain("add_entry");
  });
});

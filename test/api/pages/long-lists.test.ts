import { beforeAll, describe, expect, test } from "vitest";
import { type Browser, buildBrowserSession } from "../../support/browser.ts";
import {
  type BuiltUser,
  buildListOfProject,
  buildProject,
  buildSubject,
  buildUser,
} from "../../support/builders.ts";
import { countedDatabase } from "../../support/d1-binding.ts";
import { valuesOf } from "../../support/page-forms.ts";
import { sessionRow, writeSessions } from "../../support/session-rows.ts";

// The page and the form of a collection with as many sessions as it can have.

const MOST = 2_000;

let owner: BuiltUser;
let browser: Browser;
let cost: ReturnType<typeof countedDatabase>["cost"];
let ids: readonly string[];
let path: string;

beforeAll(async () => {
  owner = await buildUser();
  const project = await buildProject({ users: { owner: [owner] } });
  const rows = Array.from({ length: MOST }, (_, index) =>
    sessionRow({ name: `s${String(index).padStart(4, "0")}`, projects: [project.id] }),
  );
  await writeSessions(rows);
  ids = rows.map(({ id }) => id).toReversed();
  const { body } = await owner.client.post("/api/private/stem/collection/", {
    name: "All of them",
    project: project.id,
    sessions: ids,
  });
  path = `/private/stem/collection/${body.collection.id}/`;
  const counted = countedDatabase();
  cost = counted.cost;
  ({ browser } = await buildBrowserSession(owner, { bindings: { DB: counted.binding } }));
});

const stored = async () => (await owner.client.get(`/api${path}`)).body.collection.sessions;

/** Presses a button of the form of the collection, with everything that the form has. */
async function press(action: string, text: string, fields: Readonly<Record<string, string>> = {}) {
  const form = valuesOf(text);
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("form_do", action);
  return browser.submit(`${path}edit/`, {}, undefined, form);
}

describe("the page of a collection with 2,000 sessions", () => {
  test("shows the first 200 by name, in one round trip, and leads to a list of them all", async () => {
    cost.roundTrips = 0;
    cost.rowsRead = 0;
    const { text } = await browser.open(path);
    expect(cost.roundTrips).toBe(1);
    expect(cost.rowsRead).toBeLessThan(6 * MOST);
    expect(text.match(/>s\d{4}<\/a>/g)).toHaveLength(200);
    expect(text).toContain(">s1999</a>");
    expect(text).toContain("and 1800 more");
    expect(text.length).toBeLessThan(60_000);
    const [, list = ""] = /href="([^"]+)">All 2,000 as a list</.exec(text) ?? [];
    const all = await browser.open(list.replaceAll("&amp;", "&"));
    expect(all.status).toBe(200);
    expect(all.text).toContain("2,000");
  });
});

describe("the form of a collection with 2,000 sessions", () => {
  test("shows both ends by name and keeps the others, within 250 KB", async () => {
    cost.roundTrips = 0;
    const { text } = await browser.open(`${path}edit/`);
    expect(cost.roundTrips).toBe(1);
    expect(text.match(/name="sessions" value="[0-9a-f-]{36}"/g)).toHaveLength(100);
    expect(text).toContain("and 1,900 more");
    for (const name of ["s1999", "s1950", "s0049", "s0000"]) expect(text).toContain(`>${name}<`);
    expect(text.length).toBeLessThan(250_000);
    const saved = await press("save", text);
    expect(saved.location).toBe(`${path}?unchanged`);
  });

  test("moves one into the others, finds one of them to remove, and saves the order", async () => {
    const first = await browser.open(`${path}edit/`);
    const moved = await press("sessions.down.49", first.text);
    expect(moved.text).toContain("Moved to position 51 of 2000.");
    const found = await press("sessions.search", moved.text, { "sessions.search": "s1000" });
    const [, drop = ""] = /value="(sessions\.drop\.[^"]+)"/.exec(found.text) ?? [];
    const dropped = await press(drop, found.text);
    expect(dropped.text).toContain("Removed. 1999 left.");
    const saved = await press("save", dropped.text);
    expect(saved.location).toBe(`${path}?saved`);
    const wanted = [...ids.slice(0, 49), ids[50], ids[49], ...ids.slice(51)];
    expect(await stored()).toEqual(wanted.filter((id) => id !== ids[999]));
  });
});

describe("the page of a cohort", () => {
  test("shows its subjects, and those that one may not see without a name", async () => {
    const member = await buildUser();
    const project = await buildProject({ users: { member: [member] } });
    const elsewhere = await buildProject();
    const [seen, hidden] = [
      await buildSubject({ projects: [project] }),
      await buildSubject({ projects: [elsewhere] }),
    ];
    const { id } = await buildListOfProject("cohorts", project, { members: [seen.id, hidden.id] });
    const { browser: reader } = await buildBrowserSession(member);
    const { text } = await reader.open(`/private/stem/cohort/${id}/`);
    expect(text).toContain(`>${seen.name}</a>`);
    expect(text).not.toContain(hidden.name);
    expect(text).toContain("one that you may not see");
    expect(text).toContain(`/private/stem/subject/?filter{cohorts}=${id}`);
  });
});

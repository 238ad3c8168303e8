import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { routeOf } from "../../../src/api/model-routes.ts";
import { models } from "../../../src/models/all.ts";
import { buildBrowserSession, newBrowser } from "../../support/browser.ts";
import {
  buildDataStorage,
  buildHeldGroup,
  buildProject,
  buildSession,
  buildSubject,
  buildUser,
  unique,
} from "../../support/builders.ts";
import { countedDatabase } from "../../support/d1-binding.ts";
import { hiddenOf, valuesOf } from "../../support/page-forms.ts";
import { requireFixture } from "../../support/route-fixtures/all.ts";
import { sessionRow, writeSessions } from "../../support/session-rows.ts";

const shown = models.filter(({ verbs }) => verbs.includes("detail"));
const written = shown.filter(({ verbs }) => verbs.includes("change"));
const removed = shown.filter(({ verbs }) => verbs.includes("remove"));

async function owned(model: (typeof models)[number]) {
  const user = await buildUser();
  const { fixture } = requireFixture(routeOf(model, "detail"));
  const target = await fixture.build({ users: { owner: [user] } });
  // A profile is that of the user itself.
  const id = model.name === "user" ? user.id : target.id;
  const { binding, cost } = countedDatabase();
  const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
  return { user, id, browser, cost, path: `/private${model.path}/${id}/` };
}

describe.each(shown.map((model) => [model.name, model] as const))("a %s", (_name, model) => {
  test("has a page, in one round trip and at most 100 KB", async () => {
    const { browser, cost, path } = await owned(model);
    const page = await browser.open(path);
    expect(page.status).toBe(200);
    expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
    expect(page.text.length).toBeLessThan(100_000);
    expect(page.headers.get("Cache-Control")).toBe("no-store");
    expect(page.text.includes(`${path}edit/`)).toBe(model.verbs.includes("change"));
    expect(page.text.includes(`${path}delete/`)).toBe(model.verbs.includes("remove"));
  });

  test("is not shown to whoever may not see it, and a wrong id is no page", async () => {
    const { path, id } = await owned(model);
    const { browser } = await buildBrowserSession(await buildUser());
    const isOpen = ["group", "user"].includes(model.name);
    expect((await browser.open(path)).status).toBe(isOpen ? 200 : 403);
    for (const wrong of [crypto.randomUUID(), "x", "%00"]) {
      expect((await browser.open(`/private${model.path}/${wrong}/`)).status).toBe(404);
    }
    const visitor = newBrowser();
    expect((await visitor.open(path)).location).toContain("/account/sign-in/");
    expect((await visitor.open(`/public${model.path}/${id}/`)).status).toBe(404);
  });
});

describe.each(written.map((model) => [model.name, model] as const))(
  "the form of a %s",
  (_name, model) => {
    test("opens in one round trip, and saved as it is changes nothing", async () => {
      const { browser, cost, path, user } = await owned(model);
      const page = await browser.open(`${path}edit/`);
      expect(page.status).toBe(200);
      expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
      const before = (await user.client.get(`/api${path}`)).body;
      const form = valuesOf(page.text);
      form.set("form_do", "save");
      const saved = await browser.submit(`${path}edit/`, {}, undefined, form);
      expect(saved.location).toBe(`${path}?unchanged`);
      expect((await user.client.get(`/api${path}`)).body).toEqual(before);
    });
  },
);

describe.each(removed.map((model) => [model.name, model] as const))(
  "the deletion of a %s",
  (_name, model) => {
    test("asks first, and then deletes or says why not", async () => {
      const { browser, path, user } = await owned(model);
      const asked = await browser.open(`${path}delete/`);
      expect(asked.status).toBe(200);
      const isForeseen = asked.text.includes("It cannot be deleted");
      const done = await browser.submit(`${path}delete/`, {}, undefined, hiddenOf(asked.text));
      // After the deletion of a record of a session comes the page of the session.
      const isDone = model.fields.session?.write === undefined ? 200 : 303;
      expect(done.status).toBe(isForeseen ? 400 : isDone);
      const { status } = await user.client.get(`/api${path}`);
      expect(status).toBe(isForeseen ? 200 : 404);
    });
  },
);

describe("the page of a data storage", () => {
  test("leads to the sessions and the associations that name it, and adds one for whoever may", async () => {
    const [owner, member] = [await buildUser(), await buildUser()];
    const { id } = await buildDataStorage({ users: { owner: [owner], member: [member] } });
    const open = async (user: typeof owner) =>
      (await buildBrowserSession(user)).browser.open(
        `/private/personal_attributes/datastorage/${id}/`,
      );
    const { text } = await open(owner);
    expect(text).toContain(`href="/private/stem/session/?filter{datastorage}=${id}"`);
    const adds = `href="/private/stem/sessiondatastorage/new/?datastorage=${id}"`;
    expect(text).toContain(adds);
    expect((await open(member)).text).not.toContain(adds);
  });
});

describe("the page of a session", () => {
  test("shows the projects with one's own level and through whom, and hides others", async () => {
    const user = await buildUser();
    const group = await buildHeldGroup({ member: [user] }, unique("Lab <i>"));
    const held = await buildProject({
      name: unique("Held"),
      users: { contributor: [user] },
      groups: { owner: [group] },
    });
    const hidden = await buildProject({ name: unique("Hidden") });
    const session = await buildSession({ projects: [held, hidden] });
    const { browser } = await buildBrowserSession(user);
    const { text } = await browser.open(`/private/stem/session/${session.id}/`);
    expect(text).toContain(`>${held.name}</a>`);
    expect(text).toContain("owner through Lab &lt;i&gt;");
    expect(text).toContain("contributor in person");
    expect(text).not.toContain(hidden.name);
    expect(text).toContain("A project that you may not see");
    // The caller cannot change the hidden project.
    expect(text).not.toContain("/edit/");
  });

  test("leads to the session before and the one after, in each project that one may see", async () => {
    const user = await buildUser();
    const [one, two, hidden] = [
      await buildProject({ users: { member: [user] } }),
      await buildProject({ users: { member: [user] } }),
      await buildProject(),
    ];
    const at = async (day: string, projects: readonly { readonly id: string }[]) => {
      const session = await buildSession({ projects });
      await env.DB.prepare("UPDATE sessions SET date_time = ? WHERE id = ?")
        .bind(`2023-03-${day}T10:00:00`, session.id)
        .run();
      return session;
    };
    const first = await at("01", [one]);
    const own = await at("10", [one, two, hidden]);
    await at("09", [hidden]);
    const tie = await at("10", [two]);
    const next = await at("11", [one, two]);
    await at("12", [one]);
    const { browser } = await buildBrowserSession(user);
    const { text } = await browser.open(`/private/stem/session/${own.id}/`);
    const near = text.slice(text.indexOf('aria-label="In time"'), text.indexOf("What it contains"));
    const linked = [...near.matchAll(/session\/([0-9a-f-]{36})\//g)].map(([, id]) => id);
    // Sessions of one instant are in the order of their ids.
    expect(linked).toEqual([
      first.id,
      next.id,
      ...(tie.id < own.id ? [tie.id, next.id] : [tie.id]),
    ]);
  });

  test("shows text as text, and links to the web alone", async () => {
    const user = await buildUser();
    const storage = await buildDataStorage({ users: { owner: [user] } });
    const project = await buildProject({ users: { owner: [user] } });
    const evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    await env.DB.prepare("UPDATE data_storages SET data_protocols = ?, location = ? WHERE id = ?")
      .bind(
        JSON.stringify([{ protocol: evil, path: "javascript:alert(1)", is_public: false }]),
        evil,
        storage.id,
      )
      .run();
    const { body } = await user.client.post("/api/private/stem/session/", {
      name: unique("<b>"),
      description: evil,
      projects: [project.id],
      datastorage: [storage.id],
      tags: [evil],
      extra_fields: { x: evil },
      download_links: [{ repository: "Other", url: "https://a.example/\"'><script>" }],
    });
    const { id } = body.session;
    await user.client.post("/api/private/stem/epoch/", {
      session: id,
      name: evil,
      start: 0,
      end: 60,
    });
    await user.client.patch(`/api/private/stem/session/${id}/`, { description: `${evil}2` });
    const { browser } = await buildBrowserSession(user);
    for (const path of [`/private/stem/session/${id}/`, `/private/stem/session/${id}/edit/`]) {
      const { text } = await browser.open(path);
      expect(text).toContain("&lt;script&gt;");
      expect(text).not.toMatch(/<script(?! src="\/assets\/)|<img src=x|href="javascript/);
    }
  });

  test("has no page of a session in the public portal unless a project is public", async () => {
    const user = await buildUser();
    const open = await buildProject({ name: unique("Open"), isPublic: true });
    const closed = await buildProject({ name: unique("Closed"), users: { owner: [user] } });
    const storage = await buildDataStorage({ name: unique("Private storage") });
    const session = await buildSession({ projects: [closed, open], dataStorages: [storage] });
    const { binding, cost } = countedDatabase();
    const { status, text } = await newBrowser({ bindings: { DB: binding } }).open(
      `/public/stem/session/${session.id}/`,
    );
    expect(status).toBe(200);
    expect(cost.roundTrips).toBe(1);
    expect(text).toContain(open.name);
    expect(text).toContain('"@type":"Dataset"');
    for (const secret of [closed.name, closed.id, storage.name, storage.id, "History", "/edit/"]) {
      expect(text).not.toContain(secret);
    }
    const other = await buildSession({ projects: [closed] });
    const answer = await newBrowser().open(`/public/stem/session/${other.id}/`);
    expect(answer.status).toBe(404);
  });

  test("shows the history to those who may see it, with names in place of ids", async () => {
    const [manager, member] = [await buildUser(), await buildUser()];
    const project = await buildProject({ users: { manager: [manager], member: [member] } });
    const { body } = await manager.client.post("/api/private/stem/session/", {
      name: unique("session"),
      description: "before",
      projects: [project.id],
    });
    const api = `/api/private/stem/session/${body.session.id}/`;
    await manager.client.patch(api, { description: "after" });
    const path = api.slice("/api".length);
    const { text } = await (await buildBrowserSession(manager)).browser.open(path);
    expect(text).toContain("<del>before</del>");
    expect(text).toContain("<ins>after</ins>");
    expect(text).toContain(`<ins>${project.name}</ins>`);
    const seen = await (await buildBrowserSession(member)).browser.open(path);
    expect(seen.status).toBe(200);
    expect(seen.text).not.toContain("<h2>History</h2>");
  });
});

describe("the subjects of a session", () => {
  test("are on its page, and their pages lead to all their sessions, procedures and logs", async () => {
    const user = await buildUser();
    const open = await buildProject({ isPublic: true, users: { owner: [user] } });
    const closed = await buildProject();
    const [seen, hidden] = [
      await buildSubject({ projects: [open], name: unique("Rat <b>") }),
      await buildSubject({ projects: [closed] }),
    ];
    const row = sessionRow({
      projects: [open.id],
      behaviors: [crypto.randomUUID(), crypto.randomUUID()],
      subjects: [hidden.id, seen.id],
    });
    await writeSessions([row]);
    const { binding, cost } = countedDatabase();
    const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
    const { text } = await browser.open(`/private/stem/session/${row.id}/`);
    expect(cost.roundTrips).toBe(1);
    const link = `href="/private/stem/subject/${seen.id}/"`;
    expect(text.split(link)).toHaveLength(2);
    expect(text).toContain("Rat &lt;b&gt;");
    expect(text).toContain("one that you may not see");
    expect(text).not.toContain(hidden.name);
    const visited = await newBrowser().open(`/public/stem/session/${row.id}/`);
    expect(visited.text).toContain(`href="/public/stem/subject/${seen.id}/"`);
    expect(visited.text).not.toContain("one that you may not see");
    const page = await browser.open(`/private/stem/subject/${seen.id}/`);
    for (const [list, field] of [
      ["stem/session", "subjects"],
      ["stem/cohort", "subjects"],
      ["modules/procedure", "subject"],
      ["modules/subjectlog", "subject"],
    ]) {
      expect(page.text).toContain(`href="/private/${list}/?filter{${field}}=${seen.id}"`);
    }
    const list = await browser.open(`/private/stem/session/?filter{subjects}=${seen.id}`);
    expect(list.text).toContain(row.name);
  });
});

describe("the cost of the page of a session", () => {
  test("does not grow with the sessions of its projects", async () => {
    const user = await buildUser();
    const project = await buildProject({ users: { owner: [user] } });
    const day = (row: number) => new Date(Date.UTC(2020, 0, 1, 0, row)).toISOString().slice(0, 19);
    const rows = Array.from({ length: 2_000 }, (_, row) =>
      sessionRow({ projects: [project.id], dateTime: day(row) }),
    );
    await writeSessions(rows);
    const { binding, cost } = countedDatabase();
    const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
    for (const [path, most] of [
      ["", 250],
      ["edit/", 250],
    ] as const) {
      cost.rowsRead = 0;
      const { status } = await browser.open(`/private/stem/session/${rows[1_000]?.id}/${path}`);
      expect(status).toBe(200);
      expect(cost.rowsRead).toBeLessThan(most);
    }
  });
});

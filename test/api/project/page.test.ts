import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { MOST_COUNTED } from "../../../src/models/project-overview.ts";
import { type Browser, buildBrowserSession, newBrowser } from "../../support/browser.ts";
import {
  buildDataStorage,
  buildGroup,
  buildHeldGroup,
  buildListOfProject,
  buildProject,
  buildSession,
  buildSubject,
  buildUser,
  type Grants,
  type Sharing,
} from "../../support/builders.ts";
import { ORIGIN } from "../../support/client.ts";
import { countedDatabase } from "../../support/d1-binding.ts";

/** A user in a browser, and a project that is shared with the user at a level. */
async function buildShared(level: keyof Grants, sharing: Sharing = {}) {
  const user = await buildUser();
  const project = await buildProject({ ...sharing, users: { ...sharing.users, [level]: [user] } });
  const { browser } = await buildBrowserSession(user);
  return { user, project, browser, path: `/private/stem/project/${project.id}/` };
}

/** Sessions of a project on these days. */
async function buildDated(project: { readonly id: string }, days: readonly string[]) {
  for (const day of days) {
    const { id } = await buildSession({ projects: [project] });
    await env.DB.prepare("UPDATE sessions SET date_time = ? WHERE id = ?")
      .bind(`${day}T10:00:00`, id)
      .run();
  }
}

/** The rows of the table of the plot: the texts of their cells, and the links in them. */
function numbersOn(page: string) {
  const table = /<table class="numbers">.*?<\/table>/s.exec(page)?.[0] ?? "";
  return [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) => ({
    cells: [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) =>
      cell.replace(/<[^>]+>/g, ""),
    ),
    links: [...row.matchAll(/href="([^"]+)"/g)].map(([, link = ""]) =>
      link.replaceAll("&amp;", "&"),
    ),
  }));
}

/** The row of the people that has this text, without its markup. */
const rowOf = (page: string, name: string) =>
  [...page.matchAll(/<li>(.*?)<\/li>/gs)].map(([row]) => row).find((row) => row.includes(name));

describe("the page of a project", () => {
  test("shows what the API shows, in one round trip, to whoever may see it", async () => {
    const { user, project, path } = await buildShared("contributor", { name: "Maze <b>" });
    await buildDated(project, ["2023-03-01"]);
    await user.client.patch(`/api${path}`, {
      description: "A <script>alert(1)</script> maze",
      tags: ["replay"],
      extra_fields: { grant: "R01" },
    });
    const { binding, cost } = countedDatabase();
    const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
    const { status, text } = await browser.open(path);
    expect(status).toBe(200);
    expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
    for (const shown of [
      "<h1>Maze &lt;b&gt;</h1>",
      "A &lt;script&gt;alert(1)&lt;/script&gt; maze",
      "replay",
      "R01",
      user.email,
      "Private project",
      `href="${path}edit/"`,
    ]) {
      expect(text).toContain(shown);
    }
    expect(text).not.toContain(`href="${path}delete/"`);
    expect(text).not.toContain(`href="${path}history/"`);
  });

  test("counts its sessions, subjects, collections and cohorts, and leads to them", async () => {
    const { project, path, user } = await buildShared("contributor", { isPublic: true });
    await buildDated(project, ["2023-03-01"]);
    for (const _ of ["one", "two"]) await buildSubject({ projects: [project] });
    await buildListOfProject("collections", project);
    const { binding, cost } = countedDatabase();
    const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
    const { text } = await browser.open(path);
    expect(cost.roundTrips).toBe(1);
    const lists = (page: string) =>
      [
        ...page.matchAll(/<a class="row-main" href="([^"]+)">([^<]+)<span class="quiet"> (\d+)</g),
      ].map(([, href = "", label = "", count]) => [href, label, count]);
    const expected = (portal: string) =>
      [
        ["session", "projects", "Sessions", "1"],
        ["subject", "projects", "Subjects", "2"],
        ["collection", "project", "Collections", "1"],
        ["cohort", "project", "Cohorts", "0"],
      ].map(([model, field, label, count]) => [
        `/${portal}/stem/${model}/?filter{${field}}=${project.id}`,
        label,
        count,
      ]);
    expect(lists(text).toSorted()).toEqual(expected("private").toSorted());
    expect(text).toContain(`href="/private/stem/subject/new/?projects=${project.id}"`);
    const visited = await newBrowser().open(path.replace("private", "public"));
    expect(lists(visited.text).toSorted()).toEqual(expected("public").toSorted());
    expect(visited.text).not.toContain("/new/");
  });

  test("is refused in the words of the API", async () => {
    const { browser } = await buildShared("member");
    const hidden = await buildProject();
    const page = await browser.open(`/private/stem/project/${hidden.id}/`);
    expect([page.status, page.text.includes("view_project")]).toEqual([403, true]);
    for (const id of [hidden.id, crypto.randomUUID(), "nothing"]) {
      expect((await newBrowser().open(`/public/stem/project/${id}/`)).status).toBe(404);
    }
    expect((await browser.open(`/private/stem/project/${crypto.randomUUID()}/`)).status).toBe(404);
  });

  test("shows nothing private to the public, and describes the project to search engines", async () => {
    const owner = await buildUser();
    const project = await buildProject({ isPublic: true, users: { owner: [owner] } });
    const secret = await buildDataStorage({ name: "Secret storage" });
    const { id } = await buildSession({ projects: [project], dataStorages: [secret] });
    await env.DB.prepare("UPDATE sessions SET date_time = '2023-01-01T00:00:00' WHERE id = ?")
      .bind(id)
      .run();
    const name = "Open </script><script>alert(1)</script>";
    await owner.client.patch(`/api/private/stem/project/${project.id}/`, { name });
    const { text } = await newBrowser().open(`/public/stem/project/${project.id}/?by=storage`);
    for (const hidden of [owner.email, "Secret storage", "People", "edit/", "<script>alert"]) {
      expect(text).not.toContain(hidden);
    }
    const [, json = ""] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text) ?? [];
    expect(JSON.parse(json)).toMatchObject({
      "@type": "Dataset",
      name,
      url: `${ORIGIN}/public/stem/project/${project.id}/`,
    });
    expect(text).toMatch(/<meta name="description" content="[^"]+"/);
  });

  test("stays small, however long the texts and the lists are", async () => {
    const { user, project, browser, path } = await buildShared("owner");
    const group = await buildGroup([]);
    await env.DB.batch(
      Array.from({ length: 300 }, (_, index) => [
        env.DB.prepare("INSERT INTO users (id, email) VALUES (?1, ?1 || '@lab.example')").bind(
          crypto.randomUUID(),
        ),
        env.DB.prepare(
          "INSERT INTO project_users SELECT ?, id, 1 FROM users ORDER BY rowid DESC LIMIT 1",
        ).bind(project.id),
        index,
      ])
        .flat()
        .filter((each) => typeof each !== "number"),
    );
    const extra = Array.from({ length: 200 }, (_, index) => [`key_${index}`, "x".repeat(3_000)]);
    await user.client.patch(`/api${path}`, {
      description: "word ".repeat(19_000),
      extra_fields: Object.fromEntries(extra),
      groups: { [group.name]: {} },
    });
    await buildDated(
      project,
      Array.from(
        { length: 60 },
        (_, month) =>
          `${2019 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-05`,
      ),
    );
    const { text } = await browser.open(path);
    expect(text.length).toBeLessThan(100_000);
    expect(text).toContain(">All 301</a>");
    expect((await browser.open(`${path}?people=all`)).text.split("Level of ").length).toBe(303);
    expect((await browser.open(`${path}?description=all`)).text.length).toBeGreaterThan(95_000);
  });
});

describe("the sessions over time", () => {
  test("are counted by month, and each number leads to the sessions that it counts", async () => {
    const { user, project, browser, path } = await buildShared("member");
    const other = await buildProject({ users: { member: [user] } });
    await buildDated(project, ["2022-12-31", "2023-01-01", "2023-01-31", "2023-03-15"]);
    await buildDated(other, ["2023-01-05"]);
    await buildSession({ projects: [project] });
    const { text } = await browser.open(path);
    const [head, ...rows] = numbersOn(text);
    expect(head?.cells).toEqual(["Month", "Sessions"]);
    expect(rows.map(({ cells }) => cells)).toEqual([
      ["December 2022", "1"],
      ["January 2023", "2"],
      ["March 2023", "1"],
    ]);
    const drawn = [...text.matchAll(/<a href="[^"]+" tabindex="-1"><title>([^<]+)/g)];
    expect(drawn.map(([, title]) => title)).toEqual([
      "December 2022: 1 session",
      "January 2023: 2 sessions",
      "March 2023: 1 session",
    ]);
    for (const { cells, links } of rows) {
      const { body } = await user.client.get(`/api${links[0]}`);
      expect(String(body.count)).toBe(cells[1]);
    }
    const [, undated = ""] = /href="([^"]+)">1 session without a date/.exec(text) ?? [];
    expect((await user.client.get(`/api${undated.replaceAll("&amp;", "&")}`)).body.count).toBe(1);
  });

  test.each([
    ["storage", "storages"],
    ["tag", "tags"],
  ])("are counted by %s, of those that one may see", async (by) => {
    const user = await buildUser();
    const users = { contributor: [user] };
    const project = await buildProject({ users });
    const [near, far] = [
      await buildDataStorage({ users, name: `near ${by}` }),
      await buildDataStorage({ users, name: `far ${by}` }),
    ];
    const hidden = await buildDataStorage();
    const made = async (storages: readonly { readonly id: string }[], tags: readonly string[]) => {
      const { id } = await buildSession({ projects: [project], dataStorages: storages });
      await user.client.patch(`/api/private/stem/session/${id}/`, {
        date_time: "2023-05-05T10:00:00Z",
        tags,
      });
    };
    await made([near, far], ["a & b", "c"]);
    await made([near, hidden], ["a & b"]);
    const { browser } = await buildBrowserSession(user);
    const { text } = await browser.open(`/private/stem/project/${project.id}/?by=${by}`);
    const [head, row] = numbersOn(text);
    expect(head?.cells).toEqual(
      by === "tag" ? ["Month", "a &amp; b", "c"] : ["Month", `near ${by}`, `far ${by}`],
    );
    expect(row?.cells).toEqual(["May 2023", "2", "1"]);
    const counts = await Promise.all(
      (row?.links ?? []).map(async (link) => (await user.client.get(`/api${link}`)).body.count),
    );
    expect(counts).toEqual([2, 1]);
    expect(text).not.toContain(hidden.name);
  });

  test("are counted by year where the months would be too many, and never draw more than fit", async () => {
    const { project, browser, path } = await buildShared("member");
    await buildDated(project, ["2010-05-05", "2023-01-31", "2023-03-15"]);
    const rows = numbersOn((await browser.open(path)).text);
    expect(rows.map(({ cells }) => cells)).toEqual([
      ["Year", "Sessions"],
      ["2010", "1"],
      ["2023", "2"],
    ]);
    expect(rows[1]?.links[0]).toContain("filter{date_time.gte}=2010-01-01");
    await buildDated(project, ["0003-05-05", "9999-12-31"]);
    const { text } = await browser.open(path);
    expect(numbersOn(text).map(({ cells }) => cells)).toEqual([
      ["Year", "Sessions"],
      ["9999", "1"],
    ]);
    expect(text).toContain("Not shown: 4 sessions from before.");
  });

  test("read no more rows than their bound, a year at a time", async () => {
    const { user, project, path } = await buildShared("member");
    await env.DB.batch([
      env.DB.prepare("INSERT INTO project_sets (project_ids) VALUES (?)").bind(
        JSON.stringify([project.id]),
      ),
      env.DB.prepare(
        `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 45000)
         INSERT INTO sessions (id, name, name_folded, date_time, project_set_id)
         SELECT printf('%08x-0000-4000-8000-%012x', n, n), 'many ' || n, 'many ' || n,
           printf('%04d-06-15T10:00:00', 2020 + n % 3),
           (SELECT id FROM project_sets WHERE project_ids = ?) FROM numbers`,
      ).bind(JSON.stringify([project.id])),
    ]);
    const { binding, cost } = countedDatabase();
    const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
    const { text } = await browser.open(path);
    expect(numbersOn(text).map(({ cells }) => cells)).toEqual([
      ["Month", "Sessions"],
      ["June 2022", "15,000"],
    ]);
    expect(text).toContain("one year is counted at a time");
    expect(text).toContain('year=2021#sessions-over-time">2021</a>');
    // D1 counts a row of a temporary table, too, and each session is in two of them.
    expect(cost.rowsRead).toBeLessThan(3 * MOST_COUNTED.sessions + 1_000);
  });
});

describe("the people of a project", () => {
  const change = (browser: Browser, path: string, fields: Record<string, string>) =>
    browser.submit(path, fields);

  test("are added, changed and removed by a manager, as the API does", async () => {
    const { user, project, browser, path } = await buildShared("manager");
    const colleague = await buildUser();
    const lab = await buildHeldGroup({ owner: [user] });
    await browser.open(path);
    const add = { action: "add-member", kind: "users", level: "member" };
    const added = await change(browser, path, { ...add, key: ` ${colleague.email.toUpperCase()}` });
    expect(added).toMatchObject({ status: 303, location: `${path}?done=added` });
    await change(browser, path, { ...add, kind: "groups", key: lab.name, level: "contributor" });
    const page = (await browser.open(path)).text;
    expect(rowOf(page, `value="${colleague.email}"`)).toContain('value="member" selected');
    expect(rowOf(page, `value="${lab.name}"`)).toContain('value="contributor" selected');
    const set = { action: "set-member", kind: "users", key: colleague.email };
    await change(browser, path, { ...set, level: "contributor" });
    const { body } = await user.client.get(`/api/private/stem/project/${project.id}/`);
    expect(body.project.users[colleague.email].can_change).toBe(true);
    await change(browser, path, { ...set, action: "remove-member" });
    expect((await browser.open(path)).text).not.toContain(colleague.email);
  });

  test("are refused in the words of the API, with what was typed", async () => {
    const { browser, path, user } = await buildShared("manager");
    await browser.open(path);
    const add = { action: "add-member", kind: "users", key: "nobody@lab.example" };
    const unknown = await change(browser, path, { ...add, level: "contributor" });
    expect(unknown.status).toBe(400);
    expect(unknown.text).toContain("No user has the email &quot;nobody@lab.example&quot;.");
    expect(unknown.text).toContain('value="nobody@lab.example"');
    expect(unknown.text).toContain('<option value="contributor" selected="">');
    const denied = await change(browser, path, {
      action: "set-member",
      kind: "users",
      key: user.email,
      level: "owner",
    });
    expect([denied.status, denied.text.includes("own_project")]).toEqual([403, true]);
    expect((await change(browser, path, { action: "something" })).status).toBe(400);
  });

  test("keep an owner", async () => {
    const { browser, path, user } = await buildShared("owner");
    await browser.open(path);
    const { status, text } = await change(browser, path, {
      action: "remove-member",
      kind: "users",
      key: user.email,
    });
    expect(status).toBe(400);
    expect(text).toContain("The last owner cannot be removed or lowered");
  });

  test("who leave see the list of projects next", async () => {
    const { browser, path, user } = await buildShared("owner");
    const other = await buildUser();
    await browser.open(path);
    const owners = { kind: "users", level: "owner" };
    await change(browser, path, { ...owners, action: "add-member", key: other.email });
    const left = await change(browser, path, {
      ...owners,
      action: "remove-member",
      key: user.email,
    });
    expect(left).toMatchObject({ status: 303, location: "/private/stem/project/" });
    expect((await browser.open(path)).status).toBe(403);
  });

  test.each(["member", "contributor"] as const)("are only shown to a %s", async (level) => {
    const { browser, path, user } = await buildShared(level);
    const { text } = await browser.open(path);
    expect(rowOf(text, user.email)).toContain(`<span class="pill">${level}</span>`);
    expect(text).not.toContain("add-member");
    const { email } = await buildUser();
    const { status } = await change(browser, path, {
      action: "add-member",
      kind: "users",
      key: email,
      level: "member",
    });
    expect(status).toBe(403);
  });
});

describe("publishing", () => {
  test("asks an owner first, and says what becomes visible", async () => {
    const { browser, path, project } = await buildShared("owner", { name: "Sleep" });
    await buildDated(project, ["2023-03-01", "2023-03-02"]);
    expect((await browser.open(path)).text).toContain(`href="${path}?confirm=publish"`);
    const question = await browser.open(`${path}?confirm=publish`);
    expect(question.text).toContain("Publish “Sleep”?");
    expect(question.text).toContain("its 2 sessions");
    const done = await browser.submit(path, { action: "publish" });
    expect(done.location).toBe(`${path}?done=published`);
    const shared = `/public/stem/project/${project.id}/`;
    expect((await newBrowser().open(shared)).status).toBe(200);
    await browser.open(`${path}?confirm=unpublish`);
    await browser.submit(path, { action: "unpublish" });
    expect((await newBrowser().open(shared)).status).toBe(404);
  });

  test("is for owners", async () => {
    const { browser, path } = await buildShared("manager");
    const { text } = await browser.open(`${path}?confirm=publish`);
    expect(text).not.toContain("confirm=publish");
    expect(text).not.toContain('value="publish"');
    const refused = await browser.submit(path, { action: "publish" });
    expect([refused.status, refused.text.includes("own_project")]).toEqual([403, true]);
  });
});

describe("the history of a project", () => {
  test("has every change of everything in it, for its managers", async () => {
    const { user, project, browser, path } = await buildShared("manager");
    const sessions = "/api/private/stem/session/";
    const made = await user.client.post(sessions, { name: "H <i>1", projects: [project.id] });
    const address = `${sessions}${made.body.session.id}/`;
    await user.client.patch(address, { description: "now <b>described</b>" });
    await user.client.patch(`/api${path}`, { tags: ["new"] });
    const { text, status } = await browser.open(`${path}history/`);
    expect(status).toBe(200);
    const entries = [...text.matchAll(/<strong>[^<]*<\/strong> (\w+ the [^<]+)/g)];
    expect(entries.map(([, words]) => words?.trim())).toEqual([
      "changed the project",
      "changed the session",
      "added the session",
    ]);
    expect(text).toContain("now &lt;b&gt;described&lt;/b&gt;");
    expect(text).toContain(
      `href="/private/stem/session/${made.body.session.id}/">H &lt;i&gt;1</a>`,
    );
    await user.client.delete(address);
    expect((await browser.open(`${path}history/`)).text).toContain("<strong>H &lt;i&gt;1</strong>");
  });

  test("goes on page by page, from the newest back", async () => {
    const { user, project, browser, path } = await buildShared("manager");
    for (let count = 0; count < 30; count += 1) {
      await user.client.patch(`/api${path}`, { description: `version ${count}` });
    }
    const first = await browser.open(`${path}history/`);
    const [, next = ""] = /href="([^"]+before=\d+)"/.exec(first.text) ?? [];
    const second = await browser.open(next);
    const count = (text: string) => text.split("changed</strong>").length;
    expect(count(first.text)).toBe(1);
    expect(
      [first, second].map(({ text }) => text.split(" changed the project").length - 1),
    ).toEqual([25, 5]);
    expect(second.text).not.toContain(">Earlier<");
    expect(project.id).toBeDefined();
  });

  test("is refused to whoever does not manage it, in the words of the API", async () => {
    const { browser, path } = await buildShared("contributor");
    const page = await browser.open(`${path}history/`);
    expect([page.status, page.text.includes("manage_project")]).toEqual([403, true]);
  });
});

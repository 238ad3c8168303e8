import { describe, expect, test } from "vitest";
import { type Browser, buildBrowserSession } from "../../support/browser.ts";
import { buildDataStorage, buildProject, buildUser, unique } from "../../support/builders.ts";
import { countedDatabase } from "../../support/d1-binding.ts";
import { hiddenOf } from "../../support/page-forms.ts";

const IMPORT = "/private/stem/session/import/";
const LIST = "/api/private/stem/session/";

async function lab() {
  const user = await buildUser();
  const project = await buildProject({ users: { contributor: [user] } });
  const { binding, cost } = countedDatabase();
  const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
  const opened = await browser.open(IMPORT);
  const check = (file: string, more: Readonly<Record<string, string>> = {}) =>
    browser.submit(IMPORT, { file, project: project.id, form_do: "check", ...more });
  const count = async () => (await user.client.get(LIST)).body.count;
  return { user, project, browser, opened, check, count, cost };
}

const press = (browser: Browser, text: string, button: string) => {
  const form = hiddenOf(text);
  form.set("form_do", button);
  return browser.submit(IMPORT, {}, undefined, form);
};

/** The rows of the preview, as the texts of their cells. */
const rowsOf = (text: string) =>
  [...text.matchAll(/<tr><th scope="row">([\s\S]*?)<\/tr>/g)].map(([, row = ""]) =>
    row.split(/<\/t[hd]>/).map((cell) => cell.replace(/<[^>]*>/g, "|").replace(/\|+/g, "|")),
  );

describe(IMPORT, () => {
  test("gives a template with the columns that a session has", async () => {
    const { browser, opened, project } = await lab();
    expect(opened.text).toContain(project.name);
    const { headers, text } = await browser.open(`${IMPORT}?template`);
    expect(headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    expect(text).toBe(
      "name,description,projects,date_time,datastorage,extra_fields,download_links,tags\r\n",
    );
  });

  test("shows every row as it will be, writes nothing before one says so, and then all rows", async () => {
    const { user, project, browser, check, count, cost } = await lab();
    const storage = await buildDataStorage({ users: { contributor: [user] } });
    const [first, second] = [unique("session"), unique("session")];
    const file = `name,description,date_time,datastorage,tags,extra_fields\n ${first} ,"two\nlines",2023-03-22T15:30,${storage.id},a; b,"{""n"": 1}"\n${second},<b>,,,,\n`;
    const preview = await check(file);
    expect(preview.status).toBe(200);
    expect(rowsOf(preview.text).map(([place, name]) => [place, name])).toEqual([
      ["line 2", `|${first}`],
      ["line 4", `|${second}`],
    ]);
    expect(preview.text).toContain("&lt;b&gt;");
    for (const { id, name } of [project, storage]) {
      expect(preview.text).toContain(`<td>${name}</td>`);
      expect(preview.text).not.toContain(`<td>${id}</td>`);
    }
    expect(await count()).toBe(0);
    cost.roundTrips = 0;
    const done = await press(browser, preview.text, "write");
    expect(done.text).toContain("2 sessions are imported");
    expect(cost.roundTrips).toBe(2);
    const { body } = await user.client.get(LIST);
    expect(body.sessions).toMatchObject([
      {
        name: first,
        description: "two\nlines",
        projects: [project.id],
        date_time: "2023-03-22T15:30:00Z",
        datastorage: [storage.id],
        tags: ["a", "b"],
        extra_fields: { n: 1 },
      },
      { name: second, description: "<b>" },
    ]);
  });

  test("shows all errors by cell, and writes none of the rows", async () => {
    const { user, browser, check, count } = await lab();
    const foreign = await buildProject();
    const readOnly = await buildDataStorage({ users: { member: [user] } });
    const name = unique("session");
    const nowhere = crypto.randomUUID();
    const file = [
      "name,date_time,projects,datastorage,extra_fields",
      `${name},2023-02-30T00:00,${foreign.id},${readOnly.id},`,
      `${name},,,${nowhere},"{""1"": 2}"`,
      "fine,,,,",
    ].join("\n");
    const preview = await check(file);
    expect(preview.status).toBe(400);
    const [first = [], second = [], ...more] = rowsOf(preview.text);
    expect(more).toEqual([]);
    expect(first.join()).toContain("Datetime has wrong format or does not exist.");
    expect(first.join()).toContain(`you need change_project on project ${foreign.id}`);
    expect(first.join()).toContain(`you need change_datastorage on data storage ${readOnly.id}`);
    expect(second[1]).toContain("This name is that of line 2 too.");
    expect(second.join()).toContain(`Invalid pk &quot;${nowhere}&quot; - object does not exist.`);
    expect(second.join()).toContain("keys start with a letter");
    expect(rowsOf((await press(browser, preview.text, "page.1")).text)).toHaveLength(3);
    const forced = await press(browser, preview.text, "write");
    expect(forced.status).toBe(400);
    expect(await count()).toBe(0);
  });

  test("is refused as a whole, in words", async () => {
    const { user, check, count } = await lab();
    const readOnly = await buildProject({ users: { member: [user] } });
    for (const [file, more, words] of [
      ["nmae\nx\n", {}, "The file has unknown columns: nmae."],
      ['name\n"x', {}, "The file is not CSV"],
      ["", {}, "Choose a file that has rows."],
      ["name\nx\n", { project: "" }, "Choose the project"],
      ["name\nx\n", { project: readOnly.id }, `change_project on project ${readOnly.id}`],
      ["name\nx\n", { project: crypto.randomUUID() }, "No project has the id"],
      [`name\n${"x\n".repeat(10_001)}`, {}, "one import takes at most 10000"],
    ] as const) {
      const answer = await check(file, more);
      expect([400, 403]).toContain(answer.status);
      expect(answer.text).toContain(words);
    }
    expect(await count()).toBe(0);
  });

  test("leaves out what clients cannot write, as the API does", async () => {
    const { user, browser, check } = await lab();
    const preview = await check("name,id,name_used_in_storage\nx,not-an-id,other\n");
    await press(browser, preview.text, "write");
    const { body } = await user.client.get(LIST);
    expect(body.sessions[0]).toMatchObject({ name: "x", name_used_in_storage: "" });
  });

  test("writes 10,000 rows in one transaction", { timeout: 60_000 }, async () => {
    const { browser, check, count, cost } = await lab();
    const rows = Array.from(
      { length: 10_000 },
      (_, row) => `bulk-${row},${"A description of a session. ".repeat(5)},pilot; CA1`,
    );
    const preview = await check(`name,description,tags\n${rows.join("\n")}\n`);
    expect(preview.text).toContain("10000 sessions are ready");
    expect(rowsOf(preview.text)).toHaveLength(50);
    cost.roundTrips = 0;
    const done = await press(browser, preview.text, "write");
    expect(done.text).toContain("10000 sessions are imported");
    expect(cost.roundTrips).toBe(2);
    expect(await count()).toBe(10_000);
  });
});

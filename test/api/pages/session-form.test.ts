import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { type Browser, buildBrowserSession, SESSION_COOKIE } from "../../support/browser.ts";
import { buildDataStorage, buildProject, buildUser, unique } from "../../support/builders.ts";

const NEW = "/private/stem/session/new/";

/** What a form of a page would send: its hidden and typed values, by the names of its parameters. */
export function valuesOf(text: string): URLSearchParams {
  const form = /<form[^>]*data-record-form[^]*?<\/form>/.exec(text)?.[0] ?? "";
  const values = new URLSearchParams();
  for (const [tag, name] of form.matchAll(
    /<(?:input|textarea|select)[^>]*? name="([^"]+)"[^>]*>/g,
  )) {
    if (tag === undefined || name === undefined) continue;
    const at = form.indexOf(tag);
    if (tag.startsWith("<textarea")) {
      values.append(
        name,
        unescaped(form.slice(at + tag.length, form.indexOf("</textarea>", at)).replace(/^\n/, "")),
      );
    } else if (tag.startsWith("<select")) {
      const inside = form.slice(at, form.indexOf("</select>", at));
      values.append(name, unescaped(/<option value="([^"]*)" selected/.exec(inside)?.[1] ?? ""));
    } else if (!/type="checkbox"/.test(tag) || /checked/.test(tag)) {
      values.append(name, unescaped(/ value="([^"]*)"/.exec(tag)?.[1] ?? ""));
    }
  }
  return values;
}

const unescaped = (text: string) =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

const savedAt = (location = "") =>
  /^\/private\/stem\/session\/([0-9a-f-]{36})\/\?saved$/.exec(location)?.[1];

async function lab() {
  const user = await buildUser();
  const project = await buildProject({ users: { contributor: [user] } });
  const storages = await Promise.all(
    [1, 2, 3].map(() => buildDataStorage({ users: { contributor: [user] } })),
  );
  const { browser, secret } = await buildBrowserSession(user);
  return { user, project, storages, browser, secret };
}

async function addSession(
  browser: Browser,
  project: { id: string },
  more: Record<string, string> = {},
) {
  await browser.open(NEW);
  const name = unique("session");
  const { location } = await browser.submit(NEW, {
    name,
    projects: project.id,
    form_do: "save",
    ...more,
  });
  return { name, id: savedAt(location) ?? "" };
}

describe("the form of a new session", () => {
  test("makes a session as the API does", async () => {
    const { user, project, browser } = await lab();
    const shown = await browser.open(`${NEW}?projects=${project.id}`);
    expect(shown.status).toBe(200);
    expect(shown.text).toContain(project.name);
    const form = valuesOf(shown.text);
    form.set("name", "  A & B <script>alert(1)</script> ");
    form.set("description", "one\r\ntwo");
    form.set("date_time", "2023-03-22T15:30");
    form.append("extra_fields.key", "depth_um");
    form.append("extra_fields.value", "1200");
    form.append("extra_fields.as", "");
    form.append("tags.add", "pilot, CA1");
    form.set("form_do", "save");
    const saved = await browser.submit(NEW, Object.fromEntries([]), undefined, form);
    expect(saved).toMatchObject({ status: 303 });
    const { body } = await user.client.get(`/api/private/stem/session/${savedAt(saved.location)}/`);
    expect(body.session).toMatchObject({
      name: "A & B <script>alert(1)</script>",
      description: "one\ntwo",
      projects: [project.id],
      date_time: "2023-03-22T15:30:00Z",
      extra_fields: { depth_um: 1200 },
      tags: ["pilot", "CA1"],
    });
    const page = await browser.open(saved.location ?? "");
    expect(page.status).toBe(200);
    expect(page.text).not.toContain("<script>alert");
    expect(env.DB).toBeDefined();
    expect(SESSION_COOKIE).toBeDefined();
  });

  test("shows the errors of the API beside the fields, and keeps what was typed", async () => {
    const { project, browser } = await lab();
    const { name } = await addSession(browser, project);
    const answer = await browser.submit(NEW, {
      name,
      description: "kept",
      projects: "",
      "extra_fields.key": "1st",
      "extra_fields.value": "x",
      form_do: "save",
    });
    expect(answer.status).toBe(400);
    for (const words of [
      "session with this name already exists.",
      "This list may not be empty.",
      "keys start with a letter",
      "kept",
      `value="${name}"`,
      'href="#f-name"',
      'aria-invalid="true"',
    ]) {
      expect(answer.text).toContain(words);
    }
  });
});

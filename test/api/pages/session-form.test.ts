import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { type Browser, buildBrowserSession, SESSION_COOKIE } from "../../support/browser.ts";
import {
  buildDataStorage,
  buildProject,
  buildSession,
  buildUser,
  unique,
} from "../../support/builders.ts";
import { brokenDatabase } from "../../support/d1-binding.ts";
import { hiddenOf, valuesOf } from "../../support/page-forms.ts";

const NEW = "/private/stem/session/new/";

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

  test("that is sent twice makes one session", async () => {
    const { user, project, browser } = await lab();
    const form = valuesOf((await browser.open(`${NEW}?projects=${project.id}`)).text);
    form.set("name", unique("session"));
    form.set("form_do", "save");
    const [first, second] = [
      await browser.submit(NEW, {}, undefined, form),
      await browser.submit(NEW, {}, undefined, form),
    ];
    expect(second.status).toBe(409);
    expect(second.text).toContain(`href="/private/stem/session/${savedAt(first?.location)}/"`);
    const { body } = await user.client.get("/api/private/stem/session/");
    expect(body.count).toBe(1);
  });

  test("begins as a copy of another session", async () => {
    const { project, browser } = await lab();
    const { id, name } = await addSession(browser, project, { description: "the same" });
    const form = valuesOf((await browser.open(`${NEW}?from=${id}`)).text);
    expect(Object.fromEntries(form)).toMatchObject({
      name: `${name} (copy)`,
      description: "the same",
      projects: project.id,
    });
  });

  test("refuses what it did not offer, with the words of the API", async () => {
    const { project, browser } = await lab();
    await browser.open(NEW);
    const answer = await browser.submit(NEW, {
      name: unique("session"),
      projects: project.id,
      is_admin: "true",
      form_do: "save",
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("is_admin: Unknown field.");
  });

  test("offers only projects and storages that one may use, and refuses others", async () => {
    const { user, browser } = await lab();
    const readOnly = await buildProject({ name: unique("Read only"), users: { member: [user] } });
    const foreign = await buildProject({ name: unique("Foreign") });
    const { text } = await browser.open(NEW);
    expect(text).not.toContain(readOnly.name);
    expect(text).not.toContain(foreign.name);
    const answer = await browser.submit(NEW, {
      name: unique("session"),
      projects: readOnly.id,
      form_do: "save",
    });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain(`you need change_project on project ${readOnly.id}`);
  });

  test("orders, adds and removes without a script, and writes nothing meanwhile", async () => {
    const { user, project, storages, browser } = await lab();
    const form = valuesOf((await browser.open(`${NEW}?projects=${project.id}`)).text);
    const press = async (button: string) => {
      form.set("form_do", button);
      const shown = await browser.submit(NEW, {}, undefined, form);
      expect(shown.status).toBe(200);
      for (const name of [...form.keys()]) form.delete(name);
      for (const [name, value] of valuesOf(shown.text)) form.append(name, value);
    };
    form.set("name", unique("session"));
    for (const { id } of storages) await press(`datastorage.add.${id}`);
    await press("datastorage.up.2");
    await press("datastorage.remove.0");
    form.set("tags.add", "b, a");
    await press("tags.add");
    await press("tags.remove.0");
    await press("extra_fields.rows");
    expect(form.getAll("extra_fields.key").length).toBeGreaterThan(2);
    expect((await user.client.get("/api/private/stem/session/")).body.count).toBe(0);
    form.set("form_do", "save");
    const { location } = await browser.submit(NEW, {}, undefined, form);
    const { body } = await user.client.get(`/api/private/stem/session/${savedAt(location)}/`);
    expect(body.session).toMatchObject({
      datastorage: [storages[2]?.id, storages[1]?.id],
      tags: ["a"],
    });
  });
});

describe("the form of a record of a session", () => {
  const EPOCH = "/private/stem/epoch/new/";

  test("finds the sessions that one may change by a part of their names", async () => {
    const { user, project, browser } = await lab();
    const mine = await user.client.post("/api/private/stem/session/", {
      name: unique("replay-mine"),
      projects: [project.id],
    });
    const readOnly = await buildProject({ users: { member: [user] } });
    const foreign = await buildSession({ name: unique("replay-theirs"), projects: [readOnly] });
    await browser.open(EPOCH);
    const search = (text: string) =>
      browser.submit(EPOCH, { "session.search": text, form_do: "session.search" });
    const found = await search("EPLAY-mi");
    expect(found.text).toContain(`value="session.add.${mine.body.session.id}"`);
    expect((await search("replay-theirs")).text).not.toContain(foreign.id);
    expect((await search("zz")).text).toContain("Nothing that you may use matches");
  });

  test("offers the records of its session, and no others", async () => {
    const { user, project, browser } = await lab();
    const add = async (name: string) => {
      const { body } = await user.client.post("/api/private/stem/session/", {
        name: unique(name),
        projects: [project.id],
      });
      const acquisition = await user.client.post("/api/private/modules/dataacquisition/", {
        session: body.session.id,
        type: "ExtracellularEphys",
      });
      return { session: body.session.id, id: acquisition.body.data_acquisition.id };
    };
    const [own, other] = [await add("own"), await add("other")];
    const { text } = await browser.open(`${EPOCH}?session=${own.session}`);
    expect(text).toContain(`value="dataacquisition.add.${own.id}"`);
    expect(text).not.toContain(other.id);
  });
});

describe("the form of a session", () => {
  const editOf = (id: string) => `/private/stem/session/${id}/edit/`;

  async function opened(more: Record<string, string> = {}) {
    const made = await lab();
    const { id, name } = await addSession(made.browser, made.project, more);
    const path = editOf(id);
    const form = valuesOf((await made.browser.open(path)).text);
    const api = `/api/private/stem/session/${id}/`;
    const stored = async () => (await made.user.client.get(api)).body.session;
    return { ...made, id, name, path, api, form, stored };
  }

  const send = (browser: Browser, path: string, form: URLSearchParams, button = "save") => {
    form.set("form_do", button);
    return browser.submit(path, {}, undefined, form);
  };

  test("writes what was changed, and nothing when nothing was", async () => {
    const { browser, path, form, stored, user, api } = await opened({ description: "before" });
    const rich = {
      description: "a\r\nb\n",
      extra_fields: { n: 0.1, text: "12", long: "a\nb" },
      tags: ["a, b", " c "],
      date_time: "2023-03-22T15:30:00.123456Z",
    };
    await user.client.patch(api, rich);
    const before = await stored();
    const fresh = valuesOf((await browser.open(path)).text);
    expect((await send(browser, path, fresh)).location).toMatch(/\?unchanged$/);
    fresh.set("description", "after");
    expect((await send(browser, path, fresh)).location).toMatch(/\?saved$/);
    expect(await stored()).toEqual({ ...before, description: "after" });
    expect(form.get("description")).toBe("before");
  });

  test("shows both versions of a field that somebody else has changed, and saves what is chosen", async () => {
    const { browser, path, form, stored, user, api, name } = await opened({ description: "base" });
    await user.client.patch(api, { description: "theirs", tags: ["theirs"] });
    form.set("description", "mine");
    form.set("name", `${name}-mine`);
    const conflict = await send(browser, path, form);
    expect(conflict.status).toBe(412);
    for (const words of ["mine", "theirs", "form_keep.description", "form_keep.tags"]) {
      expect(conflict.text).toContain(words);
    }
    expect(await stored()).toMatchObject({ name, description: "theirs" });
    const kept = hiddenOf(conflict.text);
    kept.set("form_keep.description", "mine");
    kept.set("form_keep.tags", "theirs");
    expect((await send(browser, path, kept)).location).toMatch(/\?saved$/);
    expect(await stored()).toMatchObject({
      name: `${name}-mine`,
      description: "mine",
      tags: ["theirs"],
    });
  });

  test("goes on after a change of other records, and after the same change", async () => {
    const { browser, path, form, stored, user, api, id } = await opened();
    await user.client.post("/api/private/stem/epoch/", { session: id, name: "sleep" });
    await user.client.patch(api, { description: "same" });
    form.set("description", "same");
    form.set("tags.add", "mine");
    expect((await send(browser, path, form)).location).toMatch(/\?saved$/);
    expect(await stored()).toMatchObject({ description: "same", tags: ["mine"] });
  });

  test("takes all of theirs, or goes on with the form", async () => {
    const { browser, path, form, stored, user, api } = await opened();
    await user.client.patch(api, { description: "theirs" });
    form.set("description", "mine");
    const conflict = hiddenOf((await send(browser, path, form)).text);
    conflict.set("form_keep.description", "mine");
    const merged = await send(browser, path, conflict, "merge");
    expect(merged.status).toBe(200);
    expect(valuesOf(merged.text).get("description")).toBe("mine");
    expect((await send(browser, path, conflict, "theirs")).location).toMatch(/\?unchanged$/);
    expect((await stored()).description).toBe("theirs");
  });

  test("keeps what was typed when the sign-in has expired, and goes on after a new one", async () => {
    const { browser, path, form, stored, user, secret } = await opened();
    form.set("description", "typed <b>for hours</b>");
    await env.DB.prepare("UPDATE browser_sessions SET expires_date = '2020-01-01T00:00:00'").run();
    const expired = await send(browser, path, form);
    expect(expired.status).toBe(401);
    browser.cookies.delete(SESSION_COOKIE);
    const signedOut = await browser.submit(path, {}, undefined, hiddenOf(expired.text));
    for (const { status, text } of [expired, signedOut]) {
      expect(status).toBe(401);
      expect(text).toContain("typed &lt;b&gt;for hours&lt;/b&gt;");
      expect(text).toContain("Sign in in another tab");
    }
    const again = await buildBrowserSession(user);
    expect(again.secret).not.toBe(secret);
    browser.cookies.set(SESSION_COOKIE, again.secret);
    const back = await browser.submit(path, {}, undefined, hiddenOf(signedOut.text));
    expect(back.status).toBe(403);
    expect((await stored()).description).toBe("");
    const shown = valuesOf(back.text);
    expect(shown.get("description")).toBe("typed <b>for hours</b>");
    expect((await send(browser, path, shown)).location).toMatch(/\?saved$/);
    expect((await stored()).description).toBe("typed <b>for hours</b>");
  });

  test("gives back what was typed when the database does not answer", async () => {
    const { user, path, form } = await opened();
    const binding = brokenDatabase(new Error("D1_ERROR: the network is away"));
    const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
    browser.cookies.set(SESSION_COOKIE, "0".repeat(64));
    form.set("description", "typed for hours");
    const answer = await send(browser, path, form);
    expect(answer.status).toBe(503);
    expect(answer.text).toContain("Try again");
    expect(hiddenOf(answer.text).get("description")).toBe("typed for hours");
  });

  test("gives back what was typed when there are too many requests", async () => {
    const { user, path, form, stored } = await opened();
    const none: RateLimit = { limit: async () => ({ success: false }) };
    const limits = { RATE_LIMIT_BY_ADDRESS: none, RATE_LIMIT_BY_TOKEN: none };
    const { browser } = await buildBrowserSession(user, { bindings: limits });
    form.set("description", "typed for hours");
    const answer = await send(browser, path, form);
    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([429, "10"]);
    expect(answer.text).toContain("Nothing was saved, and nothing that you typed is lost.");
    expect(hiddenOf(answer.text).get("description")).toBe("typed for hours");
    const forged = await browser.submit(path, {}, { Origin: "https://evil.example" }, form);
    expect(forged.status).toBe(429);
    expect(forged.text).not.toContain("typed for hours");
    expect((await stored()).description).toBe("");
  });

  test("does nothing for a form of another origin, or without the token of the form", async () => {
    const { browser, path, form, stored } = await opened();
    form.set("description", "forged");
    form.set("form_do", "save");
    const foreign = await browser.submit(path, {}, { Origin: "https://evil.example" }, form);
    expect(foreign.status).toBe(403);
    expect(foreign.text).not.toContain("forged");
    form.set("form_token", "0".repeat(64));
    const answer = await browser.submit(path, {}, undefined, form);
    expect(answer.status).toBe(403);
    expect((await stored()).description).toBe("");
  });

  test("is refused to whoever may only read, and is not there for others", async () => {
    const { path, project, id, form } = await opened();
    const reader = await buildUser();
    await env.DB.prepare("INSERT INTO project_users (project_id, user_id, level) VALUES (?, ?, 1)")
      .bind(project.id, reader.id)
      .run();
    const { browser } = await buildBrowserSession(reader);
    const refused = await browser.open(path);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("you need change_project");
    const page = await browser.open(`/private/stem/session/${id}/`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain(path);
    form.set("form_token", /name="form_token" value="(\w+)"/.exec(page.text)?.[1] ?? "");
    form.set("description", "forged");
    const written = await send(browser, path, form);
    expect(written.status).toBe(403);
    expect(written.text).toContain("forged");
    const stranger = await buildBrowserSession(await buildUser());
    expect((await stranger.browser.open(path)).status).toBe(403);
    expect((await stranger.browser.open(editOf(crypto.randomUUID()))).status).toBe(404);
  });

  test("refuses a body of more than 1 MiB and very many rows, and shows them again", async () => {
    const { browser, path, form } = await opened();
    const large = new URLSearchParams(form);
    large.set("description", "x".repeat(1024 * 1024 + 1));
    const tooLarge = await send(browser, path, large);
    expect(tooLarge.status).toBe(413);
    expect(tooLarge.text).toContain("The body is larger than 1048576 bytes.");
    for (let row = 0; row < 300; row += 1) {
      form.append("extra_fields.key", `key_${row}`);
      form.append("extra_fields.value", "1");
      form.append("extra_fields.as", "");
    }
    const many = await send(browser, path, form);
    expect(many.status).toBe(400);
    expect(many.text).toContain("Ensure this field has no more than 200 keys.");
    const most = new URLSearchParams(form);
    for (let row = 0; row < 10_000; row += 1) most.append("extra_fields.key", `more_${row}`);
    const tooMany = await send(browser, path, most);
    expect(tooMany.status).toBe(413);
    expect(tooMany.text).toContain("A form has at most 10000 values.");
    expect(tooMany.text).toContain('value="more_9999"');
    for (let row = 0; row < 10_000; row += 1) most.append("extra_fields.key", `most_${row}`);
    expect((await send(browser, path, most)).text).not.toContain("most_1");
    form.set("description", `typed for hours ${"x".repeat(4 * 1024 * 1024)}`);
    const huge = await send(browser, path, form);
    expect(huge.status).toBe(413);
    expect(huge.text).toContain("A form has at most 3145728 bytes.");
    expect(huge.text).toContain("\ntyped for hours xxx");
  });
});

import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { models } from "../../../src/models/all.ts";
import { listPath } from "../../../src/pages/list-columns.ts";
import { buildBrowserSession, newBrowser } from "../../support/browser.ts";
import {
  type BuiltUser,
  buildDataStorage,
  buildProject,
  buildUser,
} from "../../support/builders.ts";
import { ORIGIN } from "../../support/client.ts";
import { sessionRow, writeSessions } from "../../support/session-rows.ts";

const PUBLIC = "/public/stem/session/";
const PRIVATE = "/private/stem/session/";
const MARKUP = `<script>alert("x")</script> & "quotes" 'it'`;

/** An address of the API answers a browser that prefers HTML with a page. */
const JSON_ALONE = { Accept: "application/json" };

let user: BuiltUser;
let open: { readonly id: string; readonly name: string };
let closed: { readonly id: string; readonly name: string };

beforeAll(async () => {
  user = await buildUser("list-reader@lab.example");
  const member = { member: [user] };
  open = await buildProject({ name: "Open maze", isPublic: true, users: member });
  closed = await buildProject({ name: "Closed sleep", users: member });
  const hidden = await buildProject({ name: "Hidden reward" });
  const storage = await buildDataStorage({ name: "Server one", isPublic: true, users: member });
  await writeSessions([
    sessionRow({
      name: "alpha",
      projects: [open.id, hidden.id],
      dataStorages: [storage.id],
      dateTime: "2023-03-20T15:30:00",
      tags: ["REM", "=cmd"],
      description: "=1+1",
      dataAcquisitions: [crypto.randomUUID()],
    }),
    sessionRow({ name: "beta", projects: [closed.id], dateTime: "2024-01-01T00:00:00" }),
    sessionRow({ name: MARKUP, projects: [open.id], tags: [MARKUP] }),
    ...Array.from({ length: 30 }, (_, n) =>
      sessionRow({ name: `row ${String(n).padStart(2, "0")}`, projects: [open.id] }),
    ),
  ]);
});

/** The names of the records on a page, in their order. */
const namesOn = (text: string) =>
  [...text.matchAll(/<th scope="row"[^>]*><a[^>]*>(.*?)<\/a>/gs)].map(([, name = ""]) =>
    name.replace(/<[^>]+>/g, ""),
  );

/** The text of a piece of a page. */
const textOf = (html: string) =>
  html
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");

const openPublic = (query: string) => newBrowser().open(PUBLIC + query);

const openPrivate = async (query: string) =>
  (await buildBrowserSession(user)).browser.open(PRIVATE + query);

describe("every list", () => {
  const lists = models
    .filter(({ verbs }) => verbs.includes("list"))
    .flatMap((model) => model.portals.map((portal) => [listPath(portal, model), model] as const));

  test.each(lists)("%s shows the records that the API lists there", async (path, model) => {
    const { browser } = await buildBrowserSession(user);
    const page = await browser.open(`${path}?limit=100`);
    expect(page.status).toBe(200);
    const answer = JSON.parse((await browser.open(`/api${path}?limit=100`, JSON_ALONE)).text);
    const links = [...page.text.matchAll(/<th scope="row"[^>]*><a href="([^"]+)"/g)];
    const ids = answer[model.listName].map(({ id }: { id: string }) => `${path}${id}/`);
    expect(links.map(([, link]) => link)).toEqual(ids);
  });

  test.each(lists)("%s takes every column, filter and order that it offers", async (path) => {
    const { browser } = await buildBrowserSession(user);
    const { text } = await browser.open(path);
    const columns = [...text.matchAll(/type="checkbox" name="only\[\]" value="(\w+)"/g)];
    const only = columns.map(([, name]) => `only[]=${name}`).join("&");
    const orders = [...text.matchAll(/<option value="(-?\w+)">[^<]*(?:first|A|Z)</g)];
    expect(columns.length).toBeGreaterThan(0);
    const inputs = [...text.matchAll(/<(?:select|input)[^>]* name="(filter\{[^"]+\})"/g)];
    const filters = inputs.map(([, name = ""]) => {
      const [, options] = text.split(`name="${name}"><option`);
      const choices = (options ?? "").split("</select>")[0] ?? "";
      const isDate = text.includes(`type="date" name="${name}"`);
      const values =
        options === undefined
          ? [isDate ? "2023-01-01" : "1"]
          : [...choices.matchAll(/value="([^"]+)"/g)].map(([, value]) => value ?? "");
      return values.map((value) => `${name}=${value}`);
    });
    // One query takes an order and up to ten filters, so that a few of them have every order and value.
    const queries: string[][] = [[only]];
    const at = (index: number) => {
      queries[index] ??= [];
      return queries[index];
    };
    for (const [index, [, order]] of orders.entries()) at(index).push(`sort[]=${order}`);
    for (const [place, values] of filters.entries()) {
      const first = Math.floor(place / 10);
      for (const [index, one] of values.entries()) at(first + index).push(one);
    }
    for (const query of queries) {
      const address = `${path}?${query.join("&")}`;
      expect((await browser.open(address)).status, address).toBe(200);
    }
  });
});

describe("the list of session data storages", () => {
  const ASSOCIATIONS = "/private/stem/sessiondatastorage/";

  test("shows and downloads names in place of ids, and no name that the viewer may not read", async () => {
    const reader = await buildUser();
    const project = await buildProject({ users: { member: [reader] } });
    const seen = await buildDataStorage({ name: "Seen storage", users: { member: [reader] } });
    const secret = await buildDataStorage({ name: "Secret storage" });
    await writeSessions([
      sessionRow({ name: "stored", projects: [project.id], dataStorages: [seen.id, secret.id] }),
    ]);
    const { browser } = await buildBrowserSession(reader);
    const { text } = await browser.open(ASSOCIATIONS);
    for (const words of [">stored<", ">Seen storage<", "not visible to you"]) {
      expect(text).toContain(words);
    }
    const file = await browser.open(`${ASSOCIATIONS}?format=csv&sort[]=order`);
    const rows = file.text.split("\r\n").map((row) => row.split(",").slice(2));
    expect(rows).toEqual([
      ["session.name", "datastorage", "datastorage.name", "order"],
      ["stored", seen.id, "Seen storage", "0"],
      ["stored", secret.id, "", "1"],
      [],
    ]);
    expect(text + file.text).not.toContain("Secret");
  });
});

describe("the list of sessions", () => {
  test("shows names of related records, and no name that the viewer may not read", async () => {
    const { text } = await openPrivate("?filter{name}=alpha");
    expect(text).toContain(`<a href="/private/stem/project/${open.id}/">`);
    expect(text).toContain("Open maze");
    expect(text).toContain("Server one");
    expect(text).toContain("not visible to you");
    expect(text).not.toContain("Hidden reward");
  });

  test("in the public portal shows nothing that is not public", async () => {
    const { text } = await openPublic("?limit=100");
    expect(namesOn(text)).toContain("alpha");
    expect(namesOn(text)).not.toContain("beta");
    expect(text).not.toMatch(/Closed sleep|Hidden reward|not visible/);
  });

  test("is the same for a visitor who has signed in, but for the name in the header", async () => {
    const { browser } = await buildBrowserSession(user);
    const { text } = await browser.open(`${PUBLIC}?limit=100`);
    expect(text).toContain(user.email);
    expect(text).not.toMatch(/Closed sleep|Hidden reward/);
  });

  test("shows what people typed as text", async () => {
    const { text } = await openPublic(`?filter{name}=${encodeURIComponent(MARKUP)}`);
    expect(text).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp;");
    expect(text).not.toContain("<script>alert");
    expect(namesOn(text)).toHaveLength(1);
  });

  test("leads to the pages that add sessions, in the private portal alone", async () => {
    const links = /href="\/private\/stem\/session\/(?:new|import)\/"/g;
    expect((await openPrivate("")).text.match(links)).toHaveLength(2);
    expect((await openPublic("")).text.match(links)).toBeNull();
  });

  test("counts, and leads to the pages before and after", async () => {
    const first = await openPublic("?filter{name.istartswith}=row&sort[]=-name");
    expect(first.text).toContain("<strong>30 sessions</strong>");
    expect(first.text).toContain("Page 1 of 2");
    expect(first.text).not.toContain('rel="prev"');
    const [, next = ""] = /rel="next" href="([^"]+)"/.exec(first.text) ?? [];
    const second = await newBrowser().open(next.replaceAll("&amp;", "&"));
    expect(namesOn(second.text)).toHaveLength(10);
    expect(namesOn(second.text)[0]).toBe("row 09");
    expect(second.text).not.toContain('rel="next"');
    const [, previous = ""] = /rel="prev" href="([^"]+)"/.exec(second.text) ?? [];
    expect((await newBrowser().open(previous.replaceAll("&amp;", "&"))).text).toBe(first.text);
  });

  test("sorts by the heading of a column, and then the other way", async () => {
    const plain = await openPublic("");
    expect(plain.text).toMatch(/aria-sort="ascending"><a class="sorts" href="[^"]*sort\[\]=-name"/);
    const { text } = await openPublic("?sort[]=-date_time");
    expect(text.match(/aria-sort/g)).toHaveLength(1);
    expect(text).toMatch(/aria-sort="descending"><a class="sorts" href="[^"]*sort\[\]=date_time"/);
    expect(namesOn(text)[0]).toBe("alpha");
  });

  test("shows each filter as a chip that takes it off, and nothing else", async () => {
    const query = `?filter{projects}=${open.id}&filter{date_time.gte}=2023-01-01&filter{dataacquisition.isnull}=false&sort[]=name`;
    const { text } = await openPublic(query);
    const chips = [...text.matchAll(/class="chip" href="([^"]+)"[^>]*><span>([^<]+)</g)];
    expect(chips.map(([, , words]) => words)).toEqual([
      "Projects: Open maze",
      "Date and time from 2023-01-01",
      "With data acquisitions",
    ]);
    expect(chips[0]?.[1]?.replaceAll("&amp;", "&")).toBe(
      `${PUBLIC}?filter{date_time.gte}=2023-01-01&filter{dataacquisition.isnull}=false&sort[]=name`,
    );
    expect(namesOn(text)).toEqual(["alpha"]);
  });

  test("sends its form to an address without empty parameters", async () => {
    const form =
      "?apply=1&filter{name.icontains}=+al+&filter{tags}=&sort[]=&limit=&only[]=name&only[]=tags";
    expect(await openPublic(form)).toMatchObject({
      status: 303,
      location: `${PUBLIC}?filter{name.icontains}=al&only[]=name&only[]=tags`,
    });
  });

  test("keeps a filter that its form has no input for", async () => {
    const { text } = await openPublic(
      "?filter{description.contains}=1&filter{tags}=REM&filter{tags}=x",
    );
    expect(text).toContain('<input type="hidden" name="filter{description.contains}" value="1"/>');
    expect(text).toContain('<input type="hidden" name="filter{tags}" value="x"/>');
  });

  test("shows the columns that are asked for", async () => {
    const { text } = await openPublic("?only[]=description&only[]=tags&filter{name}=alpha");
    const headings = [...text.matchAll(/<th scope="col"[^>]*>(.*?)<\/th>/gs)];
    expect(headings.map(([, heading = ""]) => heading.replace(/<[^>]+>|[↑↓↕]/g, ""))).toEqual([
      "Name",
      "Description",
      "Tags",
    ]);
  });

  test("says in the words of the API what is wrong with an address", async () => {
    const query = "?filter{nmae}=a&limit=1000";
    const page = await openPublic(query);
    const answer = await newBrowser().open(`/api${PUBLIC}${query}`, JSON_ALONE);
    expect(page.status).toBe(400);
    const { detail } = JSON.parse(answer.text);
    const shown = /role="alert">(.*?)<\/div>/s.exec(page.text)?.[1] ?? "";
    for (const sentence of detail.split(/(?<=\.) (?=limit)/)) {
      expect(textOf(shown)).toContain(sentence);
    }
    expect(page.text).toContain('value="" maxlength="200"');
  });

  test.each([
    ["?filter{name}=nothing-like-this", "No sessions match"],
    ["?offset=5000", "This page is past the end of the list"],
  ])("says what to do where it is empty: %s", async (query, words) => {
    expect((await openPublic(query)).text).toContain(words);
  });

  test("has at most 100 KB and one round trip, also with twenty long records", async () => {
    const project = await buildProject({ isPublic: true });
    await writeSessions(
      Array.from({ length: 20 }, (_, n) =>
        sessionRow({
          name: `long ${n}`,
          projects: [project.id],
          description: "å".repeat(5_000),
          tags: Array.from({ length: 30 }, (_each, tag) => `${"t".repeat(90)} ${tag}`),
        }),
      ),
    );
    const { text } = await openPublic(
      `?filter{projects}=${project.id}&only[]=description&only[]=tags`,
    );
    expect(namesOn(text)).toHaveLength(20);
    expect(new TextEncoder().encode(text).length).toBeLessThan(100_000);
    const usual = await openPublic(`?filter{projects}=${project.id}`);
    expect(new TextEncoder().encode(usual.text).length).toBeLessThan(100_000);
  });

  test.each([
    [PUBLIC, false],
    [`${PUBLIC}?offset=20`, false],
    [`${PUBLIC}?filter{tags}=REM`, true],
    [`${PUBLIC}?sort[]=-name`, true],
    [`${PUBLIC}?filter{nmae}=a`, true],
  ])("is for search engines only as a whole: %s", async (address, isHidden) => {
    const { text } = await newBrowser().open(address);
    expect(text.includes('<meta name="robots" content="noindex"/>')).toBe(isHidden);
    expect(text).toContain(`<link rel="canonical" href="${ORIGIN}${PUBLIC}`);
    expect(text).toMatch(/<meta name="description" content="One recording/);
  });

  test("in the private portal is not for search engines", async () => {
    expect((await openPrivate("")).text).toContain('<meta name="robots" content="noindex"/>');
  });

  test("offers a text in place of a select where there are too many projects", async () => {
    const many = await buildUser();
    const rows = JSON.stringify(
      Array.from({ length: 101 }, (_, n) => [crypto.randomUUID(), `many ${n}`]),
    );
    await env.DB.batch([
      env.DB.prepare(
        "INSERT INTO projects (id, name, name_folded) SELECT value ->> 0, value ->> 1, value ->> 1 FROM json_each(?)",
      ).bind(rows),
      env.DB.prepare(
        "INSERT INTO project_users (project_id, user_id, level) SELECT value ->> 0, ?, 1 FROM json_each(?)",
      ).bind(many.id, rows),
    ]);
    const { browser } = await buildBrowserSession(many);
    const { text } = await browser.open(PRIVATE);
    expect(text).toContain('name="filter{projects.name.icontains}"');
    expect(text).not.toContain('<select id="of-filterprojects"');
  });
});

import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { LIMIT } from "../../src/query/parse.ts";
import { buildBrowserSession, newBrowser } from "../support/browser.ts";
import { buildLab, buildProject, buildSession, buildUser, unique } from "../support/builders.ts";
import { clientFor, ORIGIN } from "../support/client.ts";
import { brokenDatabase, countedDatabase } from "../support/d1-binding.ts";

// What a browser sees that opens an address of the API (contract, section 9).

const SESSIONS = "/api/private/stem/session/";
const PUBLIC = "/api/public/stem/session/";

/** What a browser sends when a person opens an address. */
const NAVIGATES = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async function buildReader() {
  const { user, project, storage, client } = await buildLab();
  const { browser } = await buildBrowserSession(user);
  return { user, project, storage, client, browser };
}

/** The text of the JSON that a page shows. */
function jsonOn(page: string): string {
  const [, html = ""] = /<pre class="json" tabindex="0"><code>(.*?)<\/code>/s.exec(page) ?? [];
  return plain(html.replace(/<[^>]+>/g, ""));
}

/** Markup without its character references. */
const plain = (html: string) =>
  html
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

describe("an address of the API", () => {
  test("answers a program as ever, and a browser with the same answer as a page", async () => {
    const { browser, project } = await buildReader();
    await buildSession({ projects: [project], name: unique("view") });
    const address = `${SESSIONS}?filter{projects}=${project.id}&sort[]=-name`;
    const answers = [
      await browser.open(address, { Accept: "application/json" }),
      await browser.open(address, { Accept: "*/*" }),
      await browser.open(address, { Accept: "application/json,text/html;q=0.9" }),
      // Java by itself, and MATLAB on it.
      await browser.open(address, {
        Accept: "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
      }),
    ];
    const page = await browser.open(address, { Accept: NAVIGATES });
    for (const { text, headers } of answers) {
      expect(text).toBe(answers[0]?.text);
      expect(headers.get("Content-Type")).toBe("application/json");
      expect(headers.get("Vary")).toBe("Accept");
    }
    expect(page.status).toBe(200);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      "content-type": "text/html; charset=UTF-8",
      "cache-control": "no-store",
      vary: "Accept",
      "content-security-policy": expect.stringContaining("style-src 'self'; script-src 'self'"),
      "x-request-id": expect.any(String),
    });
    expect(JSON.parse(jsonOn(page.text))).toEqual(JSON.parse(answers[0]?.text ?? ""));
    expect(page.text).toContain(
      `GET</span> <code>${SESSIONS}</code></h1><p class="lead">List sessions. One recording`,
    );
  });

  test("is JSON for a browser that asks for it by format", async () => {
    const { browser } = await buildReader();
    const { text, headers } = await browser.open(`${SESSIONS}?format=json`);
    expect(headers.get("Content-Type")).toBe("application/json");
    expect(JSON.parse(text).sessions).toEqual([]);
  });

  test("costs in the database what the JSON costs", async () => {
    const user = await buildUser();
    const { binding, cost } = countedDatabase();
    const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
    await browser.open(SESSIONS, { Accept: "*/*" });
    const ofJson = { ...cost };
    await browser.open(SESSIONS);
    expect(cost).toEqual({
      roundTrips: 2 * ofJson.roundTrips,
      rowsRead: 2 * ofJson.rowsRead,
      rowsWritten: 0,
    });
    expect(ofJson.roundTrips).toBe(1);
  });

  test("has no entity tag as a page, and shows that of the JSON", async () => {
    const { browser, project } = await buildReader();
    const address = `/api/private/stem/project/${project.id}/`;
    const { headers } = await browser.open(address, { Accept: "*/*" });
    const page = await browser.open(address);
    expect(page.headers.has("ETag")).toBe(false);
    expect(page.text).toContain(`etag: ${headers.get("ETag")?.replaceAll('"', "&quot;")}`);
  });

  test("answers HEAD with the headers of the page", async () => {
    const { user } = await buildReader();
    const { browser } = await buildBrowserSession(user);
    const { status, headers, text } = await browser.open(SESSIONS, {}, "HEAD");
    expect([status, text]).toEqual([200, ""]);
    expect(headers.get("Content-Type")).toBe("text/html; charset=UTF-8");
    expect(headers.get("Vary")).toBe("Accept");
  });

  test("never answers a write with a page", async () => {
    const { client, project } = await buildReader();
    const body = { name: unique("view"), projects: [project.id] };
    const { status, headers } = await client.send("POST", SESSIONS, body, { Accept: NAVIGATES });
    expect([status, headers.get("Content-Type")]).toEqual([201, "application/json"]);
    expect(headers.has("Vary")).toBe(false);
  });
});

describe("the JSON on the page", () => {
  test("has ids and addresses as links, each to its own model", async () => {
    const { browser, client, project, storage } = await buildReader();
    const made = await client.post(SESSIONS, {
      name: unique("view"),
      projects: [project.id],
      datastorage: [storage.id],
      download_links: [{ repository: "Zenodo", url: "https://zenodo.org/record/1?a=b&c=d" }],
      // A text that looks like an id, and one that looks like an address.
      extra_fields: { like_id: project.id, like_link: "javascript:alert(1)" },
    });
    const { id } = made.body.session;
    const { text } = await browser.open(`${SESSIONS}${id}/?include[]=projects`);
    const links = [...text.matchAll(/<a href="([^"]*)"[^>]*>&quot;/g)].map(([, to]) => to);
    expect(links).toEqual([
      `${SESSIONS}${id}/`,
      `/api/private/stem/project/${project.id}/`,
      `/api/private/personal_attributes/datastorage/${storage.id}/`,
      "https://zenodo.org/record/1?a=b&amp;c=d",
    ]);
    const list = await browser.open(`${SESSIONS}?filter{id}=${id}&limit=1&offset=1`);
    expect(list.text).toContain(`<a href="${ORIGIN}/api/private/stem/session/?filter`);
  });

  test("has the cursor as a link to the rows that follow", async () => {
    const { browser, project } = await buildReader();
    for (const name of ["first", "second"]) {
      await buildSession({ name: unique(name), projects: [project] });
    }
    const address = `${SESSIONS}?filter{projects}=${project.id}&limit=1&only[]=name`;
    const { text } = await browser.open(address);
    const [, to = ""] = /cursor&quot;<\/b>: <a href="([^"]*)"/.exec(text) ?? [];
    expect(to).toContain("&amp;limit=1&amp;only[]=name&amp;after=");
    const { sessions } = JSON.parse(jsonOn((await browser.open(plain(to))).text));
    expect(sessions).toMatchObject([{ name: expect.stringContaining("second") }]);
  });

  test("shows what users typed as text", async () => {
    const { browser, client, project } = await buildReader();
    const name = unique(`</code></pre><script>alert(1)</script>"'&`);
    await client.post(SESSIONS, {
      name,
      projects: [project.id],
      tags: ["<img src=x onerror=alert(1)>"],
      extra_fields: { number: 12345678901234.5 },
    });
    const address = `${SESSIONS}?filter{name}=${encodeURIComponent(name)}`;
    const { text } = await browser.open(address);
    expect(text).not.toMatch(/<script(?! src="\/assets\/)|<img src=x/);
    const shown = JSON.parse(jsonOn(text));
    expect(shown).toMatchObject({ count: 1, sessions: [{ name }] });
    expect(jsonOn(text)).toContain("12345678901234.5");
  });

  test("is cut where it is long, with a link to all of it", async () => {
    const { browser, project, client } = await buildReader();
    const description = "long ".repeat(5_000);
    for (let count = 0; count < 3; count += 1) {
      await client.post(SESSIONS, { name: unique("long"), description, projects: [project.id] });
    }
    for (let count = 0; count < LIMIT.most; count += 1) await buildSession({ projects: [project] });
    const { text } = await browser.open(`${SESSIONS}?limit=100&include[]=projects`);
    expect(text.length).toBeLessThan(100_000);
    expect(text).toContain("more characters)");
    expect(text).toContain(
      `<a href="${SESSIONS}?limit=100&amp;include[]=projects&amp;format=json">All of it as JSON</a>`,
    );
  });
});

describe("a refusal", () => {
  test("says how to sign in, and comes back", async () => {
    const page = await newBrowser().open(`${SESSIONS}?sort[]=name`);
    expect(page.status).toBe(401);
    expect(page.headers.get("WWW-Authenticate")).toBe("Bearer");
    expect(page.text).toContain(
      `href="/account/sign-in/?next=${encodeURIComponent(`${SESSIONS}?sort[]=name`)}"`,
    );
    expect(page.text).toContain("Authentication credentials were not provided.");
  });

  test("is a page with the words of the API for every status", async () => {
    const { browser } = await buildReader();
    const hidden = await buildProject();
    const asked: readonly (readonly [string, number, string])[] = [
      [`${SESSIONS}?colour=red`, 400, "Unknown query parameter"],
      [`/api/private/stem/project/${hidden.id}/`, 403, "view_project"],
      [`${SESSIONS}nothing/`, 404, "Not found."],
      ["/api/nowhere", 404, "Not found."],
      ["/api/auth/device/", 405, 'Method "GET"'],
    ];
    for (const [address, status, words] of asked) {
      const page = await browser.open(address);
      expect([address, page.status]).toEqual([address, status]);
      expect(page.headers.get("Content-Type")).toBe("text/html; charset=UTF-8");
      expect(page.headers.get("Vary")).toBe("Accept");
      expect(page.text).toContain(`${status} `);
      expect(JSON.parse(jsonOn(page.text)).detail).toContain(words);
    }
    expect((await browser.open("/api/auth/device/")).headers.get("Allow")).toBe("POST, OPTIONS");
  });

  test("is a page when the limit of requests is met, and when the database fails", async () => {
    const none: RateLimit = { limit: async () => ({ success: false }) };
    const limits = { RATE_LIMIT_BY_ADDRESS: none, RATE_LIMIT_BY_TOKEN: none };
    const limited = await newBrowser({ bindings: limits }).open(PUBLIC);
    expect([limited.status, limited.headers.get("Retry-After")]).toEqual([429, "10"]);
    expect(limited.text).toContain("Too many requests.");
    const broken = newBrowser({ bindings: { DB: brokenDatabase(new Error("boom")) } });
    const failed = await broken.open(PUBLIC);
    expect(failed.status).toBe(503);
    expect(failed.text).toContain(failed.headers.get("X-Request-Id"));
    expect(failed.text).not.toContain("boom");
  });
});

describe("the form of the query", () => {
  test("is made from the model, and has the query in it", async () => {
    const { browser } = await buildReader();
    const { text } = await browser.open(
      `${SESSIONS}?filter{-name.icontains}=rat&filter{date_time.gte}=2023&sort[]=-date_time&limit=7`,
    );
    expect(text).toMatch(/<input name="path"[^>]*value="name"/);
    expect(text).toMatch(/<option value="-" selected="">is not/);
    expect(text).toMatch(/<option value="icontains" selected="">/);
    expect(text).toMatch(/<option value="-date_time" selected="">/);
    expect(text).toMatch(/name="limit"[^>]* value="7"/);
    expect(text).toMatch(/name="search"[^>]* value=""/);
    expect(text).toMatch(/name="only\[\]" value="tags"/);
    for (const name of ["projects.name", "extra_fields.&lt;key&gt;"]) {
      expect(text).toContain(`<option value="${name}">`);
    }
  });

  test("has the search and the fields of the query, and no search where the model has none", async () => {
    const { browser } = await buildReader();
    const { text } = await browser.open(`${SESSIONS}?search=some%20"words"&only[]=tags`);
    expect(text).toMatch(/name="search"[^>]* value="some &quot;words&quot;"/);
    expect(text).toMatch(/name="only\[\]" value="tags" checked=""/);
    const behaviors = await browser.open("/api/private/modules/behavior/");
    expect(behaviors.text).not.toContain('name="search"');
  });

  test("leads to the address of the query, without a call to the database", async () => {
    const { binding, cost } = countedDatabase();
    const browser = newBrowser({ bindings: { DB: binding } });
    const sent = new URLSearchParams([
      ["query-form", "1"],
      ["path", "name"],
      ["sign", ""],
      ["operator", "icontains"],
      ["value", "a b&c"],
      ["path", "tags"],
      ["sign", "-"],
      ["operator", "eq"],
      ["value", "x"],
      ["path", ""],
      ["sign", ""],
      ["operator", "eq"],
      ["value", ""],
      ["sort[]", "-name"],
      ["sort[]", ""],
      ["limit", ""],
      ["include[]", "projects"],
    ]);
    const { status, location } = await browser.open(`${PUBLIC}?${sent}`);
    expect(status).toBe(303);
    expect(location).toBe(
      `${PUBLIC}?filter{name.icontains}=a+b%26c&filter{-tags}=x&sort[]=-name&include[]=projects`,
    );
    expect(cost.roundTrips).toBe(0);
    expect((await browser.open(location ?? "")).status).toBe(200);
  });
});

describe("the request in a program", () => {
  test("is the one of the page", async () => {
    const { browser } = await buildReader();
    const { text } = await browser.open(`${SESSIONS}?filter{name.icontains}=it's&sort[]=name`);
    const shown = plain(text);
    expect(shown).toContain(
      `client.load("session", filters={"name.icontains": "it's"}, sort=["name"])`,
    );
    expect(shown).toContain(
      `client.load('session', 'filter', {'name.icontains', 'it''s'}, 'sort', {'name'})`,
    );
    expect(shown).toContain(`--data-urlencode 'filter{name.icontains}=it'\\''s'`);
  });

  test("goes without the client where the client has no argument for a part of it", async () => {
    const { browser } = await buildReader();
    const { text } = await browser.open(`${SESSIONS}?exclude[]=tags`);
    expect(plain(text)).toContain(`client.load("session", options="?exclude%5B%5D=tags").json()`);
    expect(text).toContain(`webread(&#39;${ORIGIN}${SESSIONS}?exclude[]=tags&#39;`);
  });
});

describe("/api/docs", () => {
  test("loads Swagger UI from this service, and relaxes its own policy alone", async () => {
    const browser = newBrowser();
    const page = await browser.open("/api/docs/");
    expect(page.headers.get("Content-Security-Policy")).toContain(
      "style-src 'self' 'unsafe-inline'; script-src 'self'",
    );
    const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(
      ([, address = ""]) => address,
    );
    expect(loaded).toHaveLength(4);
    for (const address of loaded) {
      const { status, headers, text } = await browser.open(address);
      expect([address, status]).toEqual([address, 200]);
      expect(text.length).toBeGreaterThan(100);
      expect(headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
      expect(headers.get("Content-Type")).toMatch(
        address.endsWith(".css") ? /^text\/css/ : /^text\/javascript/,
      );
    }
    const other = await browser.open("/account/sign-in/");
    expect(other.headers.get("Content-Security-Policy")).not.toContain("unsafe");
  });

  test("gives out no other file", async () => {
    const [, folder] = /"(\/assets\/swagger-ui\/[^/]+\/)/.exec(
      (await newBrowser().open("/api/docs/")).text,
    ) ?? ["", ""];
    for (const path of [
      `${folder}index.html`,
      `${folder}package.json`,
      "/assets/swagger-ui/0.0.0/swagger-ui.css",
      "/index.html",
      "/swagger-ui-bundle.js",
    ]) {
      expect([path, (await newBrowser().open(path)).status]).toEqual([path, 404]);
    }
    expect(env.ASSETS).toBeDefined();
  });

  test("says whether requests are sent as somebody", async () => {
    const { browser } = await buildReader();
    expect((await browser.open("/api/docs/")).text).toContain("requests that read are sent as you");
    expect((await newBrowser().open("/api/docs/")).text).toContain("Public data needs nothing.");
    expect((await clientFor().get("/api/public/stem/project/")).status).toBe(200);
  });
});

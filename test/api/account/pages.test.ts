import { describe, expect, test } from "vitest";
import { pages } from "../../../src/pages/all.ts";
import { buildBrowserSession, newBrowser } from "../../support/browser.ts";
import { buildGroup, buildHeldGroup, buildProject, buildUser } from "../../support/builders.ts";
import { ORIGIN } from "../../support/client.ts";
import { countedDatabase } from "../../support/d1-binding.ts";

const ME = "/private/users/me/";

// Pages of records have tests of their own.
const shown = pages.filter(({ get, path }) => get !== undefined && !path.includes(":"));
const closed = pages.filter(({ access }) => access === "signed-in");

describe.each(shown.map((page) => [page.path, page] as const))("%s", (path, { access }) => {
  test("is answered with and without a closing slash, in one round trip", async () => {
    const { binding, cost } = countedDatabase();
    const { browser } = await buildBrowserSession(await buildUser(), { bindings: { DB: binding } });
    for (const address of [path, path.replace(/\/?$/, "/")]) {
      expect((await browser.open(address)).status).toBe(200);
    }
    expect(cost).toMatchObject({ roundTrips: 2, rowsWritten: 0 });
  });

  // The reference of the API has a looser policy: see api-view.test.ts.
  test.skipIf(path === "/api/docs")("has a strict policy, and is in no cache", async () => {
    const { browser } = await buildBrowserSession(await buildUser());
    const { headers, text } = await browser.open(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "no-store",
      "content-type": "text/html; charset=UTF-8",
      "content-security-policy":
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "referrer-policy": "same-origin",
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
    });
    expect(text).toMatch(/^<!DOCTYPE html><html lang="en">/);
    // A script of this type is data. What else is a script has an address of this service.
    expect(
      text.replace(/<script src="\/assets\/[\w-]+-[0-9a-f]{8}\.js" defer="">/g, ""),
    ).not.toMatch(
      /<script(?! type="application\/ld\+json">)|<style| style=| on\w+=|(?:src|href|action)="https?:\/\/(?!registry\.example)/,
    );
  });

  if (access === "anyone") return;

  test("sends whoever is not signed in to the sign-in, and comes back", async () => {
    const { browser } = await buildBrowserSession(await buildUser());
    browser.cookies.set("__Host-brainstem", "0".repeat(64));
    for (const stranger of [newBrowser(), browser]) {
      const page = await stranger.open(`${path}/?a=b`);
      const next = encodeURIComponent(`${path}/?a=b`);
      expect(page).toMatchObject({ status: 303, location: `/account/sign-in/?next=${next}` });
    }
  });

  test("is a 401 for a client that wants no page", async () => {
    const answer = await newBrowser().open(path, { Accept: "application/json" });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toEqual({
      detail: `You are not signed in. Get a token at ${ORIGIN}/private/users/tokens/`,
    });
  });
});

describe("a form of a page for those who are signed in", () => {
  test.each(closed.filter(({ post, again }) => post && !again).map(({ path }) => path))(
    "at %s does nothing for anybody else",
    async (path) => {
      expect((await newBrowser().submit(path)).location).toContain("/account/sign-in/");
    },
  );

  test.each(closed.filter(({ again }) => again).map(({ path }) => path))(
    "at %s does nothing for anybody else, and gives back what was typed",
    async (path) => {
      const answer = await newBrowser().submit(path, { name: "typed" });
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('<input type="hidden" name="name" value="typed"/>');
    },
  );
});

describe("/private/users/me/", () => {
  test("shows the profile, the groups, and each project with the level and through whom", async () => {
    const user = await buildUser();
    const lab = await buildHeldGroup({ manager: [user] }, "Lab <i>");
    const readers = await buildGroup([user], "Readers");
    await buildProject({ name: "Maze", users: { member: [user] }, groups: { owner: [lab] } });
    await buildProject({ name: "Sleep", groups: { contributor: [lab], member: [readers] } });
    await buildProject({ name: "Secret", isPublic: true });
    const { browser } = await buildBrowserSession(user);
    const { text } = await browser.open(ME);
    expect(text).toContain(user.email);
    const rows = [...text.matchAll(/<li>(.*?)<\/li>/gs)]
      .map(([, row = ""]) => row.replace(/<[^>]+>/g, "|").replace(/\|+/g, "|"))
      .filter((row) => /\|(member|contributor|manager|owner)\|$/.test(row));
    expect(rows).toEqual([
      "|Lab &lt;i&gt;|manager|",
      "|Readers|member|",
      "|Maze|owner through Lab &lt;i&gt;, in person|owner|",
      "|Sleep|contributor through Lab &lt;i&gt;, member through Readers|contributor|",
    ]);
    expect(text).not.toContain("Secret");
  });

  test("says in how many browsers one is signed in", async () => {
    const user = await buildUser();
    const { browser } = await buildBrowserSession(user);
    expect((await browser.open(ME)).text).toContain("In this browser only.");
    await buildBrowserSession(user);
    expect((await browser.open(ME)).text).toContain("In 2 browsers, this one among them.");
  });
});

describe("an asset", () => {
  test("is kept by browsers, under a name that changes with it", async () => {
    const browser = newBrowser();
    const { text } = await browser.open("/account/sign-in/");
    const [, style = ""] = /<link rel="stylesheet" href="([^"]+)"/.exec(text) ?? [];
    expect(style).toMatch(/^\/assets\/style-[0-9a-f]{8}\.css$/);
    const { headers, status } = await browser.open(style);
    expect(status).toBe(200);
    expect(headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    expect(headers.get("Content-Type")).toBe("text/css; charset=utf-8");
    expect((await browser.open("/assets/style-00000000.css")).status).toBe(404);
  });
});

describe("a page that is not there", () => {
  test("is a page for a browser, and JSON for any other client", async () => {
    const browser = newBrowser();
    const page = await browser.open("/nowhere/");
    expect(page).toMatchObject({
      status: 404,
      text: expect.stringContaining("<h1>There is no such page</h1>"),
    });
    const answer = await browser.open("/nowhere/", { Accept: "*/*" });
    expect(answer).toMatchObject({ status: 404, text: '{"detail":"Not found."}' });
    for (const path of ["/api", "/API/private/stem/session/", "//api/x"]) {
      expect((await browser.open(`https://registry.example${path}`)).text, path).toBe(
        '{"detail":"Not found."}',
      );
    }
  });

  test("is JSON with an Allow header for a method that a page does not have", async () => {
    const answer = await newBrowser().submit(ME);
    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
  });
});

import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { daysAfter } from "../../../src/values/instant.ts";
import { hashToken } from "../../../src/values/token.ts";
import {
  type Browser,
  buildBrowserSession,
  buildLink,
  newBrowser,
  SESSION_COOKIE,
} from "../../support/browser.ts";
import { buildUser } from "../../support/builders.ts";
import { ORIGIN } from "../../support/client.ts";

const SIGN_IN = "/account/sign-in/";
const SIGN_OUT = "/account/sign-out/";
const SESSIONS = "/api/private/stem/session/";

const opens = async (browser: Browser) => (await browser.open(SESSIONS)).status === 200;

/** Opens a link and presses its button. */
async function follow(browser: Browser, link: string) {
  await browser.open(`${SIGN_IN}?link=${link}`);
  return browser.submit(SIGN_IN, { link });
}

const sessionsOf = async ({ id }: { readonly id: string }) =>
  (
    await env.DB.prepare("SELECT * FROM browser_sessions WHERE user_id = ?")
      .bind(id)
      .all<Record<string, string>>()
  ).results;

describe("a sign-in link", () => {
  test("signs its user in when the button is pressed", async () => {
    const user = await buildUser();
    await env.DB.prepare("UPDATE users SET first_name = 'Ada', last_name = 'Lovelace' WHERE id = ?")
      .bind(user.id)
      .run();
    const link = await buildLink(user);
    const browser = newBrowser();
    const page = await browser.open(`${SIGN_IN}?link=${link}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Sign in as Ada Lovelace");
    const answer = await browser.submit(SIGN_IN, { link });
    expect(answer).toMatchObject({ status: 303, location: "/private/users/me/" });
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-brainstem=[0-9a-f]{64}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(await opens(browser)).toBe(true);
    expect(await sessionsOf(user)).toMatchObject([{ way: "sign-in link" }]);
  });

  test("is not used up by opening it, whoever does and however often", async () => {
    const link = await buildLink(await buildUser());
    const [scanner, browser] = [newBrowser(), newBrowser()];
    for (const method of ["GET", "HEAD", "GET"]) {
      expect((await scanner.open(`${SIGN_IN}?link=${link}`)).status, method).toBe(200);
    }
    expect(scanner.cookies.has(SESSION_COOKIE)).toBe(false);
    expect((await follow(browser, link)).status).toBe(303);
  });

  test("works once", async () => {
    const user = await buildUser();
    const link = await buildLink(user);
    const [first, second] = [newBrowser(), newBrowser()];
    await second.open(`${SIGN_IN}?link=${link}`);
    expect((await follow(first, link)).status).toBe(303);
    const again = await second.submit(SIGN_IN, { link });
    expect(again.status).toBe(400);
    expect(again.text).toContain("has been used already");
    expect(second.cookies.has(SESSION_COOKIE)).toBe(false);
    const page = await second.open(`${SIGN_IN}?link=${link}`);
    expect(page.status).toBe(400);
    expect(page.text).toContain("has been used already");
    expect(await sessionsOf(user)).toHaveLength(1);
  });

  test("lets one of many win that press the button at once", async () => {
    const user = await buildUser();
    const link = await buildLink(user);
    const browsers = Array.from({ length: 8 }, () => newBrowser());
    const answers = await Promise.all(browsers.map((browser) => follow(browser, link)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(7).fill(400)]);
    expect(await sessionsOf(user)).toHaveLength(1);
    expect(browsers.filter(({ cookies }) => cookies.has(SESSION_COOKIE))).toHaveLength(1);
  });

  test.each([
    ["expired", async () => buildLink(await buildUser(), -0.01), "has expired"],
    ["unknown", async () => "0".repeat(64), "is not known"],
    ["empty", async () => "", "is not known"],
    ["not of a link at all", async () => "%00'\"<script>", "is not known"],
  ])("that is %s signs nobody in", async (_, make, message) => {
    const link = await make();
    const browser = newBrowser();
    const page = await browser.open(`${SIGN_IN}?link=${encodeURIComponent(link)}`);
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining(message) });
    await browser.open(`${SIGN_IN}?link=${await buildLink(await buildUser())}`);
    const answer = await browser.submit(SIGN_IN, { link });
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining(message) });
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
  });

  test("of a user who is deactivated signs nobody in, and stays good for when they are active", async () => {
    const user = await buildUser();
    const link = await buildLink(user);
    const setActive = (isActive: number) =>
      env.DB.prepare("UPDATE users SET is_active = ? WHERE id = ?").bind(isActive, user.id).run();
    await setActive(0);
    const browser = newBrowser();
    const refused = await follow(browser, link);
    expect(refused).toMatchObject({
      status: 400,
      text: expect.stringContaining("has been deactivated"),
    });
    await setActive(1);
    expect((await browser.submit(SIGN_IN, { link })).status).toBe(303);
  });

  test("leaves an entry in the history that says who came in how, and no secret anywhere", async () => {
    const user = await buildUser();
    const link = await buildLink(user);
    const browser = newBrowser();
    await follow(browser, link);
    const [session] = await sessionsOf(user);
    const entry = await env.DB.prepare("SELECT * FROM history WHERE record_id = ?")
      .bind(user.id)
      .first<Record<string, string>>();
    expect(entry).toMatchObject({ user_id: user.id, action: "change", model: "user" });
    expect(JSON.parse(entry?.changes ?? "")).toEqual({
      signed_in: { from: null, to: { way: "sign-in link", session: session?.id } },
    });
    const secret = browser.cookies.get(SESSION_COOKIE) ?? "";
    expect(session?.secret_hash).toBe(await hashToken(secret));
    for (const table of ["browser_sessions", "sign_in_links", "history"]) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results)).not.toContain(secret);
      expect(JSON.stringify(results)).not.toContain(link);
    }
  });

  test("gives the browser a new secret, and ends the session that it had", async () => {
    const [before, after] = [await buildUser(), await buildUser()];
    const { browser, secret } = await buildBrowserSession(before);
    const page = await browser.open(`${SIGN_IN}?link=${await buildLink(after)}`);
    expect(page.text).toContain(`You are signed in as ${before.email} now.`);
    await follow(browser, await buildLink(after));
    expect(browser.cookies.get(SESSION_COOKIE)).not.toBe(secret);
    expect(await sessionsOf(before)).toEqual([]);
    expect(await opens(browser)).toBe(true);
    browser.cookies.set(SESSION_COOKIE, secret);
    expect(await opens(browser)).toBe(false);
  });

  test("does not take over a secret that somebody else put into the browser", async () => {
    const user = await buildUser();
    const browser = newBrowser();
    const planted = "a".repeat(64);
    browser.cookies.set(SESSION_COOKIE, planted);
    await follow(browser, await buildLink(user));
    expect(browser.cookies.get(SESSION_COOKIE)).not.toBe(planted);
    browser.cookies.set(SESSION_COOKIE, planted);
    expect(await opens(browser)).toBe(false);
  });

  test("keeps a user's sessions to fifty: those used last stay", async () => {
    const user = await buildUser();
    const old = await buildBrowserSession(user);
    await env.DB.prepare(
      "UPDATE browser_sessions SET last_used_date = '2026-01-01T00:00:00' WHERE id = ?",
    )
      .bind(old.id)
      .run();
    for (let more = 0; more < 49; more += 1) await buildBrowserSession(user);
    await follow(newBrowser(), await buildLink(user));
    const kept = await sessionsOf(user);
    expect(kept).toHaveLength(50);
    expect(kept.map(({ id }) => id)).not.toContain(old.id);
  });
});

describe("the page to open after a sign-in", () => {
  const signInFor = async (next: string) => {
    const browser = newBrowser();
    await browser.open(`${SIGN_IN}?next=${encodeURIComponent(next)}`);
    return (await follow(browser, await buildLink(await buildUser()))).location;
  };

  test.each([
    "/account/authorize/?session=1",
    "/private/users/tokens/",
    "/%2F%2Fother.example/",
    "/a?b=//other.example#c",
  ])("is %s when a page of the service asked for it", async (next) => {
    expect(await signInFor(next)).toBe(next);
  });

  test.each([
    "//other.example/",
    "/\\other.example/",
    "/\t/other.example/",
    "/.//other.example/",
    "/x/..//other.example/",
    "\\\\other.example",
    "https://other.example/",
    "https:other.example",
    "javascript:alert(1)",
    "data:text/html,x",
    `${ORIGIN}.other.example/`,
    ORIGIN,
    "private",
    `/${"x".repeat(2_000)}`,
    "",
  ])("is the account in place of %j", async (next) => {
    expect(await signInFor(next)).toBe("/private/users/me/");
  });

  test("is opened at once by whoever is signed in", async () => {
    const { browser } = await buildBrowserSession(await buildUser());
    expect((await browser.open(`${SIGN_IN}?next=/private/users/me/?x=1`)).location).toBe(
      "/private/users/me/?x=1",
    );
    expect((await browser.open(`${SIGN_IN}?next=//other.example`)).status).toBe(200);
  });
});

describe("a form", () => {
  const forged: readonly (readonly [string, Record<string, string>, Record<string, string>])[] = [
    ["another origin", {}, { Origin: "https://other.example" }],
    ["no origin", {}, { Origin: "null" }],
    ["this host without encryption", {}, { Origin: ORIGIN.replace("https", "http") }],
    ["another port", {}, { Origin: `${ORIGIN}:8443` }],
    ["a page of another site", {}, { "Sec-Fetch-Site": "cross-site" }],
    ["a page of another subdomain", {}, { "Sec-Fetch-Site": "same-site" }],
    ["a page without a token", { form_token: "" }, {}],
    ["a page with another token", { form_token: "0".repeat(64) }, {}],
    ["a browser without cookies", {}, { Cookie: "" }],
    ["a browser with other cookies", {}, { Cookie: `__Host-brainstem-form=${"0".repeat(64)}` }],
  ];

  test.each(forged)("from %s signs nobody in", async (_, fields, headers) => {
    const user = await buildUser();
    const link = await buildLink(user);
    const browser = newBrowser();
    await browser.open(`${SIGN_IN}?link=${link}`);
    const answer = await browser.submit(SIGN_IN, { link, ...fields }, headers);
    expect(answer.status).toBe(403);
    expect(await sessionsOf(user)).toEqual([]);
    expect((await browser.submit(SIGN_IN, { link })).status).toBe(303);
  });

  test.each(forged)("from %s signs nobody out", async (_, fields, headers) => {
    const user = await buildUser();
    const { browser } = await buildBrowserSession(user);
    await browser.open(SIGN_IN);
    expect((await browser.submit(SIGN_OUT, fields, headers)).status).toBe(403);
    expect(await sessionsOf(user)).toHaveLength(1);
  });

  test("of one session is no form of another", async () => {
    const [one, two] = [
      await buildBrowserSession(await buildUser()),
      await buildBrowserSession(await buildUser()),
    ];
    const { text } = await one.browser.open(SIGN_IN);
    const form_token = /name="form_token" value="(\w+)"/.exec(text)?.[1] ?? "";
    expect((await two.browser.submit(SIGN_OUT, { form_token })).status).toBe(403);
    expect(form_token).not.toContain(one.secret);
  });

  test.each([
    ["JSON", { "Content-Type": "application/json" }, 415],
    ["a form with parts", { "Content-Type": "multipart/form-data; boundary=x" }, 415],
    ["plain text", { "Content-Type": "text/plain" }, 415],
  ])("as %s is refused", async (_, headers, status) => {
    const browser = newBrowser();
    await browser.open(`${SIGN_IN}?link=${await buildLink(await buildUser())}`);
    expect((await browser.submit(SIGN_IN, {}, headers)).status).toBe(status);
  });

  test("of more than three megabytes is refused", async () => {
    const browser = newBrowser();
    await browser.open(`${SIGN_IN}?link=${await buildLink(await buildUser())}`);
    const answer = await browser.submit(SIGN_IN, { more: "x".repeat(3 * 1024 * 1024) });
    expect(answer.status).toBe(413);
  });
});

describe("signing out", () => {
  test("ends the session in the database, and the browser forgets what it kept", async () => {
    const user = await buildUser();
    const [here, there] = [await buildBrowserSession(user), await buildBrowserSession(user)];
    await here.browser.open(SIGN_IN);
    const answer = await here.browser.submit(SIGN_OUT);
    expect(answer).toMatchObject({ status: 303, location: "/account/sign-in/?signed-out" });
    expect(answer.headers.get("Clear-Site-Data")).toBe('"cache"');
    expect(here.browser.cookies.has(SESSION_COOKIE)).toBe(false);
    expect((await sessionsOf(user)).map(({ id }) => id)).toEqual([there.id]);
    here.browser.cookies.set(SESSION_COOKIE, here.secret);
    expect(await opens(here.browser)).toBe(false);
    expect(await opens(there.browser)).toBe(true);
  });

  test("everywhere ends all sessions of the user, and of nobody else", async () => {
    const [user, other] = [await buildUser(), await buildUser()];
    const [here, there] = [await buildBrowserSession(user), await buildBrowserSession(user)];
    const others = await buildBrowserSession(other);
    await here.browser.open(SIGN_IN);
    await here.browser.submit(SIGN_OUT, { everywhere: "1" });
    expect(await sessionsOf(user)).toEqual([]);
    expect(await opens(there.browser)).toBe(false);
    expect(await opens(others.browser)).toBe(true);
    expect((await user.client.get(SESSIONS)).status).toBe(200);
  });
});

describe("a cookie", () => {
  test("without encryption is only there on this machine, and without the prefix", async () => {
    const link = await buildLink(await buildUser());
    for (const origin of ["http://127.0.0.1:8787", "http://localhost:8787", "http://[::1]:8787"]) {
      const browser = newBrowser({ origin });
      const answer = await follow(browser, await buildLink(await buildUser()));
      expect(answer.headers.getSetCookie()[0]).toMatch(
        /^brainstem=[0-9a-f]{64}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      expect(await opens(browser)).toBe(true);
    }
    const browser = newBrowser({ origin: "http://registry.example" });
    const page = await browser.open(`${SIGN_IN}?link=${link}`);
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining("not encrypted") });
    expect(browser.cookies.size).toBe(0);
  });

  test("without the prefix counts for nothing over https", async () => {
    const { secret } = await buildBrowserSession(await buildUser());
    const browser = newBrowser();
    browser.cookies.set("brainstem", secret);
    expect(await opens(browser)).toBe(false);
  });

  test("reads the API", async () => {
    const user = await buildUser();
    const { browser } = await buildBrowserSession(user);
    const headers = { Accept: "application/json" };
    expect((await browser.open(`/api/private/users/user/${user.id}/`, headers)).text).toContain(
      user.email,
    );
  });

  test("never writes through the API, not even where a GET does", async () => {
    const user = await buildUser();
    const { browser } = await buildBrowserSession(user);
    const group = crypto.randomUUID();
    for (const [path, method] of [
      [SESSIONS, "POST"],
      [`/api/private/users/group/${group}/leave/`, "GET"],
    ] as const) {
      const answer = await (method === "POST" ? browser.submit(path) : browser.open(path));
      expect(answer.status).toBe(401);
      expect(answer.text).toContain("only reads through the API");
    }
  });

  test("does not count beside an Authorization header", async () => {
    const { browser } = await buildBrowserSession(await buildUser());
    for (const Authorization of ["Bearer bst_unknown", "Bearer", "Basic YTpi"]) {
      expect((await browser.open(SESSIONS, { Authorization })).status).toBe(401);
    }
  });

  test.each([
    [
      "expired",
      "UPDATE browser_sessions SET expires_date = '2026-01-01T00:00:00' WHERE user_id = ?",
    ],
    ["deleted", "DELETE FROM browser_sessions WHERE user_id = ?"],
    ["that of a deactivated user", "UPDATE users SET is_active = 0 WHERE id = ?"],
  ])("opens nothing from the moment on when its session is %s", async (_, statement) => {
    const user = await buildUser();
    const { browser } = await buildBrowserSession(user);
    expect(await opens(browser)).toBe(true);
    await env.DB.prepare(statement).bind(user.id).run();
    const answer = await browser.open(SESSIONS, { Accept: "application/json" });
    expect(answer.status).toBe(401);
    expect((await browser.open(SIGN_IN)).text).not.toContain("Sign out");
  });

  test("is renewed once a day, with the session", async () => {
    const user = await buildUser();
    const { browser, id } = await buildBrowserSession(user);
    const yesterday = daysAfter(new Date(), -1);
    await env.DB.prepare(
      "UPDATE browser_sessions SET last_used_date = ?, expires_date = ? WHERE id = ?",
    )
      .bind(yesterday, daysAfter(new Date(), 1), id)
      .run();
    // The API sets cookies with bookmarks too.
    const sessionCookies = async () =>
      (await browser.open(SESSIONS)).headers
        .getSetCookie()
        .filter((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`));
    expect(await sessionCookies()).toEqual([expect.stringContaining("Max-Age=2592000")]);
    const [session] = await sessionsOf(user);
    expect((session?.expires_date ?? "") > daysAfter(new Date(), 29.9)).toBe(true);
    expect(await sessionCookies()).toEqual([]);
  });
});

import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Browser, buildBrowserSession, buildLink, newBrowser } from "../../support/browser.ts";
import { type BuiltUser, buildUser } from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";
import { brokenDatabase, countedDatabase } from "../../support/d1-binding.ts";

// What a form costs at the database, and what a person is told when the database does not answer.

let user: BuiltUser;

beforeEach(async () => {
  user = await buildUser();
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function begin() {
  const headers = { "CF-Connecting-IP": crypto.randomUUID() };
  return (await clientFor().send("POST", "/api/auth/device/", {}, headers)).body;
}

/** Every form: the page that has it, and how it is sent. */
const FORMS: Readonly<
  Record<string, (browser: Browser) => Promise<() => ReturnType<Browser["submit"]>>>
> = {
  "the sign-in": async (browser) => {
    const link = await buildLink(user);
    await browser.open(`/account/sign-in/?link=${link}`);
    return () => browser.submit("/account/sign-in/", { link });
  },
  "the sign-out": async (browser) => {
    await browser.open("/private/users/me/");
    return () => browser.submit("/account/sign-out/");
  },
  "the sign-out everywhere": async (browser) => {
    await browser.open("/private/users/me/");
    return () => browser.submit("/account/sign-out/", { everywhere: "1" });
  },
  "an approval": async (browser) => {
    const { session_id: session } = await begin();
    await browser.open(`/account/authorize/?session=${session}`);
    return () => browser.submit("/account/authorize/", { session, decision: "approved" });
  },
  "a denial": async (browser) => {
    const { session_id: session } = await begin();
    await browser.open(`/account/authorize/?session=${session}`);
    return () => browser.submit("/account/authorize/", { session, decision: "denied" });
  },
  "a typed code": async (browser) => {
    const { user_code: code } = await begin();
    await browser.open("/account/authorize/");
    return () => browser.submit("/account/authorize/", { code });
  },
  "a new token": async (browser) => {
    await browser.open("/private/users/tokens/");
    return () =>
      browser.submit("/private/users/tokens/", {
        action: "make",
        name: "x",
        id: crypto.randomUUID(),
      });
  },
  "a deleted token": async (browser) => {
    await browser.open("/private/users/tokens/");
    return () => browser.submit("/private/users/tokens/", { action: "delete", id: user.tokenId });
  },
};

describe.each(Object.entries(FORMS))("%s", (_, prepare) => {
  test("costs one round trip", async () => {
    const { binding, cost } = countedDatabase();
    const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
    const send = await prepare(browser);
    const { roundTrips } = cost;
    expect((await send()).status).toBeLessThan(400);
    expect(cost.roundTrips - roundTrips).toBe(1);
  });

  test("tells in plain words that the database does not answer, and changes nothing", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const bindings: { DB: D1Database } = { DB: env.DB };
    const { browser, id } = await buildBrowserSession(user, { bindings });
    const send = await prepare(browser);
    bindings.DB = brokenDatabase(new Error("D1_ERROR: Network connection lost."));
    const page = await send();
    expect(page.status).toBe(503);
    expect(page.text).toContain("<h1>The service is busy</h1>");
    expect(page.text).toContain("The database did not answer. Please try again");
    expect(page.headers.get("Retry-After")).toBe("1");
    expect(page.headers.getSetCookie()).toEqual([]);
    const session = await env.DB.prepare("SELECT 1 FROM browser_sessions WHERE id = ?")
      .bind(id)
      .first();
    expect(session).not.toBeNull();
  });

  test("waits for the end of an import", async () => {
    const { browser } = await buildBrowserSession(user);
    const send = await prepare(browser);
    await env.DB.prepare(
      "INSERT INTO imports (id, run, started_date, alive_date) VALUES (1, 'x', '2026-01-01', '2026-01-01')",
    ).run();
    const page = await send();
    await env.DB.prepare("DELETE FROM imports").run();
    expect(page.status).toBe(503);
    expect(page.text).toContain("being filled by an import");
    // Nothing was used up, made or answered.
    expect((await send()).status).toBeLessThan(400);
  });
});

test("a program waits for the end of an import, too", async () => {
  const browser = (await buildBrowserSession(user)).browser;
  const { session_id: session, device_code } = await begin();
  await browser.open(`/account/authorize/?session=${session}`);
  await browser.submit("/account/authorize/", { session, decision: "approved" });
  await env.DB.prepare(
    "INSERT INTO imports (id, run, started_date, alive_date) VALUES (1, 'x', '2026-01-01', '2026-01-01')",
  ).run();
  const poll = () => clientFor().post("/api/auth/device/token/", { device_code });
  const during = await poll();
  const begun = await clientFor().post("/api/auth/device/", {});
  await env.DB.prepare("DELETE FROM imports").run();
  expect([during.status, begun.status]).toEqual([503, 503]);
  expect((await poll()).body).toMatchObject({ status: "success" });
});

test("a browser session counts against a limit of its own, once it is known to be good", async () => {
  const keys: string[] = [];
  const limit = (name: string): RateLimit => ({
    limit: async ({ key }) => {
      keys.push(`${name} ${key.length}`);
      return { success: keys.length <= 4 };
    },
  });
  const bindings = {
    RATE_LIMIT_BY_ADDRESS: limit("address"),
    RATE_LIMIT_BY_TOKEN: limit("session"),
  };
  const { browser, secret } = await buildBrowserSession(user, { bindings });
  await browser.open("/private/users/me/", { "CF-Connecting-IP": "192.0.2.1" });
  await browser.open("/private/users/me/");
  await browser.open("/api/private/users/me/");
  // The public portal knows nobody.
  await browser.open("/api/public/stem/session/", { "CF-Connecting-IP": "192.0.2.1" });
  expect(keys).toEqual(["address 9", "session 64", "session 64", "address 9"]);
  const refused = await browser.open("/private/users/me/");
  expect(refused).toMatchObject({
    status: 429,
    text: expect.stringContaining("<h1>Too many requests</h1>"),
  });
  expect(refused.headers.get("Retry-After")).toBe("10");
  expect(keys.join()).not.toContain(secret);
  const stranger = newBrowser({ bindings });
  expect((await stranger.open("/account/sign-in/")).status).toBe(429);
});

test("the log names a browser session by its id, and shows no secret", async () => {
  const { browser, id, secret } = await buildBrowserSession(user);
  const link = await buildLink(user);
  const log = vi.spyOn(console, "log").mockReturnValue();
  await browser.open("/private/users/me/");
  expect(JSON.parse(String(log.mock.calls[0]?.[0]))).toMatchObject({
    route: "/private/users/me",
    userId: user.id,
    sessionId: id,
  });
  await browser.open(`/account/sign-in/?link=${link}`);
  await browser.submit("/account/sign-in/", { link });
  const { device_code, user_code } = await begin();
  const lines = log.mock.calls.flat().join();
  for (const word of [secret, link, device_code, user_code, ...browser.cookies.values()]) {
    expect(lines).not.toContain(word);
  }
});

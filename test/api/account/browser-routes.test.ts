import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../src/routes.ts";
import {
  type Browser,
  buildBrowserSession,
  newBrowser,
  SESSION_COOKIE,
} from "../../support/browser.ts";
import { type BuiltUser, buildUser } from "../../support/builders.ts";
import { type Cost, countedDatabase } from "../../support/d1-binding.ts";
import { requireFixture } from "../../support/route-fixtures/all.ts";
import { nameOf, type RouteName, type Target } from "../../support/route-fixtures/fixture.ts";
import { isThorough } from "../../support/thorough.ts";

// The cookie of a browser at every route of the private portal: it reads what a token reads, and writes nothing.

const closed = routes.filter(({ portals }) => portals.includes("private"));

const JSON_ONLY = { Accept: "application/json", "Content-Type": "application/json" };

/** Browsers that must not get in, each by what is wrong with its cookie. */
const SPOILED: Readonly<Record<string, (user: BuiltUser, browser: Browser) => Promise<unknown>>> = {
  "an unknown secret": async (_, browser) => browser.cookies.set(SESSION_COOKIE, "0".repeat(64)),
  "no secret at all": async (_, browser) => browser.cookies.set(SESSION_COOKIE, "'; --"),
  "the hash of the secret": async (user, browser) => {
    const hash = await env.DB.prepare("SELECT secret_hash FROM browser_sessions WHERE user_id = ?")
      .bind(user.id)
      .first<string>("secret_hash");
    browser.cookies.set(SESSION_COOKIE, hash ?? "");
  },
  "an expired session": async ({ id }) =>
    env.DB.prepare(
      "UPDATE browser_sessions SET expires_date = '2026-01-01T00:00:00' WHERE user_id = ?",
    )
      .bind(id)
      .run(),
  "the session of a deactivated user": async ({ id }) =>
    env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(id).run(),
};

const spoiled: { readonly title: string; readonly user: BuiltUser; readonly browser: Browser }[] =
  [];

beforeAll(async () => {
  for (const [title, spoil] of Object.entries(SPOILED)) {
    const user = await buildUser();
    const { browser } = await buildBrowserSession(user);
    await spoil(user, browser);
    spoiled.push({ title, user, browser });
  }
});

describe.each(closed.map((route) => [nameOf(route), route] as const))("%s", (name, route) => {
  let user: BuiltUser;
  let browser: Browser;
  let cost: Cost;
  let target: Target;

  beforeAll(async () => {
    user = await buildUser();
    const counted = countedDatabase();
    ({ cost } = counted);
    ({ browser } = await buildBrowserSession(user, { bindings: { DB: counted.binding } }));
    target = await requireFixture(route).fixture.build({
      users: { owner: [user, ...spoiled.map((each) => each.user)] },
    });
  });

  const knock = (by: Browser) => {
    const path = `/api/private${route.path.replace(":id", target.id)}/`;
    if (route.method === "get") return by.open(path, JSON_ONLY);
    const body = JSON.stringify(target.bodies[name as RouteName] ?? {});
    return by.send(route.method.toUpperCase(), path, body, JSON_ONLY);
  };

  test(
    route.kind === "read" ? "is read with a cookie as with a token" : "is not written",
    async () => {
      const answer = await knock(browser);
      if (route.kind === "write") {
        expect(answer.status).toBe(401);
        expect(JSON.parse(answer.text).detail).toContain("only reads through the API");
        expect(cost).toMatchObject({ roundTrips: 0, rowsWritten: 0 });
        return;
      }
      expect(answer.status).toBe(200);
      expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
      if (route.path === "/users/me") return;
      const path = `/api/private${route.path.replace(":id", target.id)}/`;
      expect(answer.text).toBe((await user.client.get(path)).text);
    },
  );

  test("is closed to every browser that is not signed in", async () => {
    const strangers = [{ title: "none", browser: newBrowser() }, ...spoiled];
    for (const { title, browser: stranger } of isThorough ? strangers : strangers.slice(0, 2)) {
      const answer = await knock(stranger);
      expect(answer.status, title).toBe(401);
      expect(Object.keys(JSON.parse(answer.text)), title).toEqual(["detail"]);
    }
  });
});

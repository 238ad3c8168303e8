import { beforeAll, describe, expect, test } from "vitest";
import { models } from "../../../src/models/all.ts";
import { routes } from "../../../src/routes.ts";
import { type Browser, buildBrowserSession, newBrowser } from "../../support/browser.ts";
import { type BuiltUser, buildUser } from "../../support/builders.ts";
import { requireFixture } from "../../support/route-fixtures/all.ts";

/** The most of a page, its style and its scripts, in bytes before compression. */
const MOST = 100_000;

const bytesOf = (text: string) => new TextEncoder().encode(text).byteLength;

/** The bytes that a browser without a cache loads to show a page. */
async function firstView(browser: Browser, path: string): Promise<number> {
  const { status, text, location } = await browser.open(path);
  if (status === 303 && location !== undefined) return firstView(browser, location);
  expect([path, status]).toEqual([path, 200]);
  const assets = new Set(
    [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, to]) => to),
  );
  expect(assets.size).toBeGreaterThan(1);
  let bytes = bytesOf(text);
  for (const asset of assets) bytes += bytesOf((await browser.open(asset ?? "")).text);
  return bytes;
}

let user: BuiltUser;
let browser: Browser;

beforeAll(async () => {
  user = await buildUser();
  ({ browser } = await buildBrowserSession(user));
});

const read = routes
  .filter(({ kind }) => kind === "read")
  .map((route) => [`/private${route.path}/`, route] as const);
const created = models.filter(({ verbs }) => verbs.includes("create"));

describe("the first view, with style and scripts, has at most 100 KB", () => {
  test.each(read)("of %s, as a page and as an answer of the API", async (address, route) => {
    const { id } = await requireFixture(route).fixture.build({ users: { owner: [user] } });
    const path = address.replace(":id", id);
    expect(await firstView(browser, path)).toBeLessThan(MOST);
    expect(await firstView(browser, `/api${path}`)).toBeLessThan(MOST);
  });

  test.each(created.map(({ path }) => `/private${path}/new/`))("of the form %s", async (path) => {
    expect(await firstView(browser, path)).toBeLessThan(MOST);
  });

  test.each([
    "/",
    "/private/stem/session/import/",
    "/private/users/me/",
    "/private/users/tokens/",
    "/account/authorize/",
  ])("of %s", async (path) => {
    expect(await firstView(browser, path)).toBeLessThan(MOST);
  });

  test.each(["/", "/account/sign-in/", "/public/stem/session/", "/public/stem/project/"])(
    "of %s for a visitor",
    async (path) => {
      expect(await firstView(newBrowser(), path)).toBeLessThan(MOST);
    },
  );

  test("of an answer of the API with a hundred records and ten filters", async () => {
    const filters = Array.from(
      { length: 10 },
      (_, n) => `filter{name.icontains}=${"i".repeat(n + 1)}`,
    );
    const query = [...filters, "sort[]=name", "limit=100", "include[]=projects"].join("&");
    expect(await firstView(browser, `/api/private/stem/session/?${query}`)).toBeLessThan(MOST);
  });
});

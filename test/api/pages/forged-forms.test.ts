import { beforeAll, describe, expect, test } from "vitest";
import { pages } from "../../../src/pages/all.ts";
import { type Browser, buildBrowserSession } from "../../support/browser.ts";
import { buildProject, buildUser } from "../../support/builders.ts";
import { countedDatabase } from "../../support/d1-binding.ts";

/** Every page with a form. */
const forms = pages.filter(({ post }) => post !== undefined).map(({ path }) => path);

/** What other sites can make a browser send with its cookies, and what they cannot keep it from saying. */
const FORGED: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["of another site", { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" }],
  [
    "of a neighbour of this site",
    { Origin: "https://other.registry.example", "Sec-Fetch-Site": "same-site" },
  ],
  ["of a page without an origin", { Origin: "null", "Sec-Fetch-Site": "cross-site" }],
  ["with the origin of this service, of another site", { "Sec-Fetch-Site": "cross-site" }],
  ["of another port", { Origin: "https://registry.example:8443", "Sec-Fetch-Site": "same-site" }],
  ["over http", { Origin: "http://registry.example", "Sec-Fetch-Site": "cross-site" }],
];

let browser: Browser;
let id: string;
const { binding, cost } = countedDatabase();

beforeAll(async () => {
  const user = await buildUser();
  ({ id } = await buildProject({ users: { owner: [user] } }));
  ({ browser } = await buildBrowserSession(user, { bindings: { DB: binding } }));
  // Its forms have the token of the browser session.
  await browser.open("/private/stem/session/new/");
});

describe.each(forms)("the form of %s", (path) => {
  const typed = { name: "forged", form_do: "save", action: "unpublish", link: "forged" };

  test.each(FORGED)("is not acted on when it is %s", async (_, headers) => {
    cost.rowsWritten = 0;
    const answer = await browser.submit(path.replace(":id", id), typed, headers);
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("This form was not sent from a page of this service.");
    expect(cost.rowsWritten).toBe(0);
    expect(answer.headers.getSetCookie().join()).not.toContain("__Host-brainstem=");
  });

  test("is not acted on with a token that is not its own", async () => {
    cost.rowsWritten = 0;
    const { status } = await browser.submit(path.replace(":id", id), {
      ...typed,
      form_token: "0".repeat(64),
    });
    expect([403, 404]).toContain(status);
    expect(cost.rowsWritten).toBe(0);
  });
});

test("a browser session writes nothing through the API, whatever page asks", async () => {
  for (const [method, path] of [
    ["POST", "/api/private/stem/session/"],
    ["DELETE", `/api/private/stem/project/${id}/`],
    ["GET", `/api/private/users/group/${id}/leave/`],
  ] as const) {
    cost.rowsWritten = 0;
    const answer =
      method === "GET"
        ? await browser.open(path)
        : await browser.send(method, path, "{}", { "Content-Type": "application/json" });
    expect([path, answer.status]).toEqual([path, 401]);
    expect(cost.rowsWritten).toBe(0);
  }
});

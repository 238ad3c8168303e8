import { describe, expect, test } from "vitest";
import { routes } from "../../../src/routes.ts";
import { buildBrowserSession, newBrowser } from "../../support/browser.ts";
import { buildProject, buildSession, buildUser, unique } from "../../support/builders.ts";
import { countedDatabase } from "../../support/d1-binding.ts";
import { requireFixture } from "../../support/route-fixtures/all.ts";

const SESSIONS = "/private/stem/session/";

/** The addresses that the API reads, each in each of its portals. */
const addresses = routes
  .filter(({ kind }) => kind === "read")
  .flatMap((route) => route.portals.map((portal) => [`/${portal}${route.path}/`, route] as const));

describe.each(addresses)("the page %s", (address, route) => {
  test("is there, at the address of the API without /api", async () => {
    const user = await buildUser();
    const { fixture } = requireFixture(route);
    const isPublic = address.startsWith("/public/");
    const { id } = await fixture.build({ users: { owner: [user] }, ...(isPublic && { isPublic }) });
    const { browser } = await buildBrowserSession(user);
    const { status, location = "" } = await browser.open(address.replace(":id", id));
    if (status === 303) expect((await browser.open(location)).status).toBe(200);
    else expect(status).toBe(200);
  });
});

describe("a list below a record", () => {
  test("of sessions is the list of sessions with a filter, for whoever may see the project", async () => {
    const user = await buildUser();
    const { browser } = await buildBrowserSession(user);
    const project = await buildProject({ users: { member: [user] }, isPublic: true });
    const closed = await buildProject();
    const listOf = ({ id }: { id: string }, portal = "private") =>
      `/${portal}/stem/project/${id}/sessions/`;
    expect((await browser.open(`${listOf(project)}?sort[]=-name`)).location).toBe(
      `${SESSIONS}?sort[]=-name&filter{projects}=${project.id}`,
    );
    const refused = await browser.open(listOf(closed));
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("view_project");
    expect((await newBrowser().open(listOf(project, "public"))).status).toBe(303);
    expect((await newBrowser().open(listOf(closed, "public"))).status).toBe(404);
    expect((await newBrowser().open(listOf(project))).location).toContain("/account/sign-in/");
  });

  test("of changes is the history of the record, in one round trip, also after its deletion", async () => {
    const user = await buildUser();
    const project = await buildProject({ users: { manager: [user] } });
    const name = unique("<b>session");
    const { id } = await buildSession({ name, projects: [project] });
    const path = `/api${SESSIONS}${id}/`;
    for (const description of ["one", "two", "three"]) {
      await user.client.patch(path, { description, tags: ["<i>"] });
    }
    const { binding, cost } = countedDatabase();
    const { browser } = await buildBrowserSession(user, { bindings: { DB: binding } });
    const address = `${SESSIONS}${id}/history/`;
    const page = await browser.open(`${address}?limit=2`);
    expect(page.status).toBe(200);
    expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
    expect(page.text).toContain(`History of ${name.replace("<", "&lt;").replace(">", "&gt;")}`);
    expect(page.text).toContain("<ins>three</ins>");
    expect(page.text).not.toContain("<ins>one</ins>");
    expect(page.text).not.toMatch(/<b>session|<i>/);
    expect((await browser.open(`${address}?limit=2&offset=2`)).text).toContain("<ins>one</ins>");
    const wrong = await browser.open(`${address}?colour=red`);
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain("colour");
    const member = await buildUser();
    const other = await buildBrowserSession(member);
    expect((await other.browser.open(address)).status).toBe(403);
    await user.client.delete(path);
    const gone = await browser.open(address);
    expect(gone.status).toBe(200);
    expect(gone.text).toContain("History of a session");
  });
});

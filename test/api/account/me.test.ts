import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { buildBrowserSession } from "../../support/browser.ts";
import { buildUser } from "../../support/builders.ts";

const ME = "/api/private/users/me/";

const DATE = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

describe("GET /api/private/users/me/", () => {
  test("says whose the token is, its name, and when it expires", async () => {
    const user = await buildUser();
    await env.DB.prepare("UPDATE access_tokens SET name = 'laptop' WHERE id = ?")
      .bind(user.tokenId)
      .run();
    const { status, body } = await user.client.get(ME);
    const { body: shown } = await user.client.get(`/api/private/users/user/${user.id}/`);
    expect(status).toBe(200);
    expect(body).toEqual({
      user: shown.user,
      token: {
        id: user.tokenId,
        name: "laptop",
        created_date: DATE,
        last_used_date: DATE,
        expires_date: DATE,
      },
      browser_session: null,
    });
  });

  test("says that a browser asks", async () => {
    const user = await buildUser();
    const { browser, id } = await buildBrowserSession(user);
    const answer = await browser.open(ME, { Accept: "application/json" });
    expect(JSON.parse(answer.text)).toMatchObject({
      user: { id: user.id },
      token: null,
      browser_session: { id, created_date: DATE, last_used_date: DATE, expires_date: DATE },
    });
  });

  test("says that a token was never used", async () => {
    const user = await buildUser();
    await env.DB.prepare("UPDATE access_tokens SET last_used_date = NULL WHERE id = ?")
      .bind(user.tokenId)
      .run();
    expect((await user.client.get(ME)).body.token.last_used_date).toBeNull();
  });

  test("leaves out what the query leaves out", async () => {
    const { client, id, email } = await buildUser();
    const { body } = await client.get(`${ME}?exclude[]=active_projects&exclude[]=groups_own_json`);
    expect(body.user).toMatchObject({ id, email });
    expect(body.user).not.toHaveProperty("active_projects");
    expect((await client.get(`${ME}?nonsense=1`)).status).toBe(400);
  });
});

describe("/api/private/auth/group/", () => {
  test("is the same as /api/private/users/group/", async () => {
    const { client } = await buildUser();
    const made = await client.post("/api/private/auth/group/", { name: "Lab of MATLAB" });
    const { id } = made.body.group;
    const paths = ["/api/private/auth/group/", "/api/private/users/group/"];
    const details = await Promise.all(paths.map((path) => client.get(`${path}${id}/`)));
    expect(details[0]?.text).toBe(details[1]?.text);
    const list = await client.get(`${paths[0]}?limit=1`);
    expect(list.body.next ?? `${paths[0]}`).toContain("/api/private/auth/group/");
    expect((await client.delete(`${paths[0]}${id}/`)).status).toBe(204);
  });
});

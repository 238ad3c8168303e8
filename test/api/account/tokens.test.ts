import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { daysAfter } from "../../../src/values/instant.ts";
import { hashToken } from "../../../src/values/token.ts";
import { type Browser, buildBrowserSession } from "../../support/browser.ts";
import { type BuiltUser, buildUser } from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";

const TOKENS = "/private/users/tokens/";
const SESSIONS = "/api/private/stem/session/";

let user: BuiltUser;
let browser: Browser;

beforeEach(async () => {
  user = await buildUser();
  ({ browser } = await buildBrowserSession(user));
  await browser.open(TOKENS);
});

const rename = (name: string) =>
  env.DB.prepare("UPDATE access_tokens SET name = ? WHERE id = ?").bind(name, user.tokenId).run();

const make = (name: string, id: string = crypto.randomUUID()) =>
  browser.submit(TOKENS, { action: "make", name, id });

const remove = (id: string) => browser.submit(TOKENS, { action: "delete", id });

const tokenIn = (text: string) => /bst_[0-9a-f]{64}/.exec(text)?.[0] ?? "";

const count = () =>
  env.DB.prepare("SELECT count(*) AS n FROM access_tokens WHERE user_id = ?")
    .bind(user.id)
    .first<number>("n");

describe("/private/users/tokens/", () => {
  test("lists one's own valid tokens, with when they were made, last used and expire", async () => {
    await rename("laptop <b>");
    const other = await buildUser();
    await env.DB.prepare("UPDATE access_tokens SET name = 'of another' WHERE user_id = ?")
      .bind(other.id)
      .run();
    const { text, status } = await browser.open(TOKENS);
    expect(status).toBe(200);
    expect(text).toContain("laptop &lt;b&gt;");
    expect(text).not.toContain("of another");
    expect(text).toMatch(/Made <time.* last used <time.*expires <time/s);
    for (const [column, value] of [
      ["revoked_date", daysAfter(new Date(), -1)],
      ["expires_date", daysAfter(new Date(), -1)],
    ] as const) {
      await env.DB.prepare(
        `UPDATE access_tokens SET revoked_date = NULL, ${column} = ? WHERE id = ?`,
      )
        .bind(value, user.tokenId)
        .run();
      expect((await browser.open(TOKENS)).text).toContain("You have no token.");
    }
  });

  test("makes a token, and shows it once", async () => {
    const id = crypto.randomUUID();
    const page = await make(" analysis server ", id);
    expect(page.status).toBe(200);
    const token = tokenIn(page.text);
    expect((await clientFor(token).get(SESSIONS)).status).toBe(200);
    const row = await env.DB.prepare("SELECT * FROM access_tokens WHERE id = ?").bind(id).first();
    expect(row).toMatchObject({
      user_id: user.id,
      name: "analysis server",
      token_hash: await hashToken(token),
    });
    const list = await browser.open(TOKENS);
    expect(list.text).toContain("analysis server");
    expect(list.text).not.toContain("bst_");
    expect(page.headers.get("Cache-Control")).toBe("no-store");
  });

  test("makes no second token when the form is sent again", async () => {
    const id = crypto.randomUUID();
    const answers = await Promise.all([make("x", id), make("x", id), make("x", id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect(answers.filter(({ text }) => tokenIn(text) !== "")).toHaveLength(1);
    expect(await count()).toBe(2);
  });

  test("makes no token under the id of somebody else's", async () => {
    const other = await buildUser();
    expect((await make("x", other.tokenId)).status).toBe(400);
    expect((await other.client.get(SESSIONS)).status).toBe(200);
  });

  test.each([
    ["no name", "", "name: This field may not be blank."],
    ["a long name", "x".repeat(101), "name: Ensure this field has no more than 100 characters."],
    ["a hidden sign", "a\u202eb", "name: Invisible and direction-changing characters"],
  ])("makes none with %s, and says so", async (_, name, message) => {
    expect(await make(name)).toMatchObject({ status: 400, text: expect.stringContaining(message) });
    expect(await count()).toBe(1);
  });

  test("makes none without an id", async () => {
    expect((await make("x", "1")).status).toBe(400);
    expect(await count()).toBe(1);
  });

  test("makes a hundred and no more", async () => {
    const now = daysAfter(new Date(), 1);
    for (let made = 1; made < 99; made += 1) {
      await env.DB.prepare(
        "INSERT INTO access_tokens (id, user_id, token_hash, expires_date) VALUES (?, ?, ?, ?)",
      )
        .bind(crypto.randomUUID(), user.id, await hashToken(`${user.id}${made}`), now)
        .run();
    }
    expect((await make("the last")).status).toBe(200);
    const refused = await make("one more");
    expect(refused).toMatchObject({
      status: 400,
      text: expect.stringContaining("You have 100 tokens"),
    });
    await remove(user.tokenId);
    expect((await make("one more")).status).toBe(200);
  });

  test("deletes a token, which opens nothing from then on", async () => {
    expect((await user.client.get(SESSIONS)).status).toBe(200);
    expect(await remove(user.tokenId)).toMatchObject({
      status: 303,
      location: `${TOKENS}?deleted`,
    });
    const { status, body } = await user.client.get(SESSIONS);
    expect(status).toBe(401);
    expect(body.detail).toContain("The token has been revoked.");
    expect((await browser.open(TOKENS)).text).toContain("You have no token.");
    expect((await remove(user.tokenId)).status).toBe(400);
  });

  test("deletes nobody else's token", async () => {
    const other = await buildUser();
    expect((await remove(other.tokenId)).status).toBe(400);
    expect((await other.client.get(SESSIONS)).status).toBe(200);
  });

  test("does nothing for a page of somebody else", async () => {
    for (const fields of [
      { action: "make", name: "x", id: crypto.randomUUID() },
      { action: "delete", id: user.tokenId },
    ]) {
      const answers = [
        await browser.submit(TOKENS, fields, { Origin: "https://other.example" }),
        await browser.submit(TOKENS, { ...fields, form_token: "0".repeat(64) }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    }
    expect((await user.client.get(SESSIONS)).status).toBe(200);
    expect(await count()).toBe(1);
  });

  test("leaves entries in the history", async () => {
    const id = crypto.randomUUID();
    await make("server", id);
    await remove(id);
    const { results } = await env.DB.prepare(
      "SELECT user_id, changes FROM history WHERE record_id = ? ORDER BY id",
    )
      .bind(user.id)
      .all<Record<string, string>>();
    expect(results.map(({ user_id }) => user_id)).toEqual([user.id, user.id]);
    const to = { name: "server", token: id };
    expect(results.map(({ changes }) => JSON.parse(changes ?? ""))).toEqual([
      { made_token: { from: null, to } },
      { deleted_token: { from: null, to } },
    ]);
  });
});

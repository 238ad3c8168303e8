import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { daysAfter, toInstant } from "../../src/values/instant.ts";
import { hashToken } from "../../src/values/token.ts";
import { type BuiltUser, buildLab, buildUser, unique } from "../support/builders.ts";
import { clientFor, ORIGIN } from "../support/client.ts";
import { countingClient, faultyClient } from "../support/d1-binding.ts";

const PATH = "/api/private/stem/session/";
const NO_ID = "00000000-0000-4000-8000-000000000000";

interface TokenRow {
  readonly token_hash: string;
  readonly last_used_date: string | null;
  readonly expires_date: string;
  readonly revoked_date: string | null;
}

async function readToken({ tokenId }: BuiltUser): Promise<TokenRow> {
  const row = await env.DB.prepare("SELECT * FROM access_tokens WHERE id = ?")
    .bind(tokenId)
    .first<TokenRow>();
  if (row === null) throw new Error("the token was built");
  return row;
}

async function setToken({ tokenId }: BuiltUser, values: Record<string, unknown>): Promise<void> {
  const set = Object.keys(values).map((column) => `${column} = ?`);
  await env.DB.prepare(`UPDATE access_tokens SET ${set} WHERE id = ?`)
    .bind(...Object.values(values), tokenId)
    .run();
}

const inDays = (days: number) => daysAfter(new Date(), days);
const inSeconds = (seconds: number) => toInstant(new Date(Date.now() + seconds * 1000));

/** The days from now until an instant, rounded. */
const daysUntil = (instant: string) =>
  Math.round((Date.parse(`${instant}Z`) - Date.now()) / 86_400_000);

/** A client that comes back when the request is over with all that it left for afterwards. */
const lastingClient = (user: BuiltUser) => countingClient(user.client.token);

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a bearer token", () => {
  test("is stored as its SHA-256 and in no other form", async () => {
    const user = await buildUser();
    const token = user.client.token ?? "";
    await user.client.get(PATH);
    const { results } = await env.DB.prepare("SELECT * FROM access_tokens").all();
    expect((await readToken(user)).token_hash).toBe(await hashToken(token));
    expect(await hashToken(token)).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(results)).not.toContain(token);
  });

  test("is understood under any capitals of Bearer", async () => {
    const { client } = await buildUser();
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      const Authorization = `${scheme} ${client.token}`;
      expect((await clientFor().send("GET", PATH, undefined, { Authorization })).status).toBe(200);
    }
  });

  test("is not understood with other capitals of its own", async () => {
    const { client } = await buildUser();
    expect((await clientFor(client.token?.toUpperCase()).get(PATH)).status).toBe(401);
  });

  test.each([
    ["yesterday", inDays(-1)],
    ["364 days ago", inDays(-364)],
    ["never", null],
  ])("that was used %s last is valid for a year again", async (_, lastUsed) => {
    const user = await buildUser();
    await setToken(user, { last_used_date: lastUsed, expires_date: inDays(1) });
    const { client, cost } = lastingClient(user);
    expect((await client.get(PATH)).status).toBe(200);
    const row = await readToken(user);
    expect(daysUntil(row.expires_date)).toBe(365);
    expect(row.last_used_date?.slice(0, 10)).toBe(inDays(0).slice(0, 10));
    // The read itself, and what is written down after the answer; no more than once a day.
    expect(cost.roundTrips).toBe(2);
    await client.get(PATH);
    expect(cost.roundTrips).toBe(3);
  });

  test("is extended by its own lifetime", async () => {
    const user = await buildUser();
    await setToken(user, { last_used_date: null, lifetime_days: 30 });
    await lastingClient(user).client.get(PATH);
    expect(daysUntil((await readToken(user)).expires_date)).toBe(30);
  });

  test("is extended by a request that is refused for another reason, too", async () => {
    const user = await buildUser();
    await setToken(user, { last_used_date: inDays(-2), expires_date: inDays(1) });
    expect((await lastingClient(user).client.get(`${PATH}${NO_ID}/`)).status).toBe(404);
    expect(daysUntil((await readToken(user)).expires_date)).toBe(365);
  });

  test("is not touched by the public portal", async () => {
    const user = await buildUser();
    await setToken(user, { last_used_date: inDays(-2) });
    const before = await readToken(user);
    await lastingClient(user).client.get("/api/public/stem/session/");
    expect(await readToken(user)).toEqual(before);
  });

  test("is valid to its last second and not after", async () => {
    const user = await buildUser();
    await setToken(user, { expires_date: inSeconds(60) });
    expect((await user.client.get(PATH)).status).toBe(200);
    await setToken(user, { expires_date: inSeconds(-1) });
    expect((await user.client.get(PATH)).status).toBe(401);
  });

  test.each([
    ["expired", { expires_date: inSeconds(-1) }],
    ["revoked", { revoked_date: inSeconds(-1) }],
  ])("that is %s stays so, however often it is sent", async (_, values) => {
    const user = await buildUser();
    await setToken(user, { last_used_date: inDays(-2), ...values });
    const before = await readToken(user);
    const { client } = lastingClient(user);
    for (let time = 0; time < 2; time += 1) {
      const answer = await client.get(PATH);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
      expect(answer.body).toEqual({ detail: expect.any(String) });
    }
    expect(await readToken(user)).toEqual(before);
  });

  test("that is revoked or whose user is deactivated opens nothing from that moment on", async () => {
    const revoked = await buildUser();
    const deactivated = await buildUser();
    for (const { client } of [revoked, deactivated]) {
      expect((await client.get(PATH)).status).toBe(200);
    }
    await setToken(revoked, { revoked_date: inSeconds(0) });
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(deactivated.id).run();
    for (const { client } of [revoked, deactivated]) {
      expect((await client.get(PATH)).status).toBe(401);
      expect((await client.post(PATH, {})).status).toBe(401);
    }
  });

  test("is compared with the hash that the database found, to the last digit", async () => {
    const { client } = await buildUser();
    const known = await hashToken(client.token ?? "");
    const other = known.slice(0, -1) + (known.endsWith("0") ? "1" : "0");
    const digest = vi.spyOn(crypto.subtle, "timingSafeEqual");
    for (const [found, status] of [
      [known, 200],
      [other, 401],
      [known.slice(0, -1), 401],
    ] as const) {
      const mistaken = faultyClient(client.token, 1, async (journey) =>
        JSON.parse(JSON.stringify(await journey()).replaceAll(known, found)),
      );
      const answer = await mistaken.client.get(PATH);
      expect(answer.status).toBe(status);
      expect("sessions" in answer.body).toBe(status === 200);
    }
    expect(digest).toHaveBeenCalledTimes(2);
  });

  test.each([
    ["has expired", { expires_date: inSeconds(-1) }],
    ["has been revoked", { revoked_date: inSeconds(-1) }],
    ["has been revoked", { revoked_date: inSeconds(-1), expires_date: inSeconds(-1) }],
  ])("that %s says so, on reads and writes, and where to get another", async (reason, values) => {
    const user = await buildUser();
    await setToken(user, values);
    const detail = `The token ${reason}. Get a token at ${ORIGIN}/private/users/tokens/`;
    expect((await user.client.get(PATH)).body).toEqual({ detail });
    expect((await user.client.post(PATH, { name: unique("s"), projects: [NO_ID] })).body).toEqual({
      detail,
    });
  });

  test("that is unknown, or whose user is deactivated, says so", async () => {
    const { id, client } = await buildUser();
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(id).run();
    const deactivated = await client.get(PATH);
    expect(deactivated.body.detail).toContain("a user who has been deactivated.");
    const unknown = await clientFor("bst_unknown").get(PATH);
    expect(unknown.body.detail).toContain("The token is unknown.");
  });

  test("is shown nowhere: in no answer, no header and no log line", async () => {
    const written: unknown[] = [];
    for (const level of ["log", "info", "warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation((...words) => void written.push(...words));
    }
    const { client, user, project } = await buildLab();
    const token = client.token ?? "";
    const { token_hash: tokenHash } = await readToken(user);
    const made = await client.post(PATH, { name: unique("s"), projects: [project.id] });
    const answers = [
      made,
      await client.get(PATH),
      await client.get(`${PATH}${made.body.session.id}/`),
      await client.patch(`${PATH}${made.body.session.id}/`, { name: "" }),
      await client.get(`${PATH}?nonsense=1`),
      await client.get("/api/private/users/user/"),
      await client.get(`/api/private/users/user/${user.id}/`),
      await client.delete(`${PATH}${made.body.session.id}/`),
      await clientFor(`${token}x`).get(PATH),
    ];
    const shown = answers.map(({ text, headers }) => text + JSON.stringify([...headers])).join();
    for (const secret of [token, tokenHash]) {
      expect(shown).not.toContain(secret);
      expect(written.map(String).join()).not.toContain(secret);
    }
    // The log names the token by its id.
    expect(shown).not.toContain(user.tokenId);
  });
});

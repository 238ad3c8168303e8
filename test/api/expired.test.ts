import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { daysAfter } from "../../src/values/instant.ts";
import { type BuiltUser, buildUser } from "../support/builders.ts";

// What goes by itself: the Worker's cron trigger.

const runDaily = () => worker.scheduled(createScheduledController(), env);

const inDays = (days: number) => daysAfter(new Date(), days);

/** Keeps answers for a user, as if they had been given at this instant. */
async function keepAnswers({ id }: BuiltUser, count: number, createdDate: string): Promise<void> {
  await env.DB.prepare(`INSERT INTO idempotency_keys (user_id, key, request_hash, answer, created_date)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
    SELECT ?2, ?3 || i, 'hash', '{}', ?3 FROM n`)
    .bind(count, id, createdDate)
    .run();
}

const countAnswers = ({ id }: BuiltUser) =>
  env.DB.prepare("SELECT count(*) AS n FROM idempotency_keys WHERE user_id = ?")
    .bind(id)
    .first<number>("n");

async function setTokens({ id }: BuiltUser, column: string, value: string): Promise<void> {
  await env.DB.prepare(`UPDATE access_tokens SET ${column} = ? WHERE user_id = ?`)
    .bind(value, id)
    .run();
}

describe("the daily run", () => {
  test("deletes idempotency answers that have had their day, and no others", async () => {
    const user = await buildUser();
    await keepAnswers(user, 3, inDays(-1));
    await keepAnswers(user, 2, inDays(-0.9));
    await runDaily();
    expect(await countAnswers(user)).toBe(2);
  });

  test("deletes the answers to users none of whose tokens opens anything", async () => {
    const [revoked, expired, user] = [await buildUser(), await buildUser(), await buildUser()];
    for (const one of [revoked, expired, user]) await keepAnswers(one, 2, inDays(0));
    await setTokens(revoked, "revoked_date", inDays(-2));
    await setTokens(expired, "expires_date", inDays(-0.1));
    // One token that is good is enough.
    await env.DB.prepare(`INSERT INTO access_tokens (id, user_id, name, token_hash, expires_date, revoked_date)
      SELECT ?, user_id, name, ?, expires_date, ? FROM access_tokens WHERE id = ?`)
      .bind(crypto.randomUUID(), "f".repeat(64), inDays(-2), user.tokenId)
      .run();
    await runDaily();
    expect(await countAnswers(revoked)).toBe(0);
    expect(await countAnswers(expired)).toBe(0);
    expect(await countAnswers(user)).toBe(2);
  });

  test("deletes no more than it may in one run, and goes on in the next", async () => {
    const user = await buildUser();
    await keepAnswers(user, 12_000, inDays(-3));
    const log = vi.spyOn(console, "log").mockReturnValue();
    await runDaily();
    expect(await countAnswers(user)).toBe(2_000);
    await runDaily();
    expect(await countAnswers(user)).toBe(0);
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)).deleted);
    log.mockRestore();
    expect(lines).toEqual([
      expect.objectContaining({ idempotencyAnswers: 10_000, idempotencyAnswersOfNobody: 0 }),
      expect.objectContaining({ idempotencyAnswers: 2_000, idempotencyAnswersOfNobody: 0 }),
    ]);
  });

  test("deletes what has expired of the sign-in, and nothing else", async () => {
    const user = await buildUser();
    const [past, future] = [inDays(-0.02), inDays(0.02)];
    for (const [sign, expires] of [
      ["a", past],
      ["b", future],
    ] as const) {
      const secret = sign.repeat(64);
      const id = () => crypto.randomUUID();
      await env.DB.batch([
        env.DB.prepare(
          `INSERT INTO browser_sessions (id, user_id, secret_hash, way, last_used_date, expires_date)
           VALUES (?, ?, ?, 'sign-in link', ?, ?)`,
        ).bind(id(), user.id, secret, past, expires),
        env.DB.prepare(
          "INSERT INTO sign_in_links (id, user_id, secret_hash, expires_date) VALUES (?, ?, ?, ?)",
        ).bind(id(), user.id, secret, expires),
        env.DB.prepare(
          `INSERT INTO device_authorizations (id, device_code_hash, user_code, client_name, address, expires_date)
           VALUES (?, ?, ?, 'client', 'unknown', ?)`,
        ).bind(id(), secret, sign.repeat(8), expires),
        // A guess has no date of its own for this: it counts for a quarter of an hour.
        env.DB.prepare("INSERT INTO code_guesses (address, created_date) VALUES (?, ?)").bind(
          sign,
          expires === past ? past : inDays(-0.005),
        ),
      ]);
    }
    const log = vi.spyOn(console, "log").mockReturnValue();
    await runDaily();
    const { deleted } = JSON.parse(String(log.mock.calls[0]?.[0]));
    log.mockRestore();
    const each = { browserSessions: 1, signInLinks: 1, deviceAuthorizations: 1, codeGuesses: 1 };
    expect(deleted).toMatchObject(each);
    for (const [table, column] of [
      ["browser_sessions", "secret_hash"],
      ["sign_in_links", "secret_hash"],
      ["device_authorizations", "device_code_hash"],
      ["code_guesses", "address"],
    ]) {
      const { results } = await env.DB.prepare(
        `SELECT substr(${column}, 1, 1) AS sign FROM ${table}`,
      ).all();
      expect(results, table).toEqual([{ sign: "b" }]);
    }
  });
});

import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { app } from "../../src/app.ts";
import { buildLab, buildUser, unique } from "../support/builders.ts";
import { type Client, clientFor, ORIGIN } from "../support/client.ts";
import { countedDatabase } from "../support/d1-binding.ts";

const SESSIONS = "/api/private/stem/session/";
const PUBLIC_SESSIONS = "/api/public/stem/session/";

type Limits = Pick<Cloudflare.Env, "RATE_LIMIT_BY_ADDRESS" | "RATE_LIMIT_BY_TOKEN">;

/** A client of a Worker with these limits. */
function limited(limits: Limits, token?: string, settings: Partial<Cloudflare.Env> = {}): Client {
  return clientFor(token, async (request) => {
    const context = createExecutionContext();
    const answer = await app.fetch(request, { ...env, ...settings, ...limits }, context);
    await waitOnExecutionContext(context);
    return answer;
  });
}

/** A rate limit as the platform binds it, of so many requests for each key. */
function limitOf(most: number): RateLimit & { readonly keys: string[] } {
  const keys: string[] = [];
  return {
    keys,
    limit: async ({ key }) => {
      keys.push(key);
      return { success: keys.filter((other) => other === key).length <= most };
    },
  };
}

const limitsOf = (byAddress: number, byToken: number) => ({
  RATE_LIMIT_BY_ADDRESS: limitOf(byAddress),
  RATE_LIMIT_BY_TOKEN: limitOf(byToken),
});

const from = (address: string) => ({ "CF-Connecting-IP": address });

async function statusesOf(times: number, send: () => Promise<{ status: number }>) {
  const statuses: number[] = [];
  while (statuses.length < times) statuses.push((await send()).status);
  return statuses;
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a stranger may send, with headers that once took a request out of the count. */
const STRANGE: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  "",
  "Bearer bst_guessed",
  "Bearer",
  "Basic YTpi",
].flatMap((authorization) => {
  const headers: Record<string, string> =
    authorization === "" ? {} : { Authorization: authorization };
  const preflight = { Origin: "https://lab.example", "Access-Control-Request-Method": "GET" };
  return [
    ["GET", PUBLIC_SESSIONS, headers],
    ["GET", SESSIONS, headers],
    ["POST", SESSIONS, headers],
    ["GET", "/api/health", headers],
    ["GET", "/api/openapi.json", headers],
    ["GET", "/nowhere", headers],
    ["GET", "/api/private/nowhere", headers],
    ["GET", `${ORIGIN}//api/private/stem/session/`, headers],
    ["PUT", SESSIONS, headers],
    ["OPTIONS", SESSIONS, headers],
    ["OPTIONS", SESSIONS, { ...headers, ...preflight }],
  ] as const;
});

describe("the limit by address", () => {
  test.each(STRANGE)("counts %s %s with %o once, before the database", async (...request) => {
    const [method, path, headers] = request;
    const limits = limitsOf(2, 0);
    const { binding, cost } = countedDatabase();
    const client = limited(limits, undefined, { DB: binding, CORS_ORIGINS: "*" });
    const send = () => client.send(method, path, undefined, { ...headers, ...from("192.0.2.1") });
    const statuses = await statusesOf(2, send);
    expect(statuses).not.toContain(429);
    const { roundTrips } = cost;
    expect(await statusesOf(3, send)).toEqual([429, 429, 429]);
    expect(cost.roundTrips).toBe(roundTrips);
    expect(limits.RATE_LIMIT_BY_ADDRESS.keys).toEqual(Array(5).fill("192.0.2.1"));
    expect(limits.RATE_LIMIT_BY_TOKEN.keys).toEqual([]);
  });

  test("holds for a good token on the public portal, too", async () => {
    const { client } = await buildUser();
    const limits = limitsOf(3, 100);
    const good = limited(limits, client.token);
    expect((await good.get(SESSIONS)).status).toBe(200);
    const statuses = await statusesOf(4, () => good.get(PUBLIC_SESSIONS));
    expect(statuses).toEqual([200, 200, 429, 429]);
    expect((await good.get(SESSIONS)).status).toBe(200);
  });

  test("holds for all addresses of a subscriber, and for nobody else", async () => {
    const client = limited(limitsOf(2, 0));
    const ask = (address: string) => client.send("GET", "/nowhere", undefined, from(address));
    expect((await ask("2001:db8:1:2::1")).status).toBe(404);
    expect((await ask("2001:DB8:1:2:ffff:ffff:ffff:ffff")).status).toBe(404);
    expect((await ask("2001:db8:1:2:a::")).status).toBe(429);
    expect((await ask("2001:db8:1:3::1")).status).toBe(404);
    expect((await ask("192.0.2.2")).status).toBe(404);
  });

  test("takes all that come from nowhere for one", async () => {
    const limits = limitsOf(1, 0);
    expect(await statusesOf(2, () => limited(limits).get("/nowhere"))).toEqual([404, 429]);
  });
});

describe("the limit by token", () => {
  test("is a 429 that says when to come back, and holds for that token alone", async () => {
    const [one, two] = [await buildLab(), await buildLab()];
    const limits = limitsOf(100, 3);
    const first = limited(limits, one.client.token);
    expect((await first.get(SESSIONS)).status).toBe(200);
    expect(await statusesOf(5, () => first.get(SESSIONS))).toEqual([200, 200, 200, 429, 429]);
    const refused = await first.post(SESSIONS, { name: "x", projects: [one.project.id] });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(refused.body).toEqual({ detail: expect.stringContaining("Too many requests") });
    const second = limited(limits, two.client.token);
    expect(await statusesOf(2, () => second.get(SESSIONS))).toEqual([200, 200]);
    expect(limits.RATE_LIMIT_BY_TOKEN.keys.join()).not.toContain(one.client.token);
    // The first request of each, before the token was known.
    expect(limits.RATE_LIMIT_BY_ADDRESS.keys).toHaveLength(2);
  });

  test("holds from the first request on that found the token good, whatever was refused in it", async () => {
    const { client } = await buildUser();
    const limits = limitsOf(1, 100);
    const good = limited(limits, client.token);
    expect((await good.post(SESSIONS, { name: unique("x"), projects: [] })).status).toBe(400);
    expect((await good.get(`${SESSIONS}00000000-0000-4000-8000-000000000000/`)).status).toBe(404);
    expect((await good.get(SESSIONS)).status).toBe(200);
    expect(limits.RATE_LIMIT_BY_ADDRESS.keys).toHaveLength(1);
  });

  test("is no refuge for a token that is revoked", async () => {
    const { client, tokenId } = await buildUser();
    const limits = limitsOf(2, 100);
    const revoked = limited(limits, client.token);
    expect((await revoked.get(SESSIONS)).status).toBe(200);
    await env.DB.prepare(
      "UPDATE access_tokens SET revoked_date = '2020-01-01T00:00:00' WHERE id = ?",
    )
      .bind(tokenId)
      .run();
    // One by the token, which is found out; from then on it is a stranger's.
    expect(await statusesOf(4, () => revoked.get(SESSIONS))).toEqual([401, 401, 429, 429]);
    expect(limits.RATE_LIMIT_BY_TOKEN.keys).toHaveLength(1);
  });

  test("counts every request of a client in a loop", async () => {
    const { client } = await buildUser();
    const limits = limitsOf(1, 70);
    const looping = limited(limits, client.token);
    await looping.get(SESSIONS);
    const statuses = await statusesOf(80, () => looping.get(SESSIONS));
    expect(statuses.indexOf(429)).toBe(70);
    expect(statuses.lastIndexOf(200)).toBe(69);
  });
});

describe("a rate limit", () => {
  test("of the platform refuses whoever is over it", async () => {
    const { client } = await buildUser();
    const limits = {
      RATE_LIMIT_BY_ADDRESS: env.LIMIT_OF_THREE,
      RATE_LIMIT_BY_TOKEN: env.LIMIT_OF_THREE,
    };
    const address = from("192.0.2.77");
    const stranger = () => limited(limits).send("GET", "/nowhere", undefined, address);
    const bearer = () =>
      limited(limits, client.token).send("GET", SESSIONS, undefined, from("192.0.2.78"));
    // A window of the platform may end in between: three more are let through then.
    for (const send of [stranger, bearer]) {
      const statuses = await statusesOf(10, send);
      const refused = statuses.filter((status) => status === 429).length;
      expect(refused).toBeGreaterThanOrEqual(3);
      expect(statuses[0]).not.toBe(429);
    }
  });

  test("that does not answer lets requests through, and is in the log", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    const broken: RateLimit = { limit: () => Promise.reject(new Error("no limit today")) };
    const limits = { RATE_LIMIT_BY_ADDRESS: broken, RATE_LIMIT_BY_TOKEN: broken };
    const { status, headers } = await limited(limits).get("/api/health");
    expect(status).toBe(200);
    expect(log).toHaveBeenCalledOnce();
    const line = JSON.parse(String(log.mock.calls[0]?.[0]));
    expect(line).toEqual({
      requestId: headers.get("X-Request-Id"),
      error: expect.stringContaining("no limit today"),
    });
  });

  test("that is not bound is none", async () => {
    const limits = { RATE_LIMIT_BY_ADDRESS: undefined, RATE_LIMIT_BY_TOKEN: undefined };
    expect((await limited(limits as unknown as Limits).get("/api/health")).status).toBe(200);
  });

  test("that refuses a page of another origin can be read there", async () => {
    const client = limited(limitsOf(0, 0), undefined, { CORS_ORIGINS: "https://lab.example" });
    const origin = { Origin: "https://lab.example" };
    const { status, headers } = await client.send("GET", SESSIONS, undefined, origin);
    expect(status).toBe(429);
    expect(headers.get("Access-Control-Allow-Origin")).toBe("https://lab.example");
  });
});

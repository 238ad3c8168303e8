import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { app } from "../../src/app.ts";
import { buildLab, buildSession, unique } from "../support/builders.ts";
import { clientFor } from "../support/client.ts";

const SESSIONS = "/api/private/stem/session/";
const HEALTH = "/api/health";

/** A client of a Worker that is configured otherwise. */
const configured = (settings: Partial<Cloudflare.Env>, token?: string) =>
  clientFor(token, async (request) => {
    const context = createExecutionContext();
    const answer = await app.fetch(request, { ...env, ...settings }, context);
    await waitOnExecutionContext(context);
    return answer;
  });

/** A rate limit as the platform binds it, of so many requests for each key. */
function limitOf(most: number): RateLimit & { readonly keys: readonly string[] } {
  const keys: string[] = [];
  return {
    keys,
    limit: async ({ key }) => {
      keys.push(key);
      return { success: keys.filter((other) => other === key).length <= most };
    },
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** An answer of every kind. */
async function answersOfEveryKind() {
  const { client, project } = await buildLab();
  const { id } = await buildSession({ projects: [project] });
  const anyone = clientFor();
  return [
    await client.get(SESSIONS),
    await client.get(`${SESSIONS}${id}/`),
    await client.post(SESSIONS, { name: unique("headers"), projects: [project.id] }),
    await client.post(SESSIONS, {}),
    await client.send("POST", SESSIONS, "{}", { "Content-Type": "text/plain" }),
    await client.get(`${SESSIONS}nothing/`),
    await client.send("PUT", SESSIONS, {}),
    await client.send("OPTIONS", SESSIONS),
    await client.send("HEAD", SESSIONS),
    await client.delete(`${SESSIONS}${id}/`),
    await anyone.get(SESSIONS),
    await anyone.get("/api/public/stem/session/"),
    await anyone.get("/nowhere"),
    await anyone.get(HEALTH),
    await anyone.get("/api/openapi.json"),
  ];
}

describe("every answer", () => {
  test("keeps a browser from making more of it than JSON, and caches from keeping it", async () => {
    for (const { status, headers } of await answersOfEveryKind()) {
      expect(Object.fromEntries(headers), String(status)).toMatchObject({
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
        "strict-transport-security": expect.stringContaining("max-age="),
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers.has("X-Powered-By")).toBe(false);
    }
  });

  test("has a request id of its own, and says what it cost and no more", async () => {
    const answers = await answersOfEveryKind();
    const ids = answers.map(({ headers }) => headers.get("X-Request-Id"));
    expect(new Set(ids).size).toBe(answers.length);
    for (const { headers } of answers) {
      expect(headers.get("Server-Timing")).toMatch(
        /^total;dur=\d+, db;dur=\d+;desc="\d round trips"$/,
      );
    }
  });
});

describe("pages of other origins", () => {
  const LAB = "https://lab.example";
  const asking = { Origin: LAB, "Access-Control-Request-Method": "PATCH" };

  test("may not call without being named", async () => {
    for (const CORS_ORIGINS of ["", "https://other.example", "https://lab.example.evil"]) {
      const client = configured({ CORS_ORIGINS });
      const asked = await client.send("OPTIONS", SESSIONS, undefined, asking);
      const read = await client.send("GET", HEALTH, undefined, { Origin: LAB });
      expect(asked.headers.has("Access-Control-Allow-Origin")).toBe(false);
      expect(read.headers.has("Access-Control-Allow-Origin")).toBe(false);
    }
  });

  test.each([
    ["by name", "https://other.example, https://lab.example", LAB],
    ["as any", "*", "*"],
  ])("may call when they are named, %s", async (_, CORS_ORIGINS, shown) => {
    const client = configured({ CORS_ORIGINS });
    const { status, headers } = await client.send("OPTIONS", SESSIONS, undefined, asking);
    expect(status).toBe(204);
    expect(headers.get("Access-Control-Allow-Origin")).toBe(shown);
    expect(headers.get("Access-Control-Allow-Methods")).toContain("PATCH");
    for (const name of ["Authorization", "Content-Type", "Idempotency-Key", "If-Match"]) {
      expect(headers.get("Access-Control-Allow-Headers")).toContain(name);
    }
    // A cookie is nothing to this API: a token is sent by whoever has it.
    expect(headers.has("Access-Control-Allow-Credentials")).toBe(false);
    const read = await client.send("GET", HEALTH, undefined, { Origin: LAB });
    expect(read.headers.get("Access-Control-Allow-Origin")).toBe(shown);
    expect(read.headers.get("Access-Control-Expose-Headers")).toContain("ETag");
  });

  test("an OPTIONS that asks for no leave tells the methods still", async () => {
    const { status, headers } = await configured({ CORS_ORIGINS: "*" }).send("OPTIONS", SESSIONS);
    expect(status).toBe(204);
    expect(headers.get("Allow")).toContain("POST");
  });
});

describe("GET /api/health", () => {
  test("tells that the database answers, and its schema, to anyone", async () => {
    const { status, body } = await clientFor().get(HEALTH);
    expect(status).toBe(200);
    expect(body).toEqual({ status: "ok", schema: env.MIGRATIONS.at(-1)?.name });
  });

  test("is read and nothing else", async () => {
    const answer = await clientFor().post(HEALTH, {});
    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
  });
});

describe("a rate limit", () => {
  test("by token is a 429 that says when to come back, and holds for that token alone", async () => {
    const [one, two] = [await buildLab(), await buildLab()];
    const RATE_LIMIT_BY_TOKEN = limitOf(3);
    const first = configured({ RATE_LIMIT_BY_TOKEN }, one.client.token);
    const statuses: number[] = [];
    for (let request = 0; request < 5; request += 1) {
      statuses.push((await first.get(SESSIONS)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await first.post(SESSIONS, { name: "x", projects: [one.project.id] });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(refused.body).toEqual({ detail: expect.stringContaining("Too many requests") });
    const second = await configured({ RATE_LIMIT_BY_TOKEN }, two.client.token).get(SESSIONS);
    expect(second.status).toBe(200);
    expect(RATE_LIMIT_BY_TOKEN.keys.join()).not.toContain(one.client.token);
  });

  test("by address holds for all there without a good token, and for nobody else", async () => {
    const { client } = await buildLab();
    const RATE_LIMIT_BY_ADDRESS = limitOf(2);
    const headers = { "CF-Connecting-IP": "192.0.2.1" };
    const read = async (portal: string, from: HeadersInit, token?: string) => {
      const there = configured({ RATE_LIMIT_BY_ADDRESS }, token);
      return (await there.send("GET", `/api/${portal}/stem/session/`, undefined, from)).status;
    };
    expect(await read("public", headers)).toBe(200);
    expect(await read("private", headers, "bst_guessed")).toBe(401);
    expect(await read("private", headers, "bst_guessed")).toBe(429);
    expect(await read("public", headers)).toBe(429);
    expect(await read("private", headers, client.token)).toBe(200);
    expect(await read("public", { "CF-Connecting-IP": "192.0.2.2" })).toBe(200);
  });

  test("by address counts each request once, with a token that opens nothing or with none", async () => {
    const RATE_LIMIT_BY_ADDRESS = limitOf(10);
    const from = { "CF-Connecting-IP": "192.0.2.3" };
    await configured({ RATE_LIMIT_BY_ADDRESS }).send("GET", SESSIONS, undefined, from);
    expect(RATE_LIMIT_BY_ADDRESS.keys).toHaveLength(1);
    await configured({ RATE_LIMIT_BY_ADDRESS }, "bst_no").send("GET", SESSIONS, undefined, from);
    expect(RATE_LIMIT_BY_ADDRESS.keys).toHaveLength(2);
  });

  test("counts a client in a loop by fifties, and lets none through that is over it", async () => {
    const { client } = await buildLab();
    const RATE_LIMIT_BY_TOKEN = limitOf(23);
    // All within one window, a new one.
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    const looping = configured({ RATE_LIMIT_BY_TOKEN }, client.token);
    const statuses: number[] = [];
    for (let request = 0; request < 270; request += 1) {
      statuses.push((await looping.get(SESSIONS)).status);
    }
    // Twenty one by one, then the 50th, the 100th and the 150th; the 200th is one too many.
    expect(statuses.lastIndexOf(200)).toBe(198);
    expect(statuses.indexOf(429)).toBe(199);
  });

  test("is not there where it is not bound, and is not met by a client in a loop", async () => {
    const { client } = await buildLab();
    const answers = await Promise.all(Array.from({ length: 300 }, () => client.get(SESSIONS)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

describe("the log", () => {
  test.each([
    [
      "/api/private/stem/sessiondatastorage/reorder/",
      "/api/private/stem/sessiondatastorage/reorder",
    ],
    ["/nowhere", "*"],
  ])("names the route of %s as it is mounted", async (path, route) => {
    const log = vi.spyOn(console, "log").mockReturnValue();
    await configured({}).post(path, {});
    expect(JSON.parse(String(log.mock.calls[0]?.[0]))).toMatchObject({ route });
  });

  test("has one line for a request: what it was, whose, and what it cost", async () => {
    const { client, user, project } = await buildLab();
    const { id } = await buildSession({ projects: [project] });
    const log = vi.spyOn(console, "log").mockReturnValue();
    const { headers } = await configured({}, client.token).get(`${SESSIONS}${id}/`);
    expect(log).toHaveBeenCalledOnce();
    expect(JSON.parse(String(log.mock.calls[0]?.[0]))).toEqual({
      requestId: headers.get("X-Request-Id"),
      method: "GET",
      route: "/api/private/stem/session/:id",
      status: 200,
      userId: user.id,
      roundTrips: 1,
      rowsRead: expect.any(Number),
      rowsWritten: 0,
      duration: expect.any(Number),
    });
  });

  test("holds no token, no query and no body, whatever becomes of the request", async () => {
    const { client, project } = await buildLab();
    const lines: unknown[] = [];
    for (const channel of ["log", "error", "warn", "info", "debug"] as const) {
      vi.spyOn(console, channel).mockImplementation((...given) => void lines.push(given));
    }
    const known = configured({}, client.token);
    const secret = unique("secret");
    await known.get(`${SESSIONS}?filter{name}=${secret}`);
    await known.get(`${SESSIONS}?${secret}=1`);
    await known.post(SESSIONS, { name: secret, projects: [project.id] });
    await known.post(SESSIONS, { [secret]: secret });
    await known.send("POST", SESSIONS, `{"${secret}`);
    await known.get(`${SESSIONS}${secret}/`);
    await configured({}, `bst_${secret}`).get(SESSIONS);
    expect(lines).toHaveLength(7);
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect(JSON.stringify(lines)).not.toContain(client.token);
  });
});

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
    for (const name of [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-Match",
      "If-None-Match",
      "X-D1-Bookmark",
    ]) {
      expect(headers.get("Access-Control-Allow-Headers")).toContain(name);
    }
    // A cookie is nothing to this API: a token is sent by whoever has it.
    expect(headers.has("Access-Control-Allow-Credentials")).toBe(false);
    const read = await client.send("GET", HEALTH, undefined, { Origin: LAB });
    expect(read.headers.get("Access-Control-Allow-Origin")).toBe(shown);
    for (const name of ["ETag", "X-D1-Bookmark"]) {
      expect(read.headers.get("Access-Control-Expose-Headers")).toContain(name);
    }
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
      tokenId: user.tokenId,
      roundTrips: 1,
      rowsRead: expect.any(Number),
      rowsWritten: 0,
      servedByPrimary: true,
      duration: expect.any(Number),
    });
  });

  test.each([
    ["a-client.of_64-signs".padEnd(64, "0"), true],
    ["7", true],
    ["x".repeat(65), false],
    ['"} {"status":200', false],
    ["two words", false],
    ["", false],
  ])("has the request id of a client, %s, beside a new one: %s", async (sent, isLogged) => {
    const log = vi.spyOn(console, "log").mockReturnValue();
    const header = { "X-Request-Id": sent };
    const { headers } = await configured({}).send("GET", HEALTH, undefined, header);
    const line = JSON.parse(String(log.mock.calls[0]?.[0]));
    expect(line.clientRequestId).toBe(isLogged ? sent : undefined);
    expect(line.requestId).toBe(headers.get("X-Request-Id"));
    expect(line.requestId).toMatch(/^[0-9a-f-]{36}$/);
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

import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { routes } from "../../src/routes.ts";
import { buildLab, buildSession, buildUser, type Lab, unique } from "../support/builders.ts";
import { clientFor, ORIGIN } from "../support/client.ts";
import { clientOn, DATABASE_FAULTS, faultyClient } from "../support/d1-binding.ts";
import { cookieClient, type Replicated, replicatedDatabase } from "../support/replica.ts";
import { requireFixture } from "../support/route-fixtures/all.ts";
import { nameOf, type RouteName } from "../support/route-fixtures/fixture.ts";

const PATH = "/api/private/stem/session/";
const HEADER = "X-D1-Bookmark";
const BOOKMARK = /^[0-9a-f]{8}(-[0-9a-f]{8}){2}-[0-9a-f]{32}$/;
const FAR = "ffffffff-ffffffff-ffffffff-ffffffffffffffffffffffffffffffff";

let replicated: Replicated;
let lab: Lab;
let path: string;

beforeEach(async () => {
  lab = await buildLab();
  const { id } = await buildSession({ projects: [lab.project] });
  path = `${PATH}${id}/`;
  await change("old");
  await env.DB.prepare("UPDATE access_tokens SET last_used_date = '2999-01-01T00:00:00'").run();
  replicated = await replicatedDatabase();
});

/** A client of the replicated database that keeps no cookies. */
const plain = (token: string | undefined = lab.client.token) => clientOn(replicated.binding, token);

/** Revokes the token of the lab's user. */
const revoke = () =>
  env.DB.prepare("UPDATE access_tokens SET revoked_date = '2026-01-01T00:00:00' WHERE user_id = ?")
    .bind(lab.user.id)
    .run();

const anyone = () => clientOn(replicated.binding, undefined);

/** A client that keeps cookies. */
const keeper = () => cookieClient(replicated.binding, lab.client.token);

/** What another client does. */
const change = (description: string) => lab.client.patch(path, { description });

describe.each(routes.map((route) => [nameOf(route), route] as const))("%s", (name, route) => {
  test.each(route.portals)("asks where it should in the %s portal", async (portal) => {
    const user = await buildUser();
    const { client } = user;
    const target = await requireFixture(route).fixture.build({
      isPublic: true,
      users: { owner: [user] },
    });
    await replicated.catchUp();
    const start = portal === "public" ? "first-unconstrained" : "first-primary";
    const answer = await plain(client.token).send(
      route.method.toUpperCase(),
      `/api/${portal}${route.path.replace(":id", target.id)}/`,
      target.bodies[name as RouteName],
    );
    expect(answer.status).toBe(route.answers.status);
    expect(replicated.asked[0]).toBe(start);
    expect(answer.headers.has(HEADER)).toBe(portal === "private");
    expect(answer.headers.getSetCookie()).toHaveLength(portal === "private" ? 1 : 0);
  });
});

describe("a private read", () => {
  test("without a bookmark sees the newest state, and gets its bookmark", async () => {
    await change("new");
    const answer = await plain().get(path);
    expect(answer.body.session.description).toBe("new");
    expect(replicated.asked).toEqual(["first-primary"]);
    expect(answer.headers.get(HEADER)).toMatch(BOOKMARK);
  });

  test("with the bookmark of the last answer may come from a replica", async () => {
    const client = keeper();
    await client.get(path);
    const seen = [...client.cookies.values()];
    await replicated.catchUp();
    await change("new");
    const again = await client.get(path);
    expect(replicated.asked).toEqual(["first-primary", ...seen]);
    expect(replicated.answeredBy).toEqual(["primary", "replica"]);
    expect(again.body.session.description).toBe("old");
  });

  test("takes the bookmark from the header, too", async () => {
    const bookmark = (await plain().get(path)).headers.get(HEADER) ?? "";
    await replicated.catchUp();
    await plain().send("GET", path, undefined, { [HEADER]: bookmark });
    expect(replicated.asked.at(-1)).toBe(bookmark);
    expect(replicated.answeredBy.at(-1)).toBe("replica");
  });

  test("takes the newest of several bookmarks", async () => {
    const client = keeper();
    const older = (await client.get(path)).headers.get(HEADER) ?? "";
    const newer = (await client.get(path)).headers.get(HEADER) ?? "";
    expect(newer > older).toBe(true);
    await client.send("GET", path, undefined, { [HEADER]: older });
    expect(replicated.asked.at(-1)).toBe(newer);
  });

  test("sets its cookie again only when the state is another", async () => {
    const client = keeper();
    await client.get(path);
    await replicated.catchUp();
    const moved = await client.get(path);
    const still = await client.get(path);
    expect(moved.headers.getSetCookie()).toHaveLength(1);
    expect(still.headers.getSetCookie()).toHaveLength(0);
    expect(still.headers.get(HEADER)).toBe(moved.headers.get(HEADER));
  });

  test.each([
    ["nothing", ""],
    ["a constraint", "first-unconstrained"],
    ["another constraint", "first-primary"],
    ["a word", "garbage"],
    ["one in upper case", FAR.toUpperCase()],
    ["one too long", `${FAR}0`],
    ["one too short", FAR.slice(1)],
    ["one with another letter", FAR.replace(/f$/, "g")],
    ["a long text", "x".repeat(5_000)],
    ["a letter that no header has", "é"],
  ])("with %s in place of a bookmark is one without", async (_, text) => {
    for (const headers of [
      { [HEADER]: text },
      { Cookie: `brainstem-d1-read=${text}; brainstem-d1-write=${encodeURIComponent(text)}` },
    ]) {
      const answer = await plain().send("GET", path, undefined, headers);
      expect(answer.status).toBe(200);
      expect(replicated.asked.at(-1)).toBe("first-primary");
    }
  });

  test("with the bookmark of another user sees what its own caller may see", async () => {
    const other = await buildUser();
    const bookmark = (await lab.client.get(path)).headers.get(HEADER) ?? "";
    const headers = { [HEADER]: bookmark };
    const answer = await plain(other.client.token).send("GET", path, undefined, headers);
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain("old");
  });
});

describe("a client reads its own writes while the replica lags", () => {
  test("with cookies", async () => {
    const client = keeper();
    await client.get(path);
    await client.patch(path, { description: "mine" });
    expect((await client.get(path)).body.session.description).toBe("mine");
    const made = await client.post(PATH, { name: unique("mine"), projects: [lab.project.id] });
    const { id } = made.body.session;
    expect((await client.get(`${PATH}${id}/`)).status).toBe(200);
    expect((await client.get(`${PATH}?filter{id}=${id}`)).body.count).toBe(1);
    await client.delete(`${PATH}${id}/`);
    expect((await client.get(`${PATH}?filter{id}=${id}`)).body.count).toBe(0);
  });

  test("with the header", async () => {
    const { headers } = await plain().patch(path, { description: "mine" });
    const bookmark = { [HEADER]: headers.get(HEADER) ?? "" };
    const read = await plain().send("GET", path, undefined, bookmark);
    expect(read.body.session.description).toBe("mine");
    expect(replicated.asked.at(-1)).toBe(bookmark[HEADER]);
  });

  test("with cookies, when the answer to an earlier read arrives last", async () => {
    const client = keeper();
    const early = await plain().get(path);
    await replicated.catchUp();
    await client.patch(path, { description: "mine" });
    const [late = ""] = early.headers.getSetCookie();
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(late) ?? [];
    (client.cookies as Map<string, string>).set(name, value);
    expect((await client.get(path)).body.session.description).toBe("mine");
  });

  test("a bookmark that the replica has reached leads there", async () => {
    const client = keeper();
    await client.patch(path, { description: "mine" });
    await replicated.catchUp();
    expect((await client.get(path)).body.session.description).toBe("mine");
    expect(replicated.answeredBy.at(-1)).toBe("replica");
  });

  test("a write that gets no answer leaves no bookmark behind, so that the next read finds out", async () => {
    const client = keeper();
    await client.get(path);
    const lost = DATABASE_FAULTS["is done, but its answer is lost"];
    if (lost === undefined) throw new Error("No such fault");
    const faulty = faultyClient(lab.client.token, 1, lost).client;
    const answer = await faulty.patch(path, { description: "mine" });
    expect(answer.status).toBe(503);
    const forgotten = answer.headers.getSetCookie();
    expect(forgotten).toHaveLength(2);
    for (const name of client.cookies.keys()) {
      expect(forgotten.some((text) => text.startsWith(`${name}=; Max-Age=0;`))).toBe(true);
    }
  });
});

describe("a read that fails at a replica is asked once more, from the primary", () => {
  test("for a token that the replica does not know yet", async () => {
    const client = keeper();
    await client.get(path);
    await replicated.catchUp();
    const headers = { [HEADER]: [...client.cookies.values()].join() };
    const user = await buildUser();
    const answer = await plain(user.client.token).send("GET", PATH, undefined, headers);
    expect(answer.status).toBe(200);
    expect(replicated.answeredBy.slice(1)).toEqual(["replica", "primary"]);
  });

  test("for an object that the replica does not have yet", async () => {
    const client = keeper();
    await client.get(path);
    await replicated.catchUp();
    const { id } = await buildSession({ projects: [lab.project] });
    expect((await client.get(`${PATH}${id}/`)).status).toBe(200);
    expect((await client.get(`${PATH}${crypto.randomUUID()}/`)).status).toBe(404);
  });

  test("for a bookmark that no replica reaches", async () => {
    replicated.breakReplica();
    const headers = { [HEADER]: FAR };
    const answer = await plain().send("GET", path, undefined, headers);
    expect(answer.status).toBe(200);
    expect(replicated.asked).toEqual([FAR, "first-primary"]);
    expect(answer.headers.get(HEADER)).not.toBe(FAR);
    expect(answer.headers.getSetCookie()).toHaveLength(1);
  });

  test("which decides on the token again", async () => {
    const client = keeper();
    await client.get(path);
    await replicated.catchUp();
    await revoke();
    const answer = await client.get(`${PATH}${crypto.randomUUID()}/`);
    expect(answer.status).toBe(401);
    expect(answer.headers.has(HEADER)).toBe(false);
  });

  test("and a query with faults is not", async () => {
    const client = keeper();
    await client.get(path);
    await replicated.catchUp();
    expect((await client.get(`${PATH}?nothing=1`)).status).toBe(400);
    expect(replicated.answeredBy).toEqual(["primary", "replica"]);
  });
});

describe("a token that has been revoked", () => {
  test("writes no more, and reads only what a lagging replica shows to its bookmark", async () => {
    const client = keeper();
    await client.get(path);
    await replicated.catchUp();
    await revoke();
    expect((await client.patch(path, { description: "mine" })).status).toBe(401);
    expect((await plain().get(path)).status).toBe(401);
    expect((await client.get(path)).status).toBe(200);
    await replicated.catchUp();
    expect((await client.get(path)).status).toBe(401);
  });
});

describe("a write", () => {
  test("reads its If-Match from the primary, whatever the client brings", async () => {
    const client = keeper();
    const read = await client.get(path);
    await replicated.catchUp();
    await change("new");
    const headers = { "If-Match": read.headers.get("ETag") ?? "" };
    const stale = await client.send("PATCH", path, { description: "mine" }, headers);
    expect(stale.status).toBe(412);
    expect(new Set(replicated.asked)).toEqual(new Set(["first-primary"]));
  });

  test("replays the answer of an Idempotency-Key from the primary", async () => {
    const client = keeper();
    await client.get(path);
    await replicated.catchUp();
    const body = { name: unique("once"), projects: [lab.project.id] };
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const first = await client.send("POST", PATH, body, headers);
    const second = await client.send("POST", PATH, body, headers);
    expect(second.body).toEqual(first.body);
    expect(new Set(replicated.asked)).toEqual(new Set(["first-primary"]));
  });

  test("that is refused tells the bookmark of what it has seen", async () => {
    const answer = await plain().post(PATH, {});
    expect(answer.status).toBe(400);
    expect(answer.headers.get(HEADER)).toMatch(BOOKMARK);
  });
});

describe("the public portal", () => {
  const PUBLIC = "/api/public/stem/session/";

  test("reads from anywhere, whatever is brought, and gives neither header nor cookie", async () => {
    await env.DB.prepare("UPDATE projects SET is_public = 1 WHERE id = ?")
      .bind(lab.project.id)
      .run();
    const headers = { [HEADER]: FAR, Cookie: `brainstem-d1-write=${FAR}` };
    const address = path.replace(PATH, PUBLIC);
    const before = await anyone().send("GET", address, undefined, headers);
    expect(before.status).toBe(404);
    await replicated.catchUp();
    const after = await anyone().send("GET", address, undefined, headers);
    expect(after.status).toBe(200);
    expect(replicated.asked).toEqual(["first-unconstrained", "first-unconstrained"]);
    for (const answer of [before, after]) {
      expect(answer.headers.has(HEADER)).toBe(false);
      expect(answer.headers.has("Set-Cookie")).toBe(false);
    }
  });
});

describe("a bookmark", () => {
  test("is told to nobody without a valid token", async () => {
    const answers = [
      await plain("bst_unknown").get(PATH),
      await plain("bst_unknown").post(PATH, {}),
      await clientFor().get(PATH),
      await clientFor().get("/api/health"),
      await clientFor().get("/api/openapi.json"),
      await clientFor().get("/nowhere"),
    ];
    for (const { headers } of answers) {
      expect(headers.has(HEADER)).toBe(false);
      expect(headers.has("Set-Cookie")).toBe(false);
    }
  });

  test.each([
    [ORIGIN, true],
    ["http://lab.example", true],
    ["http://127.0.0.1:8787", false],
    ["http://localhost:8787", false],
    ["http://[::1]:8787", false],
    ["https://localhost", true],
  ])("has a cookie at %s, secure: %s", async (origin, isSecure) => {
    const { headers } = await lab.client.get(`${origin}${path}`);
    const [, value = "", rest] =
      /^brainstem-d1-read=([^;]*); (.*)$/.exec(headers.get("Set-Cookie") ?? "") ?? [];
    expect(value).toMatch(BOOKMARK);
    const secure = isSecure ? "; Secure" : "";
    expect(rest).toBe(`Max-Age=600; Path=/api/private/; HttpOnly${secure}; SameSite=Lax`);
  });

  test("of a write outlives that of a read, which may be older", async () => {
    const { headers } = await change("new");
    expect(headers.get("Set-Cookie")).toMatch(/^brainstem-d1-write=[^;]*; Max-Age=1200;/);
  });

  test("health, and what follows a request, ask the primary", async () => {
    await env.DB.prepare("UPDATE access_tokens SET last_used_date = NULL").run();
    await anyone().get("/api/health");
    await plain().get(path);
    const { asked } = replicated;
    const last = "always-primary";
    expect(asked).toEqual([...asked.slice(0, -2).map(() => last), "first-primary", last]);
    expect(asked.length).toBeGreaterThan(2);
  });
});

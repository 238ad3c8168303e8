import { beforeAll, describe, expect, test } from "vitest";
import {
  type BuiltUser,
  buildLab,
  buildProject,
  buildSession,
  buildUser,
} from "../../support/builders.ts";
import { type Answer, clientFor, ORIGIN } from "../../support/client.ts";

const PATH = "/api/private/stem/session/";
const PUBLIC_PATH = "/api/public/stem/session/";

const namesIn = ({ body }: Answer) => body.sessions.map(({ name }: { name: string }) => name);

describe("GET /api/private/stem/session/", () => {
  let user: BuiltUser;
  const names = Array.from({ length: 45 }, (_, index) => `s${String(index).padStart(2, "0")}`);

  beforeAll(async () => {
    user = await buildUser();
    const users = { member: [user] };
    const projects = [await buildProject({ users }), await buildProject({ users })];
    const [first, second] = projects;
    if (first === undefined || second === undefined) throw new Error("two projects were built");
    for (const [index, name] of names.entries()) {
      const both = index % 2 === 0 ? [second, first] : [first];
      await buildSession({ name, projects: index % 3 === 0 ? [second] : both });
    }
  });

  test("shows the sessions of the caller's projects, as their details show them", async () => {
    const lab = await buildLab();
    const made = await lab.client.post(PATH, { name: "one", projects: [lab.project.id] });
    expect(made.status).toBe(201);
    const list = await lab.client.get(PATH);
    expect(list.status).toBe(200);
    expect(list.headers.get("Content-Type")).toBe("application/json");
    expect(list.body.sessions).toEqual([made.body.session]);
    expect(list.body.count).toBe(1);
  });

  test("has its keys in their order, the list first", async () => {
    const { body } = await user.client.get(PATH);
    expect(Object.keys(body)).toEqual(["sessions", "count", "next", "previous", "meta"]);
    expect(Object.keys(body.meta)).toEqual([
      "page",
      "per_page",
      "total_results",
      "total_pages",
      "cursor",
    ]);
  });

  test("answers with and without the closing slash, and with ?format=json", async () => {
    const { body } = await user.client.get(PATH);
    const { sessions } = body;
    expect((await user.client.get(PATH.slice(0, -1))).body.sessions).toEqual(sessions);
    expect((await user.client.get(`${PATH}?format=json`)).body.sessions).toEqual(sessions);
  });

  test("shows each session once, by name, twenty a page", async () => {
    const answer = await user.client.get(PATH);
    expect(namesIn(answer)).toEqual(names.slice(0, 20));
    expect(answer.body.count).toBe(45);
    expect(answer.body.meta).toEqual({
      page: 1,
      per_page: 20,
      total_results: 45,
      total_pages: 3,
      cursor: expect.any(String),
    });
  });

  test("sorts names by their code points", async () => {
    const lab = await buildLab();
    const sorted = ["A", "Z", "a", "z", "Å", "é", "\uFFFD", "🧠"].map((start) => `${start}-order`);
    for (const name of [...sorted].reverse()) {
      await buildSession({ name, projects: [lab.project] });
    }
    expect(namesIn(await lab.client.get(PATH))).toEqual(sorted);
  });

  test("leads from page to page through `next` and back through `previous`", async () => {
    const seen: string[] = [];
    let next: string | null = `${ORIGIN}${PATH}?limit=20&format=json`;
    let last: Answer | undefined;
    while (next !== null) {
      const url: URL = new URL(next);
      expect(url.origin).toBe(ORIGIN);
      expect(url.searchParams.get("format")).toBe("json");
      last = await user.client.get(url.pathname + url.search);
      seen.push(...namesIn(last));
      next = last.body.next;
    }
    expect(seen).toEqual(names);
    expect(last?.body.meta).toMatchObject({ page: 3, total_pages: 3, cursor: null });
    const previous = new URL(last?.body.previous);
    const before = await user.client.get(previous.pathname + previous.search);
    expect(namesIn(before)).toEqual(names.slice(20, 40));
    expect(new URL(before.body.previous).searchParams.get("offset")).toBe("0");
  });

  test.each([
    ["limit=1", 0, 1],
    ["limit=100", 0, 45],
    ["offset=40", 40, 45],
    ["limit=7&offset=3", 3, 10],
    ["limit=45", 0, 45],
    ["offset=45", 45, 45],
    ["offset=999999999999999", 45, 45],
  ])("?%s shows rows %i to %i", async (query, from, to) => {
    const answer = await user.client.get(`${PATH}?${query}`);
    expect(answer.status).toBe(200);
    expect(namesIn(answer)).toEqual(names.slice(from, to));
    expect(answer.body.count).toBe(45);
    expect(answer.body.next === null).toBe(to === 45);
    expect(answer.body.previous === null).toBe(from === 0);
  });

  test.each([
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=-1", "limit"],
    ["limit=ten", "limit"],
    ["limit=", "limit"],
    ["limit=1.5", "limit"],
    ["limit=5&limit=6", "limit"],
    ["offset=-1", "offset"],
    ["offset=x", "offset"],
    ["offset=1e3", "offset"],
    ["format=html", "format"],
    ["page=2", "page"],
  ])("?%s is a 400 that names %s", async (query, named) => {
    const answer = await user.client.get(`${PATH}?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ detail: expect.stringContaining(named) });
  });

  test("is empty for one who sees nothing", async () => {
    const outsider = await buildUser();
    const { body } = await outsider.client.get(PATH);
    expect(body).toEqual({
      sessions: [],
      count: 0,
      next: null,
      previous: null,
      meta: { page: 1, per_page: 20, total_results: 0, total_pages: 0, cursor: null },
    });
  });

  test("does not show public projects to those who are no members", async () => {
    const project = await buildProject({ isPublic: true });
    await buildSession({ projects: [project] });
    const outsider = await buildUser();
    expect((await outsider.client.get(PATH)).body.count).toBe(0);
  });

  test("a wrong query of one who is not known is a 401", async () => {
    expect((await clientFor("bst_unknown").get(`${PATH}?limit=0`)).status).toBe(401);
  });
});

describe("GET /api/public/stem/session/", () => {
  test("lists the sessions of public projects to anyone, whatever the token", async () => {
    const open = await buildProject({ isPublic: true });
    const closed = await buildProject();
    const both = await buildSession({ projects: [closed, open] });
    await buildSession({ projects: [closed] });
    for (const client of [clientFor(), clientFor("bst_unknown")]) {
      const { body } = await client.get(`${PUBLIC_PATH}?filter{projects}=${open.id}`);
      expect(body.sessions).toHaveLength(1);
      expect(body.sessions[0]).toMatchObject({ id: both.id, projects: [open.id] });
    }
  });
});

describe("the methods of /api/{portal}/stem/session/", () => {
  test.each(["PUT", "PATCH", "DELETE", "PROPFIND"])(
    "%s is a 405 that says what is allowed",
    async (method) => {
      for (const path of [PATH, PATH.slice(0, -1)]) {
        const answer = await clientFor().send(method, path);
        expect(answer.status).toBe(405);
        expect(answer.headers.get("Allow")).toBe("GET, POST, HEAD, OPTIONS");
        expect(answer.body).toEqual({ detail: expect.stringContaining(method) });
      }
    },
  );

  test.each(["POST", "PUT", "PATCH", "DELETE"])(
    "%s is a 405 in the public portal",
    async (method) => {
      for (const path of [PUBLIC_PATH, PUBLIC_PATH.slice(0, -1)]) {
        const answer = await clientFor().send(method, path);
        expect(answer.status).toBe(405);
        expect(answer.headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
      }
    },
  );

  test("HEAD answers as GET does, without the body", async () => {
    const user = await buildUser();
    for (const path of [PATH, PATH.slice(0, -1), PUBLIC_PATH]) {
      const answer = await user.client.send("HEAD", path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("Content-Type")).toBe("application/json");
      expect(answer.text).toBe("");
    }
    expect((await clientFor().send("HEAD", PATH)).status).toBe(401);
    expect((await user.client.send("HEAD", `${PATH}?limit=0`)).status).toBe(400);
  });

  test("OPTIONS says what is allowed, to anyone", async () => {
    for (const path of [PATH, PATH.slice(0, -1)]) {
      const answer = await clientFor().send("OPTIONS", path);
      expect(answer.status).toBe(204);
      expect(answer.headers.get("Allow")).toBe("GET, POST, HEAD, OPTIONS");
    }
    const open = await clientFor().send("OPTIONS", PUBLIC_PATH);
    expect(open.headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
  });
});

describe("addresses that there are not", () => {
  test.each([
    "/api",
    "/api/private/",
    "/api/private/stem/sessions/",
    "/api/private/stem//session/",
    "/api/private/stem/session//",
    "/api/other/stem/session/",
    "/api/private/stem/session/x/y/",
    "/API/private/stem/session/",
  ])("%s is a 404 in JSON for every method", async (path) => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await clientFor().send(method, path);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({ detail: "Not found." });
    }
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import type { Route } from "../../src/api/route.ts";
import { routes } from "../../src/routes.ts";
import {
  type BuiltUser,
  buildDataStorage,
  buildGroup,
  buildProject,
  buildSession,
  buildUser,
} from "../support/builders.ts";
import { type Answer, clientFor } from "../support/client.ts";
import { buildNamed, buildRecord, RECORD_MODELS } from "../support/module-records.ts";
import { requireFixture } from "../support/route-fixtures/all.ts";
import { nameOf, type RouteName, type Target } from "../support/route-fixtures/fixture.ts";
import { isThorough } from "../support/thorough.ts";

// Of an object of somebody else the private portal tells at most that it exists, the public one not even
// that: the whole answer is the same whatever is in the object, and there whether it is.

const NO_ID = "0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0aff";

/** The whole answer but for what is never twice the same; `id` is what was asked for. */
function whole({ status, headers, text }: Answer, id: string): unknown {
  const times = /dur=\d+/g;
  // The local D1 counts every transaction in its bookmarks.
  const bookmarks = /[0-9a-f]{8}(-[0-9a-f]{8}){2}-[0-9a-f]{32}/g;
  const shown = [...headers]
    // An entity tag is a hash of the text, which is compared itself, and may repeat the id in an address.
    .filter(([name]) => name !== "x-request-id" && name !== "etag")
    .map(([name, value]) => [name, value.replace(times, "dur=0").replace(bookmarks, "a bookmark")]);
  return JSON.parse(JSON.stringify({ status, shown, text }).replaceAll(id, "the id"));
}

const addressOf = (route: Route, id: string, portal = "private") =>
  `/api/${portal}${route.path.replace(":id", id)}/`;

let outsider: BuiltUser;
let insider: BuiltUser;

beforeAll(async () => {
  outsider = await buildUser();
  insider = await buildUser();
});

/** A target that is shared with nobody, and one that is public and shared with many. */
async function buildTargets(route: Route): Promise<readonly Target[]> {
  const { fixture } = requireFixture(route);
  const group = await buildGroup([insider]);
  return [
    await fixture.build({}),
    await fixture.build({
      isPublic: true,
      users: { owner: [insider] },
      ...(fixture.inPersonOnly ? {} : { groups: { manager: [group] } }),
    }),
  ];
}

/** A session with nothing in it, and one with much of everything. */
async function buildSessions() {
  const one = await buildProject();
  const many = [one, await buildProject({ isPublic: true }), await buildProject()];
  const dataStorages = [await buildDataStorage(), await buildDataStorage()];
  const poor = await buildSession({ projects: [one] });
  const rich = await buildSession({ projects: many, dataStorages });
  for (const model of RECORD_MODELS) await buildRecord(model, rich);
  await buildNamed({});
  return [poor, rich] as const;
}

const guarded = routes.filter(
  (route) => route.path.includes("/:id") && requireFixture(route).needs !== "anyone",
);

describe.each(guarded.map((route) => [nameOf(route), route] as const))("%s", (name, route) => {
  test("tells a stranger the same of every object that is there", async () => {
    const answers: unknown[] = [];
    for (const { id, bodies } of await buildTargets(route)) {
      const method = route.method.toUpperCase();
      const body = bodies[name as RouteName];
      const answer = await outsider.client.send(method, addressOf(route, id), body);
      expect(answer.status).toBe(403);
      answers.push(whole(answer, id));
    }
    expect(answers[1]).toEqual(answers[0]);
  });
});

const IN_PUBLIC = routes.filter(
  ({ portals, path }) => portals.includes("public") && path.includes("/:id"),
);

const QUERIES = isThorough
  ? ["", "?include[]=projects", "?exclude[]=description", "?unknown=1", "?format=xml"]
  : ["", "?include[]=projects"];

describe.each(IN_PUBLIC.map((route) => [nameOf(route), route] as const))(
  "%s in the public portal",
  (_, route) => {
    test("tells of what is not public what it tells of nothing", async () => {
      const { id } = await requireFixture(route).fixture.build({ users: { owner: [insider] } });
      const list = addressOf(route, "", "public").replace(/\/+$/, "/");
      const filters = ["id", "session", "projects", "datastorage", "sessions", "behaviors"];
      const asked = (of: string) => [
        ...QUERIES.map((query) => `${addressOf(route, of, "public")}${query}`),
        ...filters.map((field) => `${list}?filter{${field}}=${of}`),
        ...(isThorough ? filters : []).map((field) => `${list}?filter{-${field}}=${of}`),
      ];
      for (const client of [clientFor(), insider.client]) {
        const there = asked(id);
        for (const [index, path] of asked(NO_ID).entries()) {
          const nothing = whole(await client.get(path), NO_ID);
          expect(whole(await client.get(there[index] ?? ""), id), path).toEqual(nothing);
        }
      }
    });
  },
);

describe("a stranger who names what is not theirs", () => {
  test("in a filter learns nothing", async () => {
    const [, rich] = await buildSessions();
    const project = await buildProject({ users: { owner: [insider] } });
    const lists = ["stem/session", "stem/project", "stem/epoch", "stem/sessiondatastorage"];
    for (const list of lists) {
      for (const field of ["id", "session", "projects", "datastorage", "sessions"]) {
        for (const id of [rich.id, project.id]) {
          const ask = async (of: string) => {
            const path = `/api/private/${list}/?filter{${field}}=${of}`;
            return whole(await outsider.client.get(path), of);
          };
          expect(await ask(id), `${list} ${field}`).toEqual(await ask(NO_ID));
        }
      }
    }
  });

  test("in a body learns no more of one session than of another", async () => {
    const sessions = await buildSessions();
    const { id: datastorage } = await buildDataStorage({ users: { owner: [outsider] } });
    const bodies = (session: string) =>
      [
        ["/api/private/stem/sessiondatastorage/", { session, datastorage }],
        ["/api/private/stem/sessiondatastorage/reorder/", { session, datastorage: [datastorage] }],
        ...RECORD_MODELS.map(
          ({ path, required }) => [`/api/private${path}/`, { session, ...required }] as const,
        ),
      ] as const;
    const [poor, rich] = sessions;
    for (const [index, [path, body]] of bodies(poor.id).entries()) {
      const ofPoor = await outsider.client.post(path, body);
      const ofRich = await outsider.client.post(path, bodies(rich.id)[index]?.[1]);
      expect(ofPoor.status, path).toBe(403);
      expect(whole(ofRich, rich.id), path).toEqual(whole(ofPoor, poor.id));
    }
  });

  test("in If-Match or under a key learns nothing", async () => {
    const [poor, rich] = await buildSessions();
    const send = async (id: string) => {
      const headers = { "If-Match": '"0"', "Idempotency-Key": crypto.randomUUID() };
      const path = `/api/private/stem/session/${id}/`;
      return whole(await outsider.client.send("PATCH", path, { description: "x" }, headers), id);
    };
    expect(await send(rich.id)).toEqual(await send(poor.id));
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Route } from "../../src/api/route.ts";
import { routes } from "../../src/routes.ts";
import { type BuiltUser, buildUser } from "../support/builders.ts";
import type { Answer } from "../support/client.ts";
import {
  BODIES,
  IDS,
  LARGE_BODIES,
  QUERIES,
  SINGLE_VALUES,
  VALUES,
} from "../support/hostile-input.ts";
import { findBrokenInvariants } from "../support/invariants.ts";
import { requireFixture } from "../support/route-fixtures/all.ts";
import { nameOf, type RouteName, type Target } from "../support/route-fixtures/fixture.ts";
import { changeBetween, emptyTables, takeSnapshot } from "../support/snapshot.ts";

// Whatever somebody with a good token and every permission sends: a 4xx in bounded time, and no change.

let user: BuiltUser;

beforeEach(async () => {
  await emptyTables();
  user = await buildUser();
});

afterEach(async () => {
  expect(await findBrokenInvariants({ owned: true })).toEqual({});
});

const buildTarget = (route: Route) =>
  requireFixture(route).fixture.build({ users: { owner: [user] } });

const addressOf = (route: Route, { id }: Target) => `/api/private${route.path.replace(":id", id)}/`;

/** Sends it as JSON. */
function knock(
  route: Route,
  address: string,
  body?: string | Uint8Array,
  headers: HeadersInit = {},
): Promise<Answer> {
  return user.client.send(route.method.toUpperCase(), address, body, headers);
}

const expectRefusal = ({ status, text }: Answer, about: string) => {
  expect(status, `${about}: ${text.slice(0, 200)}`).toBeGreaterThanOrEqual(400);
  expect(status, `${about}: ${text.slice(0, 200)}`).toBeLessThan(500);
  // However large the request is, its refusal is short.
  expect(text.length, about).toBeLessThan(32 * 1024);
};

const inputOf = (route: Route) => (route.kind === "write" ? route.input : undefined);

const named = (all: readonly Route[]) => all.map((route) => [nameOf(route), route] as const);

const writes = routes.filter((route) => route.kind === "write");
const withBody = writes.filter(({ input }) => input !== undefined);

/** The others of its model take the same fields. */
const isFirst = (route: Route) => withBody.find(({ model }) => model === route.model) === route;

describe.each(named(withBody))("%s", (name, route) => {
  test("refuses what is no body, and changes nothing", async () => {
    const target = await buildTarget(route);
    const before = await takeSnapshot();
    for (const [what, body] of BODIES) {
      expectRefusal(await knock(route, addressOf(route, target), body), what);
    }
    expect(changeBetween(before, await takeSnapshot())).toEqual({});
  });

  test("is never lost over the value of a field", async () => {
    const target = await buildTarget(route);
    const sound = JSON.stringify(target.bodies[name as RouteName]).slice(1, -1);
    const fields = Object.keys(inputOf(route)?.declaration.shape ?? {});
    const fieldText = (field: string, value: string) => `"${field}":${value}`;
    const bodies = [
      ...VALUES.map((value) => fields.map((field) => fieldText(field, value)).join()),
      // Of two that have one name the last counts.
      ...(isFirst(route) ? fields : []).flatMap((field) =>
        SINGLE_VALUES.map((value) => `${sound},${fieldText(field, value)}`),
      ),
    ];
    for (const body of bodies) {
      const { status, text } = await knock(route, addressOf(route, target), `{${body}}`);
      expect(status, `${body.slice(-90)}: ${text.slice(0, 200)}`).toBeLessThan(500);
    }
  });
});

test("a body that is as large as may be, or larger, is refused in time", async () => {
  const [route] = withBody;
  if (route === undefined) throw new Error("no route takes a body");
  const address = addressOf(route, await buildTarget(route));
  for (const [what, body] of LARGE_BODIES) expectRefusal(await knock(route, address, body), what);
});

describe.each(named(routes))("%s", (_, route) => {
  test("refuses a query that it does not know, and changes nothing", async () => {
    const target = await buildTarget(route);
    const body = target.bodies[nameOf(route) as RouteName];
    const before = await takeSnapshot();
    for (const query of QUERIES) {
      const address = `${addressOf(route, target)}?${query}`;
      const sent = body === undefined ? undefined : JSON.stringify(body);
      expectRefusal(await knock(route, address, sent), query.slice(0, 60));
    }
    expect(changeBetween(before, await takeSnapshot())).toEqual({});
  });
});

describe.each(named(routes.filter(({ path }) => path.includes("/:id"))))("%s", (_, route) => {
  test("finds nothing under what is no id", async () => {
    const { bodies } = await buildTarget(route);
    const body = bodies[nameOf(route) as RouteName];
    for (const id of IDS) {
      const sent = body === undefined ? undefined : JSON.stringify(body);
      const answer = await knock(route, addressOf(route, { id, bodies }), sent);
      expect(answer.status, `${id.slice(0, 60)}: ${answer.text}`).toBe(404);
    }
  });
});

describe.each(named(writes))("%s", (_, route) => {
  test("bears headers of any size", async () => {
    const target = await buildTarget(route);
    const body = target.bodies[nameOf(route) as RouteName];
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const tags = Array.from({ length: 1_000 }, (_, index) => `"${index}"`).join(", ");
    const refused: Record<string, string>[] = [{ Authorization: `Bearer ${"x".repeat(20_000)}` }];
    if (route.answers.status === 201) refused.push({ "Idempotency-Key": "k".repeat(20_000) });
    if (route.path.includes("/:id")) refused.push({ "If-Match": tags });
    if (inputOf(route)) refused.push({ "Content-Type": `text/${"x".repeat(20_000)}` });
    const before = await takeSnapshot();
    for (const headers of refused) {
      expectRefusal(await knock(route, addressOf(route, target), sent, headers), "header");
    }
    expect(changeBetween(before, await takeSnapshot())).toEqual({});
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import type { Route } from "../../src/api/route.ts";
import type { Portal } from "../../src/model/define.ts";
import { routes } from "../../src/routes.ts";
import { buildUser } from "../support/builders.ts";
import { type Client, clientFor } from "../support/client.ts";
import {
  buildCast,
  type Cast,
  CLOSED_DOORS,
  callersOf,
  decisiveCallersOf,
  isAllowed,
  USUAL_DOORS,
} from "../support/denial-matrix.ts";
import { hasFixture, requireFixture } from "../support/route-fixtures/all.ts";
import { nameOf, type RouteName, type Target } from "../support/route-fixtures/fixture.ts";
import { isThorough } from "../support/thorough.ts";

const methodOf = (route: Route) => route.method.toUpperCase();

const addressOf = (route: Route, { id }: Target, portal: Portal = "private") =>
  `/api/${portal}${route.path.replace(":id", id)}/`;

const bodyOf = (route: Route, { bodies }: Target) => bodies[nameOf(route) as RouteName];

/** Whether a route lists what another one shows one by one. */
const isList = ({ method, path }: Route) =>
  method === "get" &&
  routes.some((other) => other.method === "get" && other.path === `${path}/:id`);

/** Asks a list for the target alone: whether it is shown, and counted. */
async function isListed(
  client: Pick<Client, "send">,
  route: Route,
  target: Target,
  portal: Portal,
): Promise<boolean> {
  const address = `${addressOf(route, target, portal)}?filter{id}=${target.id}`;
  const { body } = await client.send("GET", address);
  const shown = body[route.model.listName].length;
  expect(body.count).toBe(shown);
  return shown === 1;
}

const offeredIn = (portal: Portal) =>
  routes.filter((route) => hasFixture(route) && route.portals.includes(portal));

describe("the denial matrix", () => {
  test("knows every declared route: what is missing goes into test/support/route-fixtures/", () => {
    expect(routes.filter((route) => !hasFixture(route)).map(nameOf)).toEqual([]);
  });
});

let cast: Cast;

beforeAll(async () => {
  cast = await buildCast();
});

describe.each(offeredIn("private").map((route) => [nameOf(route), route] as const))(
  "%s in the private portal",
  (_name, route) => {
    const { fixture, needs } = requireFixture(route);
    const buildTarget = () => fixture.build(cast.sharingFor(fixture));
    const knock = (client: Pick<Client, "send">, target: Target) =>
      client.send(methodOf(route), addressOf(route, target), bodyOf(route, target));
    /** For all who leave it as it is. */
    let shared: Target;

    beforeAll(async () => {
      shared = await buildTarget();
    });

    test.each(isThorough ? CLOSED_DOORS : USUAL_DOORS)("is closed to $title", async ({ title }) => {
      const { client, cost } = cast.clientOf(title);
      const answer = await knock(client, shared);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
      expect(answer.body).toEqual({ detail: expect.any(String) });
      expect(cost.rowsWritten).toBe(0);
    });

    const callers = isThorough ? callersOf(fixture) : decisiveCallersOf(fixture, needs);
    const allowed = callers.filter(({ level }) => isAllowed(level, needs));
    const denied = callers.filter(({ level }) => !isAllowed(level, needs));

    test.each(allowed)("is open to $title", async ({ title }) => {
      const target = route.method === "get" ? shared : await buildTarget();
      const answer = await knock(cast.clientOf(title).client, target);
      expect(answer.body ?? {}).not.toHaveProperty("detail");
      expect(answer.status).toBe(route.answers.status);
    });

    test.each(denied)("is forbidden to $title", async ({ title }) => {
      const { client, cost } = cast.clientOf(title);
      const answer = await knock(client, shared);
      expect(answer.status).toBe(403);
      expect(answer.body).toEqual({ detail: expect.stringContaining("permission") });
      expect(cost.rowsWritten).toBe(0);
    });

    if (!isList(route)) return;

    test.each(callers)("lists for $title what the detail shows", async ({ title }) => {
      const { client } = cast.clientOf(title);
      const detail = await client.send("GET", `${addressOf(route, shared)}${shared.id}/`);
      expect(await isListed(client, route, shared, "private")).toBe(detail.status === 200);
    });
  },
);

describe.each(offeredIn("public").map((route) => [nameOf(route), route] as const))(
  "%s in the public portal",
  (_name, route) => {
    const { fixture } = requireFixture(route);
    const anyone = clientFor();

    test("reads", () => {
      expect(route.method).toBe("get");
    });

    test("shows what is public, without a token", async () => {
      const target = await fixture.build({ isPublic: true });
      if (isList(route)) {
        expect(await isListed(anyone, route, target, "public")).toBe(true);
        return;
      }
      const answer = await anyone.get(addressOf(route, target, "public"));
      expect(answer.status).toBe(200);
      if (route.answers.with === "list") expect(answer.body).toMatchObject({ count: 1 });
      else expect(answer.body[route.model.name].id).toBe(target.id);
    });

    test("shows nothing else, not even to an owner with a good token", async () => {
      const owner = await buildUser();
      const target = await fixture.build({ users: { owner: [owner] } });
      for (const client of [anyone, owner.client]) {
        if (isList(route)) {
          expect(await isListed(client, route, target, "public")).toBe(false);
          continue;
        }
        const answer = await client.get(addressOf(route, target, "public"));
        expect(answer).toMatchObject({ status: 404, body: { detail: "Not found." } });
      }
    });
  },
);

const onlyPrivate = offeredIn("private").filter(({ portals }) => !portals.includes("public"));

describe.each(onlyPrivate.map((route) => [nameOf(route), route] as const))(
  "%s, which the public portal does not offer",
  (_name, route) => {
    test("is 404 or 405 there, without a token and with an owner's", async () => {
      const owner = await buildUser();
      const target = await requireFixture(route).fixture.build({
        isPublic: true,
        users: { owner: [owner] },
      });
      for (const client of [clientFor(), owner.client]) {
        const answer = await client.send(
          methodOf(route),
          addressOf(route, target, "public"),
          bodyOf(route, target),
        );
        expect([404, 405]).toContain(answer.status);
        expect(answer.body).toEqual({ detail: expect.any(String) });
      }
    });
  },
);

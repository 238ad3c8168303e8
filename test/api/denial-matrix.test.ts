import { describe, expect, test } from "vitest";
import type { Portal, Route } from "../../src/http/route.ts";
import { routes } from "../../src/routes.ts";
import { buildUser } from "../support/builders.ts";
import { type Client, clientFor } from "../support/client.ts";
import {
  buildCountedUser,
  CLOSED_DOORS,
  callersOf,
  isAllowed,
  knockingClient,
} from "../support/denial-matrix.ts";
import { requireFixture } from "../support/route-fixtures/all.ts";
import { nameOf, type RouteName, type Target } from "../support/route-fixtures/fixture.ts";

const methodOf = (route: Route) => route.method.toUpperCase();

const addressOf = (route: Route, { id }: Target, portal: Portal = "private") =>
  `/api/${portal}${route.path.replace(":id", id)}/`;

const bodyOf = (route: Route, { bodies }: Target) => bodies[nameOf(route) as RouteName];

const isList = (route: Route) => route.method === "get" && route.answers.with === "list";

/** Asks a list for the target alone: whether it is shown, and counted. */
async function isListed(client: Client, route: Route, target: Target, portal: Portal) {
  const address = `${addressOf(route, target, portal)}?filter{id}=${target.id}`;
  const { body } = await client.get(address);
  const shown = body[route.resource.listName].length;
  expect(body.count).toBe(shown);
  return shown === 1;
}

const offeredIn = (portal: Portal) => routes.filter(({ portals }) => portals.includes(portal));

describe.each(offeredIn("private").map((route) => [nameOf(route), route] as const))(
  "%s in the private portal",
  (_name, route) => {
    const { fixture, needs } = requireFixture(route);

    test.each(CLOSED_DOORS)("is closed to $title", async ({ spoil }) => {
      const owner = await buildUser();
      const target = await fixture.build({ users: { owner: [owner] } });
      const { send, cost } = knockingClient(await spoil(owner));
      const answer = await send(methodOf(route), addressOf(route, target), bodyOf(route, target));
      expect(answer.status).toBe(401);
      expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
      expect(answer.body).toEqual({ detail: expect.any(String) });
      expect(cost.rowsWritten).toBe(0);
    });

    test.each(callersOf(fixture))("gives $title what is due", async ({ level, hold }) => {
      const { user, client, cost } = await buildCountedUser();
      const target = await fixture.build(await hold(user));
      const answer = await client.send(
        methodOf(route),
        addressOf(route, target),
        bodyOf(route, target),
      );
      if (isAllowed(level, needs)) {
        expect(answer.body ?? {}).not.toHaveProperty("detail");
        expect(answer.status).toBe(route.answers.status);
      } else {
        expect(answer.status).toBe(403);
        expect(answer.body).toEqual({ detail: expect.stringContaining("permission") });
        expect(cost.rowsWritten).toBe(0);
      }
    });

    if (!isList(route)) return;

    test.each(callersOf(fixture))("lists for $title what he may read", async ({ hold }) => {
      const { user, client } = await buildCountedUser();
      const target = await fixture.build(await hold(user));
      const detail = await client.get(`${addressOf(route, target)}${target.id}/`);
      expect(await isListed(client, route, target, "private")).toBe(detail.status === 200);
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
      expect(answer.body[route.resource.name].id).toBe(target.id);
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

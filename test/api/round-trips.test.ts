import { describe, expect, test } from "vitest";
import { routes } from "../../src/routes.ts";
import { buildUser } from "../support/builders.ts";
import { countingClient } from "../support/d1-binding.ts";
import { requireFixture } from "../support/route-fixtures/all.ts";
import { nameOf, type RouteName } from "../support/route-fixtures/fixture.ts";

describe.each(routes.map((route) => [nameOf(route), route] as const))("%s", (name, route) => {
  const reads = route.kind === "read";

  test.each(route.portals)(`costs one round trip to D1 in the %s portal`, async (portal) => {
    const user = await buildUser();
    const { client, cost } = countingClient(user.client.token);
    const target = await requireFixture(route).fixture.build({
      isPublic: true,
      users: { owner: [user] },
    });
    const answer = await client.send(
      route.method.toUpperCase(),
      `/api/${portal}${route.path.replace(":id", target.id)}/`,
      target.bodies[name as RouteName],
    );
    expect(answer.status).toBe(route.answers.status);
    expect(cost.roundTrips).toBe(1);
    expect(cost.rowsWritten > 0).toBe(!reads);
  });
});

import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Route } from "../../src/api/route.ts";
import { group } from "../../src/models/group.ts";
import { routes } from "../../src/routes.ts";
import { type BuiltUser, buildUser } from "../support/builders.ts";
import type { Answer, Client } from "../support/client.ts";
import { DATABASE_FAULTS, type DatabaseFault, faultyClient } from "../support/d1-binding.ts";
import { findBrokenInvariants } from "../support/invariants.ts";
import { requireFixture } from "../support/route-fixtures/all.ts";
import {
  nameOf,
  type RouteName,
  type Target,
  withAliases,
} from "../support/route-fixtures/fixture.ts";
import { changeBetween, emptyTables, takeSnapshot } from "../support/snapshot.ts";

// Whatever goes wrong between the Worker and the database: all of a write is there, or nothing of it, the
// client hears so, and asks again.

/** More journeys than any write makes. */
const MAX_JOURNEYS = 5;

const WRITES = routes.filter((route) => route.kind === "write");

/** What a repeat of a write that has been done gets. */
const REPEATED: Readonly<Record<string, number>> = {
  ...withAliases(group, {
    "GET /users/group/:id/leave": 403,
    "POST /users/group/:id/leave": 403,
  }),
  // A log has one entry at an instant.
  "PATCH /modules/subjectlog/:id/add_entry": 400,
  "PATCH /modules/subjectlog/:id/remove_entry": 400,
  "PATCH /modules/procedurelog/:id/add_entry": 400,
  "PATCH /modules/procedurelog/:id/remove_entry": 400,
};

const repeatedStatus = (route: Route) =>
  route.method === "delete" ? 404 : (REPEATED[nameOf(route)] ?? route.answers.status);

interface Scene {
  readonly user: BuiltUser;
  /** Sends the request, always the same, by this client. */
  readonly send: (client: Client) => Promise<Answer>;
}

async function buildScene(route: Route): Promise<Scene> {
  const user = await buildUser();
  const target: Target = await requireFixture(route).fixture.build({ users: { owner: [user] } });
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const path = `/api/private${route.path.replace(":id", target.id)}/`;
  const body = target.bodies[nameOf(route) as RouteName];
  return {
    user,
    send: (client) => client.send(route.method.toUpperCase(), path, body, headers),
  };
}

/** What the write does when nothing goes wrong. */
async function changeOf(route: Route): Promise<Readonly<Record<string, number>>> {
  const { user, send } = await buildScene(route);
  const before = await takeSnapshot();
  expect((await send(user.client)).status).toBe(route.answers.status);
  return changeBetween(before, await takeSnapshot());
}

/**
 * @param whole the change that the write makes when nothing goes wrong
 * @returns whether there was such a journey
 */
async function meetFault(
  route: Route,
  whole: Readonly<Record<string, number>>,
  place: number,
  fault: DatabaseFault,
): Promise<boolean> {
  const { user, send } = await buildScene(route);
  const before = await takeSnapshot();
  const { client, wasHit } = faultyClient(user.client.token, place, fault);
  const answer = await send(client);
  const change = changeBetween(before, await takeSnapshot());
  const isDone = Object.keys(change).length > 0;
  if (isDone) expect(change).toEqual(whole);
  if (answer.status === route.answers.status) expect(isDone).toBe(true);
  else expectFailure(answer);
  await expectRepeat(route, { user, send }, isDone);
  expect(await findBrokenInvariants({ owned: true })).toEqual({});
  return wasHit();
}

function expectFailure(answer: Answer): void {
  expect([500, 503]).toContain(answer.status);
  expect(answer.body.detail).toContain(answer.headers.get("X-Request-Id"));
}

/** The same request again, through a database that is well. */
async function expectRepeat(route: Route, scene: Scene, isDone: boolean): Promise<void> {
  const before = await takeSnapshot();
  const repeat = await scene.send(scene.user.client);
  expect(repeat.status).toBe(isDone ? repeatedStatus(route) : route.answers.status);
  const change = changeBetween(before, await takeSnapshot());
  // A record that was made is not made again: the first answer is given once more.
  if (isDone && route.answers.status === 201) expect(change).toEqual({});
}

beforeEach(emptyTables);

describe.each(WRITES.map((route) => [nameOf(route), route] as const))("%s", (_, route) => {
  let whole: Readonly<Record<string, number>>;

  beforeAll(async () => {
    whole = await changeOf(route);
  });

  test.each(Object.entries(DATABASE_FAULTS))(
    "is whole or nothing when a call of the database %s",
    async (_what, fault) => {
      let place = 1;
      while (await meetFault(route, whole, place, fault)) place += 1;
      expect(place).toBeGreaterThan(1);
      expect(place).toBeLessThanOrEqual(MAX_JOURNEYS);
    },
  );
});

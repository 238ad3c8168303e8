import { beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../src/models/session/session.ts";
import { vocabularyOf } from "../../../src/query/read-model.ts";
import { buildProject, buildUser } from "../../support/builders.ts";
import { countingClient } from "../../support/d1-binding.ts";
import { type SessionRow, sessionRow, writeSessions } from "../../support/session-rows.ts";

const includes = vocabularyOf(session)
  .includes.map((field) => `include[]=${field}`)
  .join("&");

const id = () => crypto.randomUUID();

let token: string | undefined;
let rows: readonly SessionRow[];

beforeAll(async () => {
  const user = await buildUser();
  token = user.client.token;
  const projects = [
    (await buildProject({ isPublic: true, users: { member: [user] } })).id,
    (await buildProject()).id,
  ];
  rows = Array.from({ length: 100 }, () =>
    sessionRow({
      projects,
      tags: ["a", "b"],
      epochs: [id(), id()],
      dataAcquisitions: [id(), id()],
      behaviors: [id()],
      manipulations: [id()],
    }),
  );
  await writeSessions(rows);
});

describe.each(["private", "public"])("in the %s portal", (portal) => {
  test.each([
    "",
    "limit=100",
    `limit=100&${includes}`,
    "filter{projects.name.icontains}=PROJECT&filter{-tags.in}=x&filter{extra_fields.a.isnull}=true",
    `sort[]=-date_time&sort[]=name&offset=10&limit=50&filter{epochs.isnull}=false&${includes}`,
    "filter{id.in}=&limit=1000",
  ])("a list is one round trip: %s", async (query) => {
    const { client, cost } = countingClient(token);
    await client.get(`/api/${portal}/stem/session/?${query}`);
    expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
  });

  test.each(["", includes])("a detail is one round trip: %s", async (query) => {
    const { client, cost } = countingClient(token);
    const { status } = await client.get(`/api/${portal}/stem/session/${rows[0]?.id}/?${query}`);
    expect(status).toBe(200);
    expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
  });
});

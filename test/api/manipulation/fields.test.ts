import { describe, expect, test } from "vitest";
import { buildLab, buildSession } from "../../support/builders.ts";
import { buildNamed, OUTSIDE } from "../../support/module-records.ts";

const PATH = "/api/private/modules/manipulation/";
const [A, B] = OUTSIDE;

async function buildManipulationLab() {
  const { client, project, user } = await buildLab();
  await buildNamed({ users: { member: [user] } });
  const { id: session } = await buildSession({ projects: [project] });
  return { client, whole: { session, type: "ElectricalStimulation", procedures: [A] } };
}

describe("POST /api/private/modules/manipulation/", () => {
  test.each([
    [[{ amplitude: { value: 0.15, unit: "mA" }, closedLoop: false }]],
    [{ amplitude: 0.15 }],
    [[]],
    [{}],
    [[1, "two", null, [3]]],
  ])("keeps details of %j", async (details) => {
    const { client, whole } = await buildManipulationLab();
    const { status, body } = await client.post(PATH, { ...whole, details });
    expect(status).toBe(201);
    expect(body.manipulation.details).toEqual(details);
  });

  test.each([
    [{ details: "x" }, { details: ["Expected an object or a list, but got a string."] }],
    [{ details: null }, { details: ["This field may not be null."] }],
    [{ procedures: [] }, { procedures: ["This list may not be empty."] }],
  ])("refuses %j", async (change, faults) => {
    const { client, whole } = await buildManipulationLab();
    const { status, body } = await client.post(PATH, { ...whole, ...change });
    expect(status).toBe(400);
    expect(body).toEqual(faults);
  });

  test("says where in a list of details a number cannot be held", async () => {
    const { client, whole } = await buildManipulationLab();
    const body = JSON.stringify({ ...whole, details: [{}, { n: 0 }] });
    const sent = body.replace('"n":0', '"n":123456789012345678');
    const answer = await client.post(PATH, sent);
    expect(answer.status).toBe(400);
    expect(answer.body.details[0]).toMatch(/^item 2: n: numbers such as integers beyond/);
  });

  test("takes the types that are documented and no others", async () => {
    const { client, whole } = await buildManipulationLab();
    expect((await client.post(PATH, { ...whole, type: "VisualStimulation" })).status).toBe(201);
    const { status, body } = await client.post(PATH, { ...whole, type: "Audio" });
    expect(status).toBe(400);
    expect(body.type[0]).toContain('"Audio" is not a valid choice. Choices: AuditoryStimulation');
  });
});

describe("GET /api/private/modules/manipulation/", () => {
  test("finds by type, procedures and equipment", async () => {
    const { client, whole } = await buildManipulationLab();
    const first = await client.post(PATH, { ...whole, equipment: [B] });
    await client.post(PATH, { ...whole, type: "Microperfusion", procedures: [B] });
    for (const query of [
      "filter{type.startswith}=Electrical",
      `filter{procedures}=${A}`,
      `filter{equipment.id}=${B}`,
    ]) {
      const { body } = await client.get(`${PATH}?${query}`);
      expect(body.manipulations).toEqual([first.body.manipulation]);
    }
  });
});

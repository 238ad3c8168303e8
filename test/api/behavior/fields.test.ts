import { describe, expect, test } from "vitest";
import { buildLab, buildSession } from "../../support/builders.ts";
import { buildNamed, OUTSIDE } from "../../support/module-records.ts";

const PATH = "/api/private/modules/behavior/";
const [A, B, C] = OUTSIDE;

async function buildBehaviorLab() {
  const { client, project, user } = await buildLab();
  await buildNamed({ users: { member: [user] } });
  const { id: session } = await buildSession({ projects: [project] });
  return { client, whole: { session, subjects: [A], setup: B, behavioralassay: C } };
}

describe("POST /api/private/modules/behavior/", () => {
  test("keeps subjects, setup and assay as they are given, in lower case", async () => {
    const { client, whole } = await buildBehaviorLab();
    const { body } = await client.post(PATH, {
      ...whole,
      subjects: [C, A, C],
      setup: B.toUpperCase(),
    });
    expect(body.behavior).toMatchObject({ ...whole, subjects: [C, A] });
  });

  test.each([
    [{ subjects: [] }, { subjects: ["This list may not be empty."] }],
    [{ subjects: A }, { subjects: ["Expected a list of items, but got a string."] }],
    [{ subjects: [null] }, { subjects: ["item 1: This field may not be null."] }],
    [{ setup: "rig" }, { setup: ['"rig" is not a valid UUID.'] }],
    [{ setup: null }, { setup: ["This field may not be null."] }],
    [
      { behavioralassay: 5 },
      { behavioralassay: ["Incorrect type. Expected an id as a string, but got a number."] },
    ],
  ])("refuses %j", async (change, faults) => {
    const { client, whole } = await buildBehaviorLab();
    const { status, body } = await client.post(PATH, { ...whole, ...change });
    expect(status).toBe(400);
    expect(body).toEqual(faults);
  });
});

describe("GET /api/private/modules/behavior/", () => {
  test("finds by subjects, setup and assay", async () => {
    const { client, whole } = await buildBehaviorLab();
    const first = await client.post(PATH, { ...whole, order: 0 });
    const second = await client.post(PATH, {
      ...whole,
      subjects: [B, C],
      setup: A,
      behavioralassay: A,
      order: 1,
    });
    const [one, two] = [first.body.behavior.id, second.body.behavior.id];
    const ask = async (query: string) => {
      const { body } = await client.get(`${PATH}?${query}`);
      return body.behaviors.map(({ id }: { id: string }) => id);
    };
    expect(await ask(`filter{subjects}=${A}`)).toEqual([one]);
    expect(await ask(`filter{subjects.id.in}=${A}&filter{subjects.id.in}=${C}`)).toEqual([
      one,
      two,
    ]);
    expect(await ask(`filter{setup}=${B}`)).toEqual([one]);
    expect(await ask(`filter{setup.id}=${A}`)).toEqual([two]);
    expect(await ask(`filter{-behavioralassay}=${A}`)).toEqual([one]);
  });
});

import { describe, expect, test } from "vitest";
import { buildLab, buildSession } from "../../support/builders.ts";
import { buildNamed, OUTSIDE } from "../../support/module-records.ts";

const PATH = "/api/private/modules/dataacquisition/";

const nested = (levels: number): unknown => (levels === 0 ? {} : { deeper: nested(levels - 1) });

/** Sends a body in which `details` is written just so. */
async function postDetails(details: string) {
  const { client, project } = await buildLab();
  const { id } = await buildSession({ projects: [project] });
  const body = `{"session":"${id}","type":"Miniscope","details":${details}}`;
  return { client, answer: await client.post(PATH, body) };
}

describe("POST /api/private/modules/dataacquisition/", () => {
  test("keeps details exactly, whatever JSON they are", async () => {
    const details = `{"b":[1,-0.1,1.5e-7,1e300,true,false,null,[]],"a":{"":"","__proto__":{"x":1},"µ":"🧠\\n\\"\\\\"},"n":9007199254740991}`;
    const { client, answer } = await postDetails(details);
    expect(answer.status).toBe(201);
    expect(answer.body.data_acquisition.details).toEqual(JSON.parse(details));
    expect(answer.text).toContain('"__proto__":{"x":1}');
    const whole = answer.body.data_acquisition;
    const again = await client.put(`${PATH}${whole.id}/`, answer.text.slice(20, -1));
    expect(again).toMatchObject({ status: 200, text: answer.text });
  });

  test("takes numbers beyond the safe integers when they are written as floats, and takes them back", async () => {
    const { client, answer } = await postDetails('{"n":[1e20,1.5e17]}');
    expect(answer.body.data_acquisition.details).toEqual({ n: [1e20, 1.5e17] });
    const { id } = answer.body.data_acquisition;
    const again = await client.put(`${PATH}${id}/`, answer.text.slice(20, -1));
    expect(again.status).toBe(200);
  });

  test.each([
    ["null", "This field may not be null."],
    ["[]", "Expected an object, but got a list."],
    ['"{}"', "Expected an object, but got a string."],
    ["12345678901234567890", "Expected an object, but got a number."],
    [
      '{"a":[{"n":9007199254740993}]}',
      "a: item 1: n: numbers such as integers beyond ±9007199254740991 cannot be held exactly; send it as a string.",
    ],
    ['{"a":{"n":-1e999}}', "a: n: the number is too large to be held."],
    ['{"a":["x\\u0000"]}', "a: item 1: null characters and unpaired surrogates are not allowed."],
    ['{"a":"\\ud800"}', "a: null characters and unpaired surrogates are not allowed."],
    ['{"a":{"\\u0000":1}}', "a: keys: null characters and unpaired surrogates are not allowed."],
    [JSON.stringify(nested(50)), "Ensure this field is nested no deeper than 50 levels."],
  ])("refuses details of %.60s", async (details, message) => {
    const { answer } = await postDetails(details);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ details: [message] });
  });

  test("refuses details that grow too large when they are written out", async () => {
    const { answer } = await postDetails(`{"a":[${"1e20,".repeat(50_000)}1]}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ details: ["Ensure this field has no more than 262144 bytes."] });
  });

  test("takes the details that are nested as deep as may be", async () => {
    const { answer } = await postDetails(JSON.stringify(nested(49)));
    expect(answer.status).toBe(201);
    expect(answer.body.data_acquisition.details).toEqual(nested(49));
  });

  test("takes the types that are documented and no others", async () => {
    const { client, project } = await buildLab();
    const { id: session } = await buildSession({ projects: [project] });
    for (const type of ["Audio", "VideoTracking", "ThreePhotonMicroscopy"]) {
      expect((await client.post(PATH, { session, type })).status).toBe(201);
    }
    for (const type of ["audio", "", null, 3, ["Audio"], "Telepathy"]) {
      const { status, body } = await client.post(PATH, { session, type });
      expect(status).toBe(400);
      expect(body.type[0]).toContain("is not a valid choice. Choices: Audio, ");
    }
  });

  test("takes a schema version and refuses what is none", async () => {
    const { client, project } = await buildLab();
    const { id: session } = await buildSession({ projects: [project] });
    const made = await client.post(PATH, { session, type: "Audio", type_schema_version: "0.0.0" });
    expect(made.body.data_acquisition.type_schema_version).toBe("0.0.0");
    for (const version of ["one", 1.1, null, "1.1"]) {
      const written = { session, type: "Audio", type_schema_version: version };
      const { status, body } = await client.post(PATH, written);
      expect(status).toBe(400);
      expect(Object.keys(body)).toEqual(["type_schema_version"]);
    }
  });

  test("ignores an image, which is read-only", async () => {
    const { client, project } = await buildLab();
    const { id: session } = await buildSession({ projects: [project] });
    const written = { session, type: "Audio", image: "https://images.example/x.png" };
    const { body } = await client.post(PATH, written);
    expect(body.data_acquisition.image).toBeNull();
  });

  test("keeps ids of outside records in lower case and in their order, each once", async () => {
    const { client, project, user } = await buildLab();
    await buildNamed({ users: { member: [user] } });
    const { id: session } = await buildSession({ projects: [project] });
    const [a, b, c] = OUTSIDE;
    const procedures = [c, a.toUpperCase(), c, b, a];
    const { body } = await client.post(PATH, {
      session,
      type: "Audio",
      procedures,
      equipment: [b],
    });
    expect(body.data_acquisition.procedures).toEqual([c, a, b]);
    expect(body.data_acquisition.equipment).toEqual([b]);
    const bad = await client.post(PATH, { session, type: "Audio", procedures: [a, "x"] });
    expect(bad.status).toBe(400);
    expect(bad.body).toEqual({ procedures: ['item 2: "x" is not a valid UUID.'] });
  });
});

describe("GET /api/private/modules/dataacquisition/", () => {
  test("finds by type, procedures and equipment", async () => {
    const { client, project, user } = await buildLab();
    await buildNamed({ users: { member: [user] } });
    const { id: session } = await buildSession({ projects: [project] });
    const [a, b, c] = OUTSIDE;
    const make = async (body: object) =>
      (await client.post(PATH, { session, ...body })).body.data_acquisition.id;
    const audio = await make({ type: "Audio", procedures: [a, b], equipment: [c], order: 0 });
    const ephys = await make({ type: "ExtracellularEphys", procedures: [b], order: 1 });
    const ask = async (query: string) => {
      const { body } = await client.get(`${PATH}?${query}`);
      expect(body.count).toBe(body.data_acquisitions.length);
      return body.data_acquisitions.map(({ id }: { id: string }) => id);
    };
    expect(await ask("filter{type}=Audio")).toEqual([audio]);
    expect(await ask("filter{type.icontains}=EPHYS")).toEqual([ephys]);
    expect(await ask(`filter{procedures}=${b}`)).toEqual([audio, ephys]);
    expect(await ask(`filter{procedures.id}=${a}`)).toEqual([audio]);
    expect(await ask(`filter{-procedures}=${a}`)).toEqual([ephys]);
    expect(await ask(`filter{procedures.in}=${a}&filter{procedures.in}=${c}`)).toEqual([audio]);
    expect(await ask(`filter{equipment}=${c}`)).toEqual([audio]);
    expect(await ask("filter{equipment.isnull}=true")).toEqual([ephys]);
    expect(await ask("filter{equipment.isnull}=false")).toEqual([audio]);
    expect(await ask("sort[]=-type")).toEqual([ephys, audio]);
  });
});

describe("GET /api/private/stem/session/:id/?include[]=dataacquisition", () => {
  test("says so when a session has more details than one answer holds", async () => {
    const { client, project } = await buildLab();
    const { id: session } = await buildSession({ projects: [project] });
    const details = { text: "x".repeat(262_000) };
    for (let count = 0; count < 48; count += 1) {
      expect((await client.post(PATH, { session, type: "Audio", details })).status).toBe(201);
    }
    const address = `/api/private/stem/session/${session}/`;
    const whole = await client.get(`${address}?include[]=dataacquisition`);
    expect(whole.status).toBe(400);
    expect(whole.body.detail).toContain("too large");
    expect((await client.get(address)).body.session.dataacquisition).toHaveLength(48);
    const list = await client.get(`${PATH}?filter{session}=${session}&limit=100`);
    expect(list.body.data_acquisitions).toHaveLength(48);
  });
});

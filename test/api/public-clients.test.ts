import { beforeAll, describe, expect, test } from "vitest";
import { models } from "../../src/models/all.ts";
import {
  buildAssay,
  buildDataStorage,
  buildEquipment,
  buildInventory,
  buildListOfProject,
  buildProcedure,
  buildProcedureLog,
  buildProject,
  buildSession,
  buildSetup,
  buildStock,
  buildSubject,
  buildSubjectLog,
  buildUser,
  ELSEWHERE,
} from "../support/builders.ts";
import { type Client, clientFor } from "../support/client.ts";
import { buildRecord, recordModel } from "../support/module-records.ts";

// What the convenience loaders of the public Python client ask for, by model: the relations that they include unless
// told otherwise, and the filter of each of their arguments. The MATLAB client's loaders ask for the same.

const LOADERS = {
  project: {
    app: "stem",
    include: ["sessions", "subjects", "collections", "cohorts"],
    filters: ["name.icontains", "sessions.id", "subjects.id", "tags"],
  },
  subject: {
    app: "stem",
    include: ["procedures", "subjectlogs"],
    filters: ["name.icontains", "projects.id", "strain.id", "sex", "tags"],
  },
  session: {
    app: "stem",
    include: ["dataacquisition", "behaviors", "manipulations", "epochs"],
    filters: ["name.icontains", "projects.id", "datastorage.id", "tags"],
  },
  collection: { app: "stem", include: ["sessions"], filters: ["name.icontains", "tags"] },
  cohort: { app: "stem", include: ["subjects"], filters: ["name.icontains", "tags"] },
  behavior: { app: "modules", include: [], filters: ["session.id", "tags"] },
  dataacquisition: { app: "modules", include: [], filters: ["session.id", "tags"] },
  manipulation: { app: "modules", include: [], filters: ["session.id", "tags"] },
  procedure: { app: "modules", include: [], filters: ["subject.id", "tags"] },
  procedurelog: { app: "modules", include: [], filters: ["procedure.id", "tags"] },
  subjectlog: { app: "modules", include: [], filters: ["subject.id", "tags"] },
  equipment: { app: "modules", include: [], filters: ["name.icontains", "setup.id", "tags"] },
  consumablestock: { app: "modules", include: [], filters: ["tags"] },
  behavioralassay: {
    app: "personal_attributes",
    include: [],
    filters: ["name.icontains", "tags"],
  },
  datastorage: { app: "personal_attributes", include: [], filters: ["name.icontains", "tags"] },
  setup: { app: "personal_attributes", include: [], filters: ["name.icontains", "tags"] },
} as const;

type Name = keyof typeof LOADERS;

let client: Client;
/** A record of each model, with all that a loader can ask for. */
let made: Readonly<Record<Name, string>>;
/** The values of the filters that find it. */
let related: Readonly<Record<string, string>>;

beforeAll(async () => {
  const user = await buildUser();
  client = user.client;
  const sharing = { isPublic: true, users: { owner: [user] } };
  const project = await buildProject({ ...sharing, name: "Tutorial project" });
  const storage = await buildDataStorage({ ...sharing, name: "Tutorial storage" });
  const setup = await buildSetup({ ...sharing, name: "Tutorial setup" });
  const assay = await buildAssay({ ...sharing, name: "Tutorial assay" });
  const session = await buildSession({
    name: "Tutorial session",
    projects: [project],
    dataStorages: [storage],
  });
  const subject = await buildSubject({ name: "Tutorial subject", projects: [project] });
  const procedure = await buildProcedure(subject);
  await buildRecord(recordModel("epoch"), session);
  made = {
    project: project.id,
    subject: subject.id,
    session: session.id,
    collection: (await buildListOfProject("collections", project)).id,
    cohort: (await buildListOfProject("cohorts", project)).id,
    behavior: (await buildRecord(recordModel("behavior"), session)).id,
    dataacquisition: (await buildRecord(recordModel("dataacquisition"), session)).id,
    manipulation: (await buildRecord(recordModel("manipulation"), session)).id,
    procedure: procedure.id,
    procedurelog: (await buildProcedureLog(procedure)).id,
    subjectlog: (await buildSubjectLog(subject)).id,
    equipment: (await buildEquipment(setup)).id,
    consumablestock: (await buildStock(await buildInventory(sharing))).id,
    behavioralassay: assay.id,
    datastorage: storage.id,
    setup: setup.id,
  };
  related = {
    "sessions.id": session.id,
    "session.id": session.id,
    "subjects.id": subject.id,
    "subject.id": subject.id,
    "projects.id": project.id,
    "datastorage.id": storage.id,
    "procedure.id": procedure.id,
    "setup.id": setup.id,
    "strain.id": ELSEWHERE,
    sex: "U",
    tags: "tutorial",
  };
  for (const name of Object.keys(LOADERS) as Name[]) {
    const fields = {
      tags: ["tutorial"],
      ...(name === "collection" && { name: "Tutorial collection", sessions: [session.id] }),
      ...(name === "cohort" && { name: "Tutorial cohort", subjects: [subject.id] }),
      ...(name === "equipment" && { name: "Tutorial camera" }),
    };
    const answer = await client.patch(addressOf(name, "private"), fields);
    expect(answer.status, `${name}: ${answer.text}`).toBe(200);
  }
});

const listOf = (name: Name, portal: string) => `/api/${portal}/${LOADERS[name].app}/${name}/`;
const addressOf = (name: Name, portal: string) => `${listOf(name, portal)}${made[name]}/`;
const including = (name: Name) =>
  LOADERS[name].include.map((relation) => `include[]=${relation}.*`).join("&");

/** The records of a list: the first key of an answer, where the clients look for them. */
const recordsIn = (body: Record<string, unknown>) =>
  Object.values(body)[0] as readonly { readonly id: string }[];

describe.each(Object.keys(LOADERS) as Name[])("load_%s", (name) => {
  describe.each(["private", "public"])("in the %s portal", (portal) => {
    const get = (path: string) => (portal === "private" ? client : clientFor()).get(path);

    test("reads a list and one record, with what it includes", async () => {
      const list = await get(`${listOf(name, portal)}?${including(name)}&limit=100&offset=0`);
      expect(list.status, list.text).toBe(200);
      const found = recordsIn(list.body).find(({ id }) => id === made[name]);
      const one = await get(`${addressOf(name, portal)}?${including(name)}`);
      expect(one.status, one.text).toBe(200);
      expect(Object.values(one.body)).toEqual([found]);
      for (const relation of LOADERS[name].include) {
        const shown = (found as unknown as Record<string, readonly object[]>)[relation];
        expect(shown?.length, relation).toBe(1);
        expect(Object.keys(shown?.[0] ?? {}).length, relation).toBeGreaterThan(3);
      }
    });

    test.each([...LOADERS[name].filters])("filters by %s", async (path) => {
      const value = path === "name.icontains" ? "TUTORIAL" : related[path];
      const query = `filter{${path}}=${value}&${including(name)}`;
      for (const asked of [query, encodeURI(query)]) {
        const { status, body, text } = await get(`${listOf(name, portal)}?${asked}`);
        expect(status, text).toBe(200);
        expect(recordsIn(body).map(({ id }) => id)).toEqual([made[name]]);
      }
    });
  });
});

test("every model that a researcher writes has tags", () => {
  const without = ["sessiondatastorage", "history_entry", "user", "group", "epoch"];
  const untagged = models.filter(({ fields }) => !Object.hasOwn(fields, "tags"));
  expect(untagged.map(({ name }) => name).filter((name) => !without.includes(name))).toEqual([]);
});

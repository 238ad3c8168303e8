import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import {
  type BuiltUser,
  buildListOfProject,
  buildProcedure,
  buildProcedureLog,
  buildProject,
  buildSession,
  buildSubject,
  buildSubjectLog,
  buildUser,
  ELSEWHERE,
  unique,
} from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";
import { countingClient } from "../../support/d1-binding.ts";
import { historyOf } from "../../support/history.ts";
import { findBrokenInvariants } from "../../support/invariants.ts";

const SUBJECTS = "/api/private/stem/subject/";
const PROJECTS = "/api/private/stem/project/";

type Id = { readonly id: string };

let owner: BuiltUser;
let stranger: BuiltUser;
let project: Id;
/** A project of somebody else. */
let foreign: Id;

beforeEach(async () => {
  owner = await buildUser();
  stranger = await buildUser();
  project = await buildProject({ users: { owner: [owner] } });
  foreign = await buildProject({ users: { owner: [stranger] } });
});

const addressOf = ({ id }: Id) => `${SUBJECTS}${id}/`;
const read = async (record: Id, user = owner) =>
  (await user.client.get(addressOf(record))).body.subject;
const countOf = async (path: string, user = owner) => (await user.client.get(path)).status;

const bodyWith = (fields: object = {}) => ({
  name: unique("animal"),
  projects: [project.id],
  strain: ELSEWHERE,
  sex: "F",
  ...fields,
});

describe("POST /api/private/stem/subject/", () => {
  test("answers the whole subject, its keys in their order, absent fields at their defaults", async () => {
    const body = bodyWith();
    const answer = await owner.client.post(SUBJECTS, body);
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        subject: {
          id: expect.any(String),
          name: body.name,
          description: "",
          projects: [project.id],
          strain: ELSEWHERE,
          sex: "F",
          genetic_line: "",
          genotype: "",
          subject_identifier: "",
          licenses: [],
          supplier: null,
          breeding: null,
          birth_date: null,
          death_date: null,
          status: "active",
          extra_fields: {},
          procedures: [],
          subjectlogs: [],
          tags: [],
          links: { procedures: "procedures/", subjectlogs: "subjectlogs/" },
          name_used_in_storage: "",
        },
      },
    ]);
  });

  test("keeps everything that is written", async () => {
    const body = bodyWith({
      description: "Größe 🐭",
      genetic_line: "PV-Cre",
      genotype: "PV-Cre/wt",
      subject_identifier: "ear 7",
      licenses: [ELSEWHERE],
      supplier: ELSEWHERE,
      breeding: ELSEWHERE,
      birth_date: "2024-02-29",
      death_date: "2026-01-31",
      status: "deceased",
      extra_fields: { weight: -0.5, note: "x" },
      tags: ["pilot", "CA1"],
      name_used_in_storage: "R7",
    });
    const { body: answer } = await owner.client.post(SUBJECTS, body);
    expect(answer.subject).toMatchObject(body);
    expect(await read(answer.subject)).toEqual(answer.subject);
    const put = await owner.client.put(addressOf(answer.subject), answer.subject);
    expect([put.status, put.body]).toEqual([200, answer]);
  });

  test("names all faults of a body", async () => {
    const { status, body } = await owner.client.post(SUBJECTS, {
      sex: "X",
      strain: "mouse",
      birth_date: "2023-02-29",
      status: "gone",
      weight: 3,
    });
    expect(status).toBe(400);
    const faults = ["birth_date", "name", "projects", "sex", "status", "strain", "weight"];
    expect(Object.keys(body).sort()).toEqual(faults);
  });

  test("refuses a name that another subject has, also one that the caller may not see", async () => {
    const { name } = await buildSubject({ projects: [foreign] });
    const { status, body } = await owner.client.post(SUBJECTS, bodyWith({ name }));
    expect([status, body]).toEqual([400, { name: ["subject with this name already exists."] }]);
  });

  test("needs change_project on every project that it names", async () => {
    const { status, body } = await owner.client.post(
      SUBJECTS,
      bodyWith({ projects: [project.id, foreign.id] }),
    );
    expect(status).toBe(403);
    expect(body.detail).toContain(`change_project on project ${foreign.id}`);
    const unknown = await owner.client.post(SUBJECTS, bodyWith({ projects: [ELSEWHERE] }));
    expect([unknown.status, Object.keys(unknown.body)]).toEqual([400, ["projects"]]);
  });
});

describe("the days of a subject", () => {
  const ask = async (query: string) => {
    const { status, body } = await owner.client.get(`${SUBJECTS}?${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.subjects.map((subject: { birth_date: string | null }) => subject.birth_date);
  };

  beforeEach(async () => {
    for (const birth_date of ["2024-02-29", "2023-12-31", null, "0001-01-01"]) {
      expect((await owner.client.post(SUBJECTS, bodyWith({ birth_date }))).status).toBe(201);
    }
  });

  test.each([
    ["filter{birth_date}=2024-02-29", ["2024-02-29"]],
    ["filter{birth_date.lt}=2024-02-29&sort[]=birth_date", ["0001-01-01", "2023-12-31"]],
    ["filter{birth_date.gte}=2023-12-31&sort[]=-birth_date", ["2024-02-29", "2023-12-31"]],
    ["filter{birth_date.range}=2023-01-01&filter{birth_date.range}=2023-12-31", ["2023-12-31"]],
    ["filter{birth_date.in}=2023-12-31&filter{birth_date.in}=2020-01-01", ["2023-12-31"]],
    ["filter{birth_date.isnull}=1", [null]],
    ["filter{birth_date.isnull}=0&sort[]=birth_date", ["0001-01-01", "2023-12-31", "2024-02-29"]],
    ["filter{-birth_date.lt}=2024-01-01&sort[]=birth_date", [null, "2024-02-29"]],
    ["sort[]=birth_date", [null, "0001-01-01", "2023-12-31", "2024-02-29"]],
    ["sort[]=-birth_date", ["2024-02-29", "2023-12-31", "0001-01-01", null]],
  ])("are asked for by %s", async (query, expected) => {
    expect(await ask(query)).toEqual(expected);
  });

  test.each(["birth_date", "death_date"])(
    "in %s are days that there are, or null",
    async (field) => {
      const subject = await buildSubject({ projects: [project] });
      for (const value of ["2024-02-30", "2024-2-3", "2024-02-03T00:00:00Z", "0000-01-01", "", 5]) {
        const { status, body } = await owner.client.patch(addressOf(subject), { [field]: value });
        expect([value, status, Object.keys(body)]).toEqual([value, 400, [field]]);
      }
      // MATLAB sends an empty list for a null.
      for (const [value, shown] of [
        ["9999-12-31", "9999-12-31"],
        [[], null],
        ["2024-02-03", "2024-02-03"],
        [null, null],
      ] as const) {
        const { status, body } = await owner.client.patch(addressOf(subject), { [field]: value });
        expect([status, body.subject?.[field]]).toEqual([200, shown]);
      }
    },
  );

  test("in a filter that are none are refused", async () => {
    const { status, body } = await owner.client.get(`${SUBJECTS}?filter{birth_date}=2024-02-30`);
    expect([status, body.detail]).toEqual([400, expect.stringContaining("birth_date")]);
  });
});

describe("PATCH /api/private/stem/subject/{id}/ of projects alone", () => {
  const takeOut = (subject: Id, ...left: readonly Id[]) =>
    owner.client.patch(addressOf(subject), { projects: left.map(({ id }) => id) });

  test("lets a contributor take a subject out of their project, whatever others it is in", async () => {
    const subject = await buildSubject({ projects: [project, foreign] });
    const answer = await takeOut(subject, foreign);
    expect([answer.status, answer.body]).toEqual([200, { subject: { id: subject.id } }]);
    expect((await read(subject, stranger)).projects).toEqual([foreign.id]);
    expect((await owner.client.get(addressOf(subject))).status).toBe(403);
  });

  test("needs change_project on all projects for every other change", async () => {
    const subject = await buildSubject({ projects: [project, foreign] });
    const third = await buildProject({ users: { owner: [owner] } });
    expect((await takeOut(subject, foreign, project)).status).toBe(403);
    expect((await takeOut(subject, project)).status).toBe(403);
    expect((await takeOut(subject, foreign, third)).status).toBe(403);
    const more = { projects: [foreign.id], description: "x" };
    expect((await owner.client.patch(addressOf(subject), more)).status).toBe(403);
    expect((await takeOut(subject)).status).toBe(400);
    expect((await read(subject)).projects).toEqual([project.id, foreign.id]);
  });

  test("moves what belongs to the subject along", async () => {
    const subject = await buildSubject({ projects: [project, foreign] });
    const procedure = await buildProcedure(subject);
    const addresses = [
      `/api/private/modules/procedure/${procedure.id}/`,
      `/api/private/modules/subjectlog/${(await buildSubjectLog(subject)).id}/`,
      `/api/private/modules/procedurelog/${(await buildProcedureLog(procedure)).id}/`,
    ];
    for (const address of addresses) expect(await countOf(address)).toBe(200);
    expect((await takeOut(subject, foreign)).status).toBe(200);
    for (const address of addresses) {
      expect(await countOf(address)).toBe(403);
      expect(await countOf(address, stranger)).toBe(200);
    }
    expect(await findBrokenInvariants()).toEqual({});
  });

  test("costs one round trip", async () => {
    const subject = await buildSubject({ projects: [project, foreign] });
    const { client, cost } = countingClient(owner.client.token);
    await client.patch(addressOf(subject), { projects: [foreign.id] });
    expect(cost.roundTrips).toBe(1);
  });
});

describe("the public portal", () => {
  test("shows subjects of public projects, and only the public ones of their projects", async () => {
    const open = await buildProject({ isPublic: true, users: { owner: [owner] } });
    const shown = await buildSubject({ projects: [project, open] });
    const kept = await buildSubject({ projects: [project] });
    const procedure = await buildProcedure(shown);
    const secret = await buildProcedure(kept);
    const ids = `filter{id.in}=${shown.id}&filter{id.in}=${kept.id}`;
    const { body } = await clientFor().get(`/api/public/stem/subject/?${ids}&include[]=procedures`);
    expect(body.count).toBe(1);
    expect(body.subjects[0]).toMatchObject({ id: shown.id, projects: [open.id] });
    expect(body.subjects[0].procedures).toMatchObject([{ id: procedure.id, subject: shown.id }]);
    const publicly = (path: string) => clientFor().get(`/api/public${path}/`);
    expect((await publicly(`/stem/subject/${kept.id}`)).status).toBe(404);
    expect((await publicly(`/modules/procedure/${secret.id}`)).status).toBe(404);
    expect((await publicly(`/stem/subject/${kept.id}/procedures`)).status).toBe(404);
    expect((await publicly(`/stem/subject/${shown.id}/procedures`)).body.count).toBe(1);
    const named = await publicly(`/stem/project/${open.id}`);
    expect(named.body.project.subjects).toEqual([shown.id]);
    for (const query of [`filter{projects}=${project.id}`, "filter{projects.name}=nothing"]) {
      const answer = await clientFor().get(`/api/public/stem/subject/?${query}`);
      expect(answer.body.count).toBe(0);
    }
  });
});

describe("DELETE /api/private/stem/subject/{id}/", () => {
  test("deletes all that belongs to the subject, with an audit entry for each", async () => {
    const subject = await buildSubject({ projects: [project] });
    const procedure = await buildProcedure(subject);
    const log = await buildSubjectLog(subject);
    const procedureLog = await buildProcedureLog(procedure);
    const entries = await historyOf(() => owner.client.delete(addressOf(subject)));
    expect(entries.map(({ action, model, record }) => [action, model, record]).sort()).toEqual(
      [
        ["delete", "subject", subject.id],
        ["delete", "procedure", procedure.id],
        ["delete", "subject_log", log.id],
        ["delete", "procedure_log", procedureLog.id],
      ].sort(),
    );
    expect(entries.every(({ userId }) => userId === owner.id)).toBe(true);
    expect(entries.every(({ projects }) => projects.join() === project.id)).toBe(true);
    for (const address of [
      `/api/private/modules/procedure/${procedure.id}/`,
      `/api/private/modules/subjectlog/${log.id}/`,
      `/api/private/modules/procedurelog/${procedureLog.id}/`,
      addressOf(subject),
    ]) {
      expect(await countOf(address)).toBe(404);
    }
    expect(await findBrokenInvariants()).toEqual({});
  });

  test("takes the subject out of its cohorts, and leaves its id in behaviors", async () => {
    const subject = await buildSubject({ projects: [project] });
    const cohort = await buildListOfProject("cohorts", project);
    const members = { subjects: [subject.id] };
    await owner.client.patch(`/api/private/stem/cohort/${cohort.id}/`, members);
    const session = await buildSession({ projects: [project] });
    const behavior = crypto.randomUUID();
    await env.DB.prepare(
      "INSERT INTO behaviors (id, session_id, subjects, setup, behavioralassay) VALUES (?, ?, ?, ?, ?)",
    )
      .bind(behavior, session.id, JSON.stringify([subject.id]), ELSEWHERE, ELSEWHERE)
      .run();
    expect((await owner.client.delete(addressOf(subject))).status).toBe(204);
    const left = await owner.client.get(`/api/private/stem/cohort/${cohort.id}/`);
    expect(left.body.cohort.subjects).toEqual([]);
    const address = `/api/private/modules/behavior/${behavior}/`;
    const shown = await owner.client.get(`${address}?include[]=subjects`);
    expect(shown.body.behavior.subjects).toEqual([{ id: subject.id }]);
    const put = await owner.client.put(address, (await owner.client.get(address)).body.behavior);
    expect([put.status, put.body.behavior?.subjects]).toEqual([200, [subject.id]]);
    const found = await owner.client.get(
      `/api/private/stem/session/?filter{subjects}=${subject.id}`,
    );
    expect(found.body.count).toBe(1);
  });
});

describe("DELETE /api/private/stem/project/{id}/", () => {
  test("is refused while subjects are in no other project, and says how many", async () => {
    await buildSubject({ projects: [project] });
    await buildSubject({ projects: [project] });
    const { status, body } = await owner.client.delete(`${PROJECTS}${project.id}/`);
    expect([status, body]).toEqual([
      400,
      { subjects: [expect.stringContaining("in no other project: 2.")] },
    ]);
    await buildSession({ projects: [project] });
    const both = await owner.client.delete(`${PROJECTS}${project.id}/`);
    expect(Object.keys(both.body).sort()).toEqual(["sessions", "subjects"]);
  });

  test("leaves its subjects in their other projects, and deletes its collections and cohorts", async () => {
    const [first, last] = [
      await buildProject({ users: { owner: [owner] } }),
      await buildProject({ users: { owner: [owner] } }),
    ];
    const subject = await buildSubject({ projects: [first, project, last] });
    const procedure = await buildProcedure(subject);
    const collection = await buildListOfProject("collections", project);
    const cohort = await buildListOfProject("cohorts", project);
    const kept = await buildListOfProject("cohorts", first);
    const entries = await historyOf(() => owner.client.delete(`${PROJECTS}${project.id}/`));
    expect(entries.map(({ action, model, record }) => [action, model, record]).sort()).toEqual(
      [
        ["change", "subject", subject.id],
        ["delete", "collection", collection.id],
        ["delete", "cohort", cohort.id],
        ["delete", "project", project.id],
      ].sort(),
    );
    expect(entries.find(({ model }) => model === "subject")?.changes).toEqual({
      projects: { from: [first.id, project.id, last.id], to: [first.id, last.id] },
    });
    expect((await read(subject)).projects).toEqual([first.id, last.id]);
    expect(await countOf(`/api/private/modules/procedure/${procedure.id}/`)).toBe(200);
    expect(await countOf(`/api/private/stem/collection/${collection.id}/`)).toBe(404);
    expect(await countOf(`/api/private/stem/cohort/${cohort.id}/`)).toBe(404);
    expect(await countOf(`/api/private/stem/cohort/${kept.id}/`)).toBe(200);
    expect(await findBrokenInvariants()).toEqual({});
  });
});

describe("the subjects of a project", () => {
  test("are shown by name, found by id and by name, and whole when they are included", async () => {
    const [second, first] = [
      await buildSubject({ projects: [project], name: unique("zebra") }),
      await buildSubject({ projects: [project, foreign], name: unique("ant") }),
    ];
    const { body } = await owner.client.get(`${PROJECTS}${project.id}/?include[]=subjects.*`);
    expect(body.project.subjects.map(({ id }: Id) => id)).toEqual([first.id, second.id]);
    expect(body.project.subjects[1]).toMatchObject({ name: second.name, projects: [project.id] });
    for (const query of [`filter{subjects}=${first.id}`, `filter{subjects.name}=${first.name}`]) {
      const found = await owner.client.get(`${PROJECTS}?${query}`);
      expect(found.body.projects.map(({ id }: Id) => id)).toEqual([project.id]);
    }
  });
});

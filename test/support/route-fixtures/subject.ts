import { env } from "cloudflare:workers";
import { procedure } from "../../../src/models/procedure.ts";
import { procedureLog } from "../../../src/models/procedure-log.ts";
import { subject } from "../../../src/models/subject.ts";
import { subjectLog } from "../../../src/models/subject-log.ts";
import {
  buildProcedure,
  buildProcedureLog,
  buildProject,
  buildSubject,
  buildSubjectLog,
  ELSEWHERE,
  type Sharing,
  unique,
} from "../builders.ts";
import { type Fixture, needsOf } from "./fixture.ts";

// Subjects, and what belongs to them.

async function buildIn(sharing: Sharing) {
  const project = await buildProject(sharing);
  return { project, subject: await buildSubject({ projects: [project] }) };
}

export const subjectFixture: Fixture = {
  needs: needsOf(subject),
  build: async (sharing) => {
    const { project, subject } = await buildIn(sharing);
    const whole = {
      name: unique("written"),
      projects: [project.id],
      strain: ELSEWHERE,
      sex: "F",
    };
    return {
      id: subject.id,
      bodies: {
        "POST /stem/subject": whole,
        "PUT /stem/subject/:id": whole,
        "PATCH /stem/subject/:id": { description: "changed" },
      },
    };
  },
};

/** The lists below a subject: what stands for `:id` is the subject's. */
export const listsOfSubjectFixture: Fixture = {
  needs: {
    "GET /stem/subject/:id/procedures": "member",
    "GET /stem/subject/:id/subjectlogs": "member",
  },
  build: async (sharing) => {
    const { subject } = await buildIn(sharing);
    await buildProcedure(subject);
    await buildSubjectLog(subject);
    return { id: subject.id, bodies: {} };
  },
};

export const procedureFixture: Fixture = {
  needs: needsOf(procedure),
  build: async (sharing) => {
    const { subject } = await buildIn(sharing);
    const whole = {
      type: "Anesthesia",
      subject: subject.id,
      coordinates_system: "Stereotaxic_BregmaAbsolute",
    };
    return {
      id: (await buildProcedure(subject)).id,
      bodies: {
        "POST /modules/procedure": whole,
        "PUT /modules/procedure/:id": whole,
        "PATCH /modules/procedure/:id": { notes: "changed" },
      },
    };
  },
};

const AT = { date_time: "2026-03-01T09:00:00Z" };

const buildEntry = (kind: "subject" | "procedure", { id }: { readonly id: string }) =>
  env.DB.prepare(
    `INSERT INTO ${kind}_log_entries (${kind}_log_id, date_time) VALUES (?, '2026-03-01T09:00:00')`,
  )
    .bind(id)
    .run();

/** The actions on the entries of a log, of which there is one. */
const actionsOf = (path: `/${string}`) => ({
  [`PATCH ${path}/:id/add_entry` as const]: {
    date_time: "2026-03-02T09:00:00Z",
    details: { weight: 21 },
  },
  [`PATCH ${path}/:id/change_entry` as const]: { ...AT, notes: "changed" },
  [`PATCH ${path}/:id/remove_entry` as const]: AT,
});

const needsOfActions = (path: `/${string}`) =>
  Object.fromEntries(Object.keys(actionsOf(path)).map((name) => [name, "contributor" as const]));

export const subjectLogFixture: Fixture = {
  needs: { ...needsOf(subjectLog), ...needsOfActions("/modules/subjectlog") },
  build: async (sharing) => {
    const { subject } = await buildIn(sharing);
    const whole = { type: "Weighing", subject: subject.id };
    const log = await buildSubjectLog(subject);
    await buildEntry("subject", log);
    return {
      id: log.id,
      bodies: {
        "POST /modules/subjectlog": whole,
        "PUT /modules/subjectlog/:id": { ...whole, description: "replaced" },
        "PATCH /modules/subjectlog/:id": { description: "changed" },
        ...actionsOf("/modules/subjectlog"),
      },
    };
  },
};

export const procedureLogFixture: Fixture = {
  needs: { ...needsOf(procedureLog), ...needsOfActions("/modules/procedurelog") },
  build: async (sharing) => {
    const { subject } = await buildIn(sharing);
    const procedure = await buildProcedure(subject);
    const whole = { type: "Impedances", procedure: procedure.id };
    const log = await buildProcedureLog(procedure);
    await buildEntry("procedure", log);
    return {
      id: log.id,
      bodies: {
        "POST /modules/procedurelog": whole,
        "PUT /modules/procedurelog/:id": { ...whole, description: "replaced" },
        "PATCH /modules/procedurelog/:id": { description: "changed" },
        ...actionsOf("/modules/procedurelog"),
      },
    };
  },
};

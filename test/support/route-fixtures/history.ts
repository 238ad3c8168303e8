import {
  buildListOfProject,
  buildProcedure,
  buildProcedureLog,
  buildProject,
  buildSession,
  buildSubject,
  buildSubjectLog,
  type Sharing,
} from "../builders.ts";
import type { Fixture } from "./fixture.ts";

type Project = { readonly id: string };

const subjectIn = (project: Project) => buildSubject({ projects: [project] });

/** How a record is made that has a history, by its path. */
const RECORDS: Readonly<Record<`/${string}`, (project: Project) => Promise<Project>>> = {
  "/stem/session": (project) => buildSession({ projects: [project] }),
  "/stem/subject": subjectIn,
  "/stem/collection": (project) => buildListOfProject("collections", project),
  "/stem/cohort": (project) => buildListOfProject("cohorts", project),
  "/modules/procedure": async (project) => buildProcedure(await subjectIn(project)),
  "/modules/subjectlog": async (project) => buildSubjectLog(await subjectIn(project)),
  "/modules/procedurelog": async (project) =>
    buildProcedureLog(await buildProcedure(await subjectIn(project))),
};

function fixtureOf(path: string, build: (project: Project) => Promise<Project>): Fixture {
  return {
    needs: { [`GET ${path as `/${string}`}/:id/history` as const]: "manager" },
    build: async (sharing: Sharing) => ({
      id: (await build(await buildProject(sharing))).id,
      bodies: {},
    }),
  };
}

/** The histories of records, by the name of the route. What stands for `:id` is the record's. */
export const historyFixtures: Readonly<Record<string, Fixture>> = Object.fromEntries(
  Object.entries(RECORDS).map(([path, build]) => [
    `GET ${path}/:id/history`,
    fixtureOf(path, build),
  ]),
);

import type { Route } from "../../../src/api/route.ts";
import type { LevelName } from "../../../src/values/permission.ts";
import { dataStorageFixture } from "./data-storage.ts";
import { type Fixture, nameOf, type RouteName } from "./fixture.ts";
import { groupFixture } from "./group.ts";
import { historyFixtures } from "./history.ts";
import { cohortFixture, collectionFixture } from "./lists-of-project.ts";
import { moduleRecordFixtures } from "./module-records.ts";
import { projectFixture } from "./project.ts";
import { sessionFixture, sessionsOfProjectFixture } from "./session.ts";
import { sessionDataStorageFixture } from "./session-data-storage.ts";
import {
  behavioralAssayFixture,
  consumableStockFixture,
  equipmentFixture,
  inventoryFixture,
  setupFixture,
} from "./shared-attributes.ts";
import {
  listsOfSubjectFixture,
  procedureFixture,
  procedureLogFixture,
  subjectFixture,
  subjectLogFixture,
} from "./subject.ts";
import { userFixture } from "./user.ts";

/** One fixture for each model, by the model's name. A new model brings its own. */
const FIXTURES: Readonly<Record<string, Fixture>> = {
  session: sessionFixture,
  sessiondatastorage: sessionDataStorageFixture,
  ...moduleRecordFixtures,
  project: projectFixture,
  subject: subjectFixture,
  procedure: procedureFixture,
  procedure_log: procedureLogFixture,
  subject_log: subjectLogFixture,
  collection: collectionFixture,
  cohort: cohortFixture,
  datastorage: dataStorageFixture,
  setup: setupFixture,
  equipment: equipmentFixture,
  behavioralassay: behavioralAssayFixture,
  inventory: inventoryFixture,
  "consumable stock": consumableStockFixture,
  group: groupFixture,
  user: userFixture,
};

/** The fixtures of lists that are asked for below a record of another model, by the route's name. */
const BELOW: Readonly<Record<string, Fixture>> = {
  "GET /stem/project/:id/sessions": sessionsOfProjectFixture,
  "GET /stem/subject/:id/procedures": listsOfSubjectFixture,
  "GET /stem/subject/:id/subjectlogs": listsOfSubjectFixture,
  ...historyFixtures,
};

const fixtureOf = (route: Route): Fixture | undefined =>
  BELOW[nameOf(route)] ?? FIXTURES[route.model.name];

/** Whether the tests that run over every route know what to do with this one. */
export function hasFixture(route: Route): boolean {
  return fixtureOf(route)?.needs[nameOf(route) as RouteName] !== undefined;
}

/** @throws Error for a route that no fixture knows */
export function requireFixture(route: Route): {
  readonly fixture: Fixture;
  readonly needs: LevelName | "anyone";
} {
  const fixture = fixtureOf(route);
  const needs = fixture?.needs[nameOf(route) as RouteName];
  if (fixture === undefined || needs === undefined) {
    throw new Error(`no fixture for ${nameOf(route)}: add it in test/support/route-fixtures/`);
  }
  return { fixture, needs };
}

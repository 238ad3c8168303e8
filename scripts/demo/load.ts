import { SQL, sql } from "drizzle-orm";
import { auditStatements } from "../../src/audit/entries.ts";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import type { Model } from "../../src/model/define.ts";
import { listRecords } from "../../src/model/read.ts";
import { insertRow, insertRows, newCells } from "../../src/model/rows.ts";
import { insertUser, userInput } from "../../src/models/account/new-user.ts";
import { behavior } from "../../src/models/behavior.ts";
import { behavioralAssay } from "../../src/models/behavioral-assay.ts";
import { cohort } from "../../src/models/cohort.ts";
import { collection } from "../../src/models/collection.ts";
import { dataAcquisition } from "../../src/models/data-acquisition.ts";
import { dataStorage } from "../../src/models/data-storage.ts";
import { project } from "../../src/models/project.ts";
import { session } from "../../src/models/session/session.ts";
import { insertSessions } from "../../src/models/session/session-rows.ts";
import { setup } from "../../src/models/setup.ts";
import { subject } from "../../src/models/subject.ts";
import { user } from "../../src/models/user.ts";
import { NO_QUERY } from "../../src/query/parse.ts";
import { toInstant } from "../../src/values/instant.ts";
import { intentOf, readBody, readInput } from "../operator/records.ts";
import { listUsers } from "../operator/users.ts";
import { type DemoRecord, readBrainWideMap, STORAGE_ID } from "./brain-wide-map.ts";

export const DEMO_USER = {
  id: "af7053ae-bbed-47f2-84e0-d0729e41e0b5",
  email: "demo@brainstem.example",
};

/** The demo user owns all demo records. */
const OWNER = { ...OPERATOR, owner: DEMO_USER.email };

/**
 * Loads the demo data, all or nothing, into a database without users and sessions. It does not change any
 * other database.
 */
export async function loadDemo(connection: Connection): Promise<void> {
  if (!(await isEmpty(connection))) return;
  const map = await readBrainWideMap();
  const now = toInstant(new Date());
  await connection.batch([
    insertDemoUser(now),
    ...createAll(project, map.projects),
    ...createAll(dataStorage, [STORAGE]),
    ...createAll(setup, map.setups),
    ...createAll(behavioralAssay, map.assays),
    ...insertSessions(map.sessions, now),
    // One statement each: the database looks up the project set.
    ...map.subjects.map((record) => insertRow(subject.table, cellsOf(subject, record, now))),
    ...insertOfSessions(dataAcquisition, map.dataAcquisitions, now),
    ...insertOfSessions(behavior, map.behaviors, now),
    ...auditAll(now),
    ...createAll(collection, map.collections),
    ...createAll(cohort, map.cohorts),
  ]);
}

/** The statements that create records as the API does, with preconditions and audit entries. */
function createAll(model: Model, records: readonly DemoRecord[]): readonly SQL[] {
  const intent = intentOf(OWNER);
  return records.flatMap(([id, body]) =>
    model.writes.create(id, readBody(model, body), intent).transaction(intent),
  );
}

/** The statements that insert records of sessions. A trigger gives each the project set of its session. */
function insertOfSessions(
  model: Model,
  records: readonly DemoRecord[],
  now: string,
): readonly SQL[] {
  const rows = records.map((record) =>
    cellsOf(model, record, now).filter(([, value]) => !(value instanceof SQL)),
  );
  return insertRows(model.table, rows);
}

const cellsOf = (model: Model, [id, body]: DemoRecord, now: string) =>
  newCells(model, id, readBody(model, body), now);

/** The audit entries of the records that are inserted without a plan. */
function auditAll(now: string): readonly SQL[] {
  const drafts = [user, session, subject, dataAcquisition, behavior].map((model) => {
    const id = sql`(SELECT ${model.id} FROM ${model.table})`;
    return { action: "create", model, id } as const;
  });
  return auditStatements(drafts, OPERATOR, now).after;
}

async function isEmpty(connection: Connection): Promise<boolean> {
  const { count } = await listRecords(connection, OPERATOR, session, NO_QUERY);
  return count === 0 && (await listUsers(connection, OPERATOR)).length === 0;
}

function insertDemoUser(now: string): SQL {
  const { id, email } = DEMO_USER;
  const body = { email, first_name: "Demo", last_name: "User" };
  return insertUser(id, readInput(userInput, body), now);
}

const STORAGE: DemoRecord = [
  STORAGE_ID,
  {
    name: "IBL public data",
    location: "Flatiron Institute",
    description: "The public data of the International Brain Laboratory.",
    is_public: true,
    data_protocols: [
      { protocol: "HTTPS", path: "https://ibl.flatironinstitute.org/public/", is_public: true },
    ],
  },
];

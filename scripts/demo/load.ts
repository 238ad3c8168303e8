import { type SQL, sql } from "drizzle-orm";
import { auditStatements } from "../../src/audit/entries.ts";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { listRecords } from "../../src/model/read.ts";
import { insertRow, newCells } from "../../src/model/rows.ts";
import { insertUser, userInput } from "../../src/models/account/new-user.ts";
import { dataAcquisition } from "../../src/models/data-acquisition.ts";
import { dataStorage } from "../../src/models/data-storage.ts";
import { project } from "../../src/models/project.ts";
import { session } from "../../src/models/session/session.ts";
import { insertSessions } from "../../src/models/session/session-rows.ts";
import { user } from "../../src/models/user.ts";
import { NO_QUERY } from "../../src/query/parse.ts";
import { toInstant } from "../../src/values/instant.ts";
import { intentOf, readBody, readInput } from "../operator/records.ts";
import { listUsers } from "../operator/users.ts";
import { MAP_PROJECT_ID, readBrainWideMap, STORAGE_ID } from "./brain-wide-map.ts";

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
  const { labs, sessions, dataAcquisitions } = await readBrainWideMap();
  const now = toInstant(new Date());
  await connection.batch([
    insertDemoUser(now),
    ...insertProject(MAP_PROJECT_ID, "Brain-Wide Map", true),
    ...labs.flatMap(([id, name]) => insertProject(id, name, false)),
    ...insertStorage(),
    ...insertSessions(sessions, now),
    // One statement each: the database looks up the project set of the session.
    ...dataAcquisitions.map(([id, input]) =>
      insertRow(dataAcquisition.table, newCells(dataAcquisition, id, input, now)),
    ),
    ...auditAll(now),
  ]);
}

/** The audit entries of the records that are inserted without a plan. */
function auditAll(now: string): readonly SQL[] {
  const drafts = [user, session, dataAcquisition].map((model) => {
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

function insertProject(id: string, name: string, isPublic: boolean): readonly SQL[] {
  const input = readBody(project, { name, is_public: isPublic });
  const intent = intentOf(OWNER);
  return project.writes.create(id, input, intent).transaction(intent);
}

function insertStorage(): readonly SQL[] {
  const input = readBody(dataStorage, {
    name: "IBL public data",
    location: "Flatiron Institute",
    description: "The public data of the International Brain Laboratory.",
    is_public: true,
    data_protocols: [
      { protocol: "HTTPS", path: "https://ibl.flatironinstitute.org/public/", is_public: true },
    ],
  });
  const intent = intentOf(OWNER);
  return dataStorage.writes.create(STORAGE_ID, input, intent).transaction(intent);
}

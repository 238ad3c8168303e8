import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { type SQL, sql } from "../../src/db/sql.ts";
import { toInstant } from "../../src/domain/instant.ts";
import { NO_QUERY } from "../../src/query/parse.ts";
import { writeDown } from "../../src/record/history.ts";
import { listRecords } from "../../src/record/service.ts";
import { dataAcquisition } from "../../src/resources/data-acquisition/fields.ts";
import { dataAcquisitionStore } from "../../src/resources/data-acquisition/store.ts";
import { dataStorage } from "../../src/resources/data-storage/fields.ts";
import { dataStorageInput } from "../../src/resources/data-storage/schemas.ts";
import { dataStorageKind } from "../../src/resources/data-storage/service.ts";
import { project } from "../../src/resources/project/fields.ts";
import { projectInput } from "../../src/resources/project/schemas.ts";
import { projectKind } from "../../src/resources/project/service.ts";
import { session } from "../../src/resources/session/fields.ts";
import { insertSessions } from "../../src/resources/session/import-store.ts";
import { user } from "../../src/resources/user/fields.ts";
import { userInput } from "../../src/resources/user/schemas.ts";
import { listUsers } from "../../src/resources/user/service.ts";
import { userStore } from "../../src/resources/user/store.ts";
import { readInput } from "../platform/input.ts";
import { MAP_PROJECT_ID, readBrainWideMap, STORAGE_ID } from "./brain-wide-map.ts";

export const DEMO_USER = {
  id: "af7053ae-bbed-47f2-84e0-d0729e41e0b5",
  email: "demo@brainstem.example",
};

const OWNERS = { [DEMO_USER.email]: { is_owner: true } };

/** Fills a database that has neither users nor sessions with the demo data, all or nothing; leaves any other alone. */
export async function loadDemo(connection: Connection): Promise<void> {
  if (!(await isEmpty(connection))) return;
  const { labs, sessions, dataAcquisitions } = await readBrainWideMap();
  const now = toInstant(new Date());
  await connection.batch([
    ...insertUser(now),
    ...insertProject(MAP_PROJECT_ID, "Brain-Wide Map", true, now),
    ...labs.flatMap(([id, name]) => insertProject(id, name, false, now)),
    ...insertStorage(now),
    ...insertSessions(sessions, now),
    ...dataAcquisitionStore.insertMany(dataAcquisitions, now),
    ...writeDownAll(now),
  ]);
}

/** The history of the demo data begins with their being made. */
function writeDownAll(now: string): readonly SQL[] {
  const deeds = [user, project, dataStorage, session, dataAcquisition].map((resource) => {
    const id = sql`(SELECT ${resource.id} FROM ${resource.table})`;
    return { action: "create", resource, id } as const;
  });
  return writeDown(deeds, OPERATOR, now).after;
}

async function isEmpty(connection: Connection): Promise<boolean> {
  const { count } = await listRecords(connection, OPERATOR, session, NO_QUERY);
  return count === 0 && (await listUsers(connection, OPERATOR)).length === 0;
}

function insertUser(now: string): readonly SQL[] {
  const { id, email } = DEMO_USER;
  const input = readInput(userInput, { email, first_name: "Demo", last_name: "User" });
  return userStore.insert(id, input, now);
}

function insertProject(id: string, name: string, isPublic: boolean, now: string): readonly SQL[] {
  const input = readInput(projectInput, { name, is_public: isPublic, users: OWNERS });
  return projectKind.store.insert(id, input, now);
}

function insertStorage(now: string): readonly SQL[] {
  const input = readInput(dataStorageInput, {
    name: "IBL public data",
    location: "Flatiron Institute",
    description: "The public data of the International Brain Laboratory.",
    is_public: true,
    data_protocols: [
      { protocol: "HTTPS", path: "https://ibl.flatironinstitute.org/public/", is_public: true },
    ],
    users: OWNERS,
  });
  return dataStorageKind.store.insert(STORAGE_ID, input, now);
}

import type { Viewer } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import { type Held, heldKind } from "../../record/held.ts";
import { dataStorageGroupLevels, dataStorageUserLevels } from "../../record/membership.ts";
import type { Maker } from "../../record/membership-rules.ts";
import { changeRecord, createRecord, type RecordKind } from "../../record/service.ts";
import { dataStorage } from "./fields.ts";
import { dataStorageRules } from "./rules.ts";
import type { DataStorageInput } from "./schemas.ts";
import { dataStorageStore } from "./store.ts";

const ofItself: RecordKind<DataStorageInput> = {
  resource: dataStorage,
  rules: dataStorageRules,
  store: dataStorageStore,
};

const held: Held<DataStorageInput> = {
  owners: dataStorageUserLevels,
  members: [
    { membership: dataStorageUserLevels, changes: ({ users }) => users },
    {
      membership: dataStorageGroupLevels,
      changes: ({ authenticatedGroups }) => authenticatedGroups,
    },
  ],
};

export const dataStorageKind = heldKind(ofItself, held);

/** Creates a data storage that its maker owns. Answers with it, as JSON text. */
export function createDataStorage(
  connection: Connection,
  viewer: Viewer,
  input: DataStorageInput,
  maker: Maker = {},
): Promise<string> {
  return createRecord(connection, viewer, heldKind(ofItself, held, maker), input);
}

/** Changes the fields that the input names, and the members that it names. Answers with all, as JSON text. */
export function changeDataStorage(
  connection: Connection,
  viewer: Viewer,
  id: string,
  input: Partial<DataStorageInput>,
): Promise<string> {
  return changeRecord(connection, viewer, dataStorageKind, id, input);
}

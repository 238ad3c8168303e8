import { heldKind } from "../../record/held.ts";
import { dataStorageGroupLevels, dataStorageUserLevels } from "../../record/membership.ts";
import { dataStorage } from "./fields.ts";
import { dataStorageRules } from "./rules.ts";
import type { DataStorageInput } from "./schemas.ts";
import { dataStorageStore } from "./store.ts";

/** Data storages, as the shared verbs take them. */
export const dataStorageKind = heldKind<DataStorageInput>(
  { resource: dataStorage, rules: dataStorageRules, store: dataStorageStore },
  {
    owners: dataStorageUserLevels,
    members: [
      { membership: dataStorageUserLevels, changes: ({ users }) => users },
      {
        membership: dataStorageGroupLevels,
        changes: ({ authenticatedGroups }) => authenticatedGroups,
      },
    ],
  },
);

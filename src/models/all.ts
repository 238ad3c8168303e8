import type { Model } from "../model/define.ts";
import { behavior } from "./behavior.ts";
import { dataAcquisition } from "./data-acquisition.ts";
import { dataStorage } from "./data-storage.ts";
import { epoch } from "./epoch.ts";
import { group } from "./group.ts";
import { historyEntry } from "./history-entry.ts";
import { manipulation } from "./manipulation.ts";
import { project } from "./project.ts";
import { session } from "./session/session.ts";
import { sessionDataStorage } from "./session-data-storage.ts";
import { user } from "./user.ts";

/** Every model. The API serves them, the OpenAPI document describes them, and the tests run over them. */
export const models: readonly Model[] = [
  session,
  historyEntry,
  sessionDataStorage,
  dataAcquisition,
  behavior,
  manipulation,
  epoch,
  project,
  dataStorage,
  group,
  user,
];

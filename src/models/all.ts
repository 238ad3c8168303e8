import type { Model } from "../model/define.ts";
import { behavior } from "./behavior.ts";
import { behavioralAssay } from "./behavioral-assay.ts";
import { cohort } from "./cohort.ts";
import { collection } from "./collection.ts";
import { consumableStock } from "./consumable-stock.ts";
import { dataAcquisition } from "./data-acquisition.ts";
import { dataStorage } from "./data-storage.ts";
import { epoch } from "./epoch.ts";
import { equipment } from "./equipment.ts";
import { group } from "./group.ts";
import { historyEntry } from "./history-entry.ts";
import { inventory } from "./inventory.ts";
import { manipulation } from "./manipulation.ts";
import { procedure } from "./procedure.ts";
import { procedureLog } from "./procedure-log.ts";
import { project } from "./project.ts";
import { session } from "./session/session.ts";
import { sessionDataStorage } from "./session-data-storage.ts";
import { setup } from "./setup.ts";
import { subject } from "./subject.ts";
import { subjectLog } from "./subject-log.ts";
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
  subject,
  procedure,
  procedureLog,
  subjectLog,
  collection,
  cohort,
  dataStorage,
  setup,
  equipment,
  behavioralAssay,
  inventory,
  consumableStock,
  group,
  user,
];

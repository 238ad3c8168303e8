import type { RecordKind } from "../../record/service.ts";
import { dataAcquisition } from "./fields.ts";
import { dataAcquisitionRules } from "./rules.ts";
import type { DataAcquisitionInput } from "./schemas.ts";
import { dataAcquisitionStore } from "./store.ts";

/** Data acquisitions, as the shared verbs take them. */
export const dataAcquisitionKind: RecordKind<DataAcquisitionInput> = {
  resource: dataAcquisition,
  rules: dataAcquisitionRules,
  store: dataAcquisitionStore,
};

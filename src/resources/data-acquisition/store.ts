import { dataAcquisitions } from "../../db/tables.ts";
import { columnsOfSession } from "../../record/of-session-write.ts";
import { asIs, asJson, storeOf } from "../../record/store.ts";
import type { DataAcquisitionInput } from "./schemas.ts";

export const dataAcquisitionStore = storeOf<DataAcquisitionInput>(dataAcquisitions, {
  ...columnsOfSession(dataAcquisitions),
  type: asIs(dataAcquisitions.type),
  procedures: asJson(dataAcquisitions.procedures),
  equipment: asJson(dataAcquisitions.equipment),
  details: asJson(dataAcquisitions.details),
  typeSchemaVersion: asIs(dataAcquisitions.typeSchemaVersion),
});

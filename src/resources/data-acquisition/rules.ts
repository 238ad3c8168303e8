import { dataAcquisitions, epochDataAcquisitions } from "../../db/tables.ts";
import { rulesOfModule } from "../../record/of-session-write.ts";
import { dataAcquisition } from "./fields.ts";
import type { DataAcquisitionInput } from "./schemas.ts";

export const dataAcquisitionRules = rulesOfModule<DataAcquisitionInput>(
  dataAcquisition,
  dataAcquisitions,
  epochDataAcquisitions.dataAcquisitionId,
);

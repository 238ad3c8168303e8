import { manipulations } from "../../db/tables.ts";
import { columnsOfSession } from "../../record/of-session-write.ts";
import { asIs, asJson, storeOf } from "../../record/store.ts";
import type { ManipulationInput } from "./schemas.ts";

export const manipulationStore = storeOf<ManipulationInput>(manipulations, {
  ...columnsOfSession(manipulations),
  type: asIs(manipulations.type),
  procedures: asJson(manipulations.procedures),
  equipment: asJson(manipulations.equipment),
  details: asJson(manipulations.details),
  typeSchemaVersion: asIs(manipulations.typeSchemaVersion),
});

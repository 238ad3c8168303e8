import { epochManipulations, manipulations } from "../../db/tables.ts";
import { rulesOfModule } from "../../record/of-session-write.ts";
import { manipulation } from "./fields.ts";
import type { ManipulationInput } from "./schemas.ts";

export const manipulationRules = rulesOfModule<ManipulationInput>(
  manipulation,
  manipulations,
  epochManipulations.manipulationId,
);

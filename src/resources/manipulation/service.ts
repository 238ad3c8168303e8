import type { RecordKind } from "../../record/service.ts";
import { manipulation } from "./fields.ts";
import { manipulationRules } from "./rules.ts";
import type { ManipulationInput } from "./schemas.ts";
import { manipulationStore } from "./store.ts";

/** Manipulations, as the shared verbs take them. */
export const manipulationKind: RecordKind<ManipulationInput> = {
  resource: manipulation,
  rules: manipulationRules,
  store: manipulationStore,
};

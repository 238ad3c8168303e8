import type { RecordKind } from "../../record/service.ts";
import { epoch } from "./fields.ts";
import { epochRules } from "./rules.ts";
import type { EpochInput } from "./schemas.ts";
import { epochStore } from "./store.ts";

/** Epochs, as the shared verbs take them. */
export const epochKind: RecordKind<EpochInput> = {
  resource: epoch,
  rules: epochRules,
  store: epochStore,
};

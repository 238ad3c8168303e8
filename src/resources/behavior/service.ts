import type { RecordKind } from "../../record/service.ts";
import { behavior } from "./fields.ts";
import { behaviorRules } from "./rules.ts";
import type { BehaviorInput } from "./schemas.ts";
import { behaviorStore } from "./store.ts";

/** Behaviors, as the shared verbs take them. */
export const behaviorKind: RecordKind<BehaviorInput> = {
  resource: behavior,
  rules: behaviorRules,
  store: behaviorStore,
};

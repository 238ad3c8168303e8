import { behaviors, epochBehaviors } from "../../db/tables.ts";
import { rulesOfModule } from "../../record/of-session-write.ts";
import { behavior } from "./fields.ts";
import type { BehaviorInput } from "./schemas.ts";

export const behaviorRules = rulesOfModule<BehaviorInput>(
  behavior,
  behaviors,
  epochBehaviors.behaviorId,
);

import { behaviors } from "../../db/tables.ts";
import { columnsOfSession } from "../../record/of-session-write.ts";
import { asIs, asJson, storeOf } from "../../record/store.ts";
import type { BehaviorInput } from "./schemas.ts";

export const behaviorStore = storeOf<BehaviorInput>(behaviors, {
  ...columnsOfSession(behaviors),
  subjects: asJson(behaviors.subjects),
  setup: asIs(behaviors.setup),
  behavioralassay: asIs(behaviors.behavioralassay),
});

import type { InputDeclaration, InputOf } from "../../record/input.ts";
import { readOnlyOfSession, shapeOfSession } from "../../record/of-session-write.ts";
import { someUuids, uuid } from "../../record/values.ts";

/** What a client writes of a behavior; subjects, setup and assay live outside this service. */
export const behaviorInput = {
  shape: {
    ...shapeOfSession,
    subjects: someUuids,
    setup: uuid,
    behavioralassay: uuid,
  },
  readOnly: readOnlyOfSession,
} as const satisfies InputDeclaration;

export type BehaviorInput = InputOf<typeof behaviorInput>;

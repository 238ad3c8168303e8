import { once } from "../../domain/once.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import { readOnlyOfSession, shapeOfSession } from "../../record/of-session-write.ts";
import { nameText, number, orElse, orNull, uuids } from "../../record/values.ts";

/** Seconds from the start of the session; null for a bound that is not known. */
const seconds = orElse(() => orNull(number()), null);

/** What a client writes of an epoch. */
export const epochInput = {
  shape: {
    ...shapeOfSession,
    name: once(() => nameText(100)),
    start: seconds,
    end: seconds,
    dataacquisition: orElse(uuids, []),
    behaviors: orElse(uuids, []),
    manipulations: orElse(uuids, []),
  },
  readOnly: readOnlyOfSession,
  // MATLAB cannot name a field by a word of its language.
  aliases: { xEnd: "end" },
} as const satisfies InputDeclaration;

export type EpochInput = InputOf<typeof epochInput>;

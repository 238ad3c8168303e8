import * as z from "zod/mini";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import { readOnlyOfSession, shapeOfSession } from "../../record/of-session-write.ts";
import { nameText, number, orNull, uuids } from "../../record/values.ts";

/** Seconds from the start of the session; null for a bound that is not known. */
const seconds = z._default(orNull(number), null);

/** What a client writes of an epoch. */
export const epochInput = {
  shape: {
    ...shapeOfSession,
    name: nameText(100),
    start: seconds,
    end: seconds,
    dataacquisition: z._default(uuids, []),
    behaviors: z._default(uuids, []),
    manipulations: z._default(uuids, []),
  },
  readOnly: readOnlyOfSession,
} as const satisfies InputDeclaration;

export type EpochInput = InputOf<typeof epochInput>;

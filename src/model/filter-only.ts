import type { SQL } from "drizzle-orm";
import type { Caller } from "../db/access.ts";
import type { Target } from "../query/operators.ts";
import type { Filter } from "../query/read-model.ts";
import type { About, Field } from "./field.ts";
import { readOnly } from "./fields.ts";

/**
 * A field by which lists can be filtered and that no answer shows: the id of a record that stands behind another one,
 * such as the subject of the procedure of a log.
 */
export function idBehind(
  {
    cost,
    where,
    candidates,
  }: {
    readonly cost: number;
    readonly where: (test: (target: Target) => SQL, caller: Caller) => SQL;
    readonly candidates: (test: (target: Target) => SQL, caller: Caller) => SQL;
  },
  about: About,
): Field {
  const onId: Filter = { type: "id", related: true, cost, where, candidates };
  return readOnly({ filters: { "": onId, id: onId } }, about);
}

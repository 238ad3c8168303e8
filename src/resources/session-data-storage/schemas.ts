import * as z from "zod/mini";
import { once } from "../../domain/once.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import { order, uuid, uuids } from "../../record/values.ts";

/** A new association; without `order` it goes to the end. */
export const newAssociation = {
  shape: { session: uuid, datastorage: uuid, order: once(() => z.optional(order())) },
  readOnly: ["id"],
} as const satisfies InputDeclaration;

/** What can be said of an association that is there: its place. The other two may come along unchanged. */
export const movedAssociation = {
  shape: {
    session: once(() => z.optional(uuid())),
    datastorage: once(() => z.optional(uuid())),
    order: once(() => z.optional(order())),
  },
  readOnly: ["id"],
} as const satisfies InputDeclaration;

/** All storages of a session, in their new order. */
export const wholeOrder = {
  shape: { session: uuid, datastorage: uuids },
  readOnly: [],
} as const satisfies InputDeclaration;

export type NewAssociation = InputOf<typeof newAssociation>;
export type MovedAssociation = InputOf<typeof movedAssociation>;
export type WholeOrder = InputOf<typeof wholeOrder>;

import { once } from "../../domain/once.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import { groupUserLevels, memberChanges } from "../../record/membership.ts";
import { nameText, orElse } from "../../record/values.ts";

const writable = {
  name: once(() => nameText(100)),
  users: orElse(() => memberChanges(groupUserLevels), []),
};

/** What a client writes of a group, and what it may send back as it was read. */
export const groupInput = {
  shape: writable,
  readOnly: ["id", "links"],
} as const satisfies InputDeclaration;

export type GroupInput = InputOf<typeof groupInput>;

import { once } from "../../domain/once.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import { memberChanges, projectGroupLevels, projectUserLevels } from "../../record/membership.ts";
import { boolean, extraFields, nameText, orElse, tags, text } from "../../record/values.ts";

const writable = {
  name: once(() => nameText(200)),
  description: orElse(text, ""),
  extra_fields: orElse(extraFields, {}),
  is_public: orElse(boolean, false),
  tags: orElse(tags, []),
  users: orElse(() => memberChanges(projectUserLevels), []),
  groups: orElse(() => memberChanges(projectGroupLevels), []),
};

/** What a client writes of a project, and what it may send back as it was read. */
export const projectInput = {
  shape: writable,
  readOnly: ["id", "sessions", "subjects", "publications", "collections", "cohorts", "links"],
} as const satisfies InputDeclaration;

export type ProjectInput = InputOf<typeof projectInput>;

import * as z from "zod/mini";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import { memberChanges, projectGroupLevels, projectUserLevels } from "../../record/membership.ts";
import { boolean, extraFields, nameText, tags, text } from "../../record/values.ts";

const writable = {
  name: nameText(200),
  description: z._default(text(), ""),
  extra_fields: z._default(extraFields, {}),
  is_public: z._default(boolean, false),
  tags: z._default(tags, []),
  users: z._default(memberChanges(projectUserLevels), []),
  groups: z._default(memberChanges(projectGroupLevels), []),
};

/** What a client writes of a project, and what it may send back as it was read. */
export const projectInput = {
  shape: writable,
  readOnly: ["id", "sessions", "subjects", "publications", "collections", "cohorts", "links"],
} as const satisfies InputDeclaration;

export type ProjectInput = InputOf<typeof projectInput>;

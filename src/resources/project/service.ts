import type { Viewer } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import { type Held, heldKind } from "../../record/held.ts";
import { projectGroupLevels, projectUserLevels } from "../../record/membership.ts";
import type { Maker } from "../../record/membership-rules.ts";
import { changeRecord, createRecord, type RecordKind } from "../../record/service.ts";
import { project } from "./fields.ts";
import { projectRules } from "./rules.ts";
import type { ProjectInput } from "./schemas.ts";
import { projectStore } from "./store.ts";

const ofItself: RecordKind<ProjectInput> = {
  resource: project,
  rules: projectRules,
  store: projectStore,
};

const held: Held<ProjectInput> = {
  owners: projectUserLevels,
  members: [
    { membership: projectUserLevels, changes: ({ users }) => users },
    { membership: projectGroupLevels, changes: ({ groups }) => groups },
  ],
};

export const projectKind = heldKind(ofItself, held);

/** Creates a project that its maker owns. Answers with it, as JSON text. */
export function createProject(
  connection: Connection,
  viewer: Viewer,
  input: ProjectInput,
  maker: Maker = {},
): Promise<string> {
  return createRecord(connection, viewer, heldKind(ofItself, held, maker), input);
}

/** Changes the fields that the input names, and the members that it names. Answers with all, as JSON text. */
export function changeProject(
  connection: Connection,
  viewer: Viewer,
  id: string,
  input: Partial<ProjectInput>,
): Promise<string> {
  return changeRecord(connection, viewer, projectKind, id, input);
}

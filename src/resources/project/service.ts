import { heldKind } from "../../record/held.ts";
import { projectGroupLevels, projectUserLevels } from "../../record/membership.ts";
import { project } from "./fields.ts";
import { projectRules } from "./rules.ts";
import type { ProjectInput } from "./schemas.ts";
import { lossOfProject, projectStore } from "./store.ts";

/** Projects, as the shared verbs take them. */
export const projectKind = heldKind<ProjectInput>(
  {
    resource: project,
    rules: projectRules,
    store: projectStore,
    takesAlong: (id) => [lossOfProject(id)],
  },
  {
    owners: projectUserLevels,
    members: [
      { membership: projectUserLevels, changes: ({ users }) => users },
      { membership: projectGroupLevels, changes: ({ groups }) => groups },
    ],
  },
);

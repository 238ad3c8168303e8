import type { Viewer } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import { heldKind } from "../../record/held.ts";
import {
  dataStorageGroupLevels,
  groupUserLevels,
  lossOfMember,
  projectGroupLevels,
} from "../../record/membership.ts";
import { writeAndRead } from "../../record/service.ts";
import { dataStorage } from "../data-storage/fields.ts";
import { project } from "../project/fields.ts";
import { group } from "./fields.ts";
import { groupRules, rulesForLeave } from "./rules.ts";
import type { GroupInput } from "./schemas.ts";
import { deleteCallerFrom, groupStore } from "./store.ts";

/** Groups, as the shared verbs take them. */
export const groupKind = heldKind<GroupInput>(
  {
    resource: group,
    rules: groupRules,
    store: groupStore,
    // What was shared with a group is shared with it no longer.
    takesAlong: (id) => [
      lossOfMember(projectGroupLevels, project, id),
      lossOfMember(dataStorageGroupLevels, dataStorage, id),
    ],
  },
  {
    owners: groupUserLevels,
    members: [{ membership: groupUserLevels, changes: ({ users }) => users }],
  },
);

/** Takes the caller from a group. Answers with the group as the caller sees it from then on. */
export function leaveGroup(connection: Connection, viewer: Viewer, id: string): Promise<string> {
  const write = {
    checks: rulesForLeave(id),
    statements: [deleteCallerFrom(viewer, id)],
    deeds: [{ action: "change", resource: group, id }],
  } as const;
  return writeAndRead(connection, viewer, write, group, id);
}

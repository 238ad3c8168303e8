import type { Viewer } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import { type Held, heldKind } from "../../record/held.ts";
import { groupUserLevels } from "../../record/membership.ts";
import type { Maker } from "../../record/membership-rules.ts";
import { changeRecord, createRecord, type RecordKind, writeAndRead } from "../../record/service.ts";
import { group } from "./fields.ts";
import { groupRules, rulesForLeave } from "./rules.ts";
import type { GroupInput } from "./schemas.ts";
import { deleteCallerFrom, groupStore } from "./store.ts";

const ofItself: RecordKind<GroupInput> = { resource: group, rules: groupRules, store: groupStore };

const held: Held<GroupInput> = {
  owners: groupUserLevels,
  members: [{ membership: groupUserLevels, changes: ({ users }) => users }],
};

export const groupKind = heldKind(ofItself, held);

/** Creates a group that its maker owns. Answers with it, as JSON text. */
export function createGroup(
  connection: Connection,
  viewer: Viewer,
  input: GroupInput,
  maker: Maker = {},
): Promise<string> {
  return createRecord(connection, viewer, heldKind(ofItself, held, maker), input);
}

/** Changes the name, and the members that the input names. Answers with the group, as JSON text. */
export function changeGroup(
  connection: Connection,
  viewer: Viewer,
  id: string,
  input: Partial<GroupInput>,
): Promise<string> {
  return changeRecord(connection, viewer, groupKind, id, input);
}

/** Takes the caller from a group. Answers with the group as the caller sees it from then on. */
export function leaveGroup(connection: Connection, viewer: Viewer, id: string): Promise<string> {
  const write = { checks: rulesForLeave(id), statements: [deleteCallerFrom(viewer, id)] };
  return writeAndRead(connection, viewer, write, group, id);
}

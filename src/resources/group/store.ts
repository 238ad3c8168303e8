import { callerTable, type Viewer } from "../../db/access.ts";
import { type SQL, sql } from "../../db/sql.ts";
import { groupMembers, groups } from "../../db/tables.ts";
import { storeOf, withFold } from "../../record/store.ts";
import type { GroupInput } from "./schemas.ts";

/** The statements that write a group. */
export const groupStore = storeOf<GroupInput>(groups, {
  name: withFold(groups.name, groups.nameFolded),
});

/** Takes the caller from a group. */
export function deleteCallerFrom(viewer: Viewer, id: string): SQL {
  return sql`WITH ${callerTable(viewer)} DELETE FROM ${groupMembers}
    WHERE ${groupMembers.groupId} = ${id} AND ${groupMembers.userId} = (SELECT id FROM caller)`;
}

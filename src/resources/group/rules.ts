import { levelOn } from "../../db/access.ts";
import { sql } from "../../db/sql.ts";
import { groups, users } from "../../db/tables.ts";
import type { Fault } from "../../domain/fault.ts";
import { LEVEL_FOR } from "../../domain/permission.ts";
import { type Check, holdsOn, targetIsVisible, valueIsFree } from "../../record/checks.ts";
import { groupUserLevels } from "../../record/membership.ts";
import { keepsAnOwner } from "../../record/membership-rules.ts";
import type { RecordRules } from "../../record/service.ts";
import { group } from "./fields.ts";
import type { GroupInput } from "./schemas.ts";

/** What must hold for a group to be written, beside what its members ask for. */
export const groupRules: RecordRules<GroupInput> = {
  create: ({ name }) => (name === undefined ? [] : [nameIsFree(name)]),
  change: (id, { name }) => [
    targetIsVisible(group, id, "view_group"),
    holdsOn("manage", "group", [id]),
    ...(name === undefined ? [] : [nameIsFree(name, id), ownersRename(id, name)]),
  ],
  remove: (id) => [targetIsVisible(group, id, "view_group"), holdsOn("own", "group", [id])],
};

/** What must hold for the caller to leave a group. */
export function rulesForLeave(id: string): readonly Check[] {
  const caller = sql`(SELECT ${users.email} AS key, 0 AS level FROM ${users}
    WHERE ${users.id} = (SELECT id FROM caller)) AS named`;
  return [
    targetIsVisible(group, id, "view_group"),
    callerIsMember(id),
    keepsAnOwner(groupUserLevels, id, caller),
  ];
}

function nameIsFree(name: string, id?: string): Check {
  return valueIsFree("name", groups.name, name, group.title, id);
}

function ownersRename(id: string, name: string): Check {
  const denied: Fault = { kind: "denied", permission: "own_group", id };
  return (viewer) => sql`SELECT ${JSON.stringify(denied)} AS fault FROM ${groups}
    WHERE ${groups.id} = ${id} AND ${groups.name} <> ${name}
    AND ${levelOn(viewer, "group", sql`${id}`)} < ${LEVEL_FOR.own}`;
}

function callerIsMember(id: string): Check {
  const denied: Fault = { kind: "denied", permission: "view_group", id };
  return (viewer) => sql`SELECT ${JSON.stringify(denied)} AS fault
    WHERE ${levelOn(viewer, "group", sql`${id}`)} < ${LEVEL_FOR.view}`;
}

import { sql } from "drizzle-orm";
import { callerTable, levelOn } from "../db/access.ts";
import { groupMembers, groups } from "../db/schema/groups.ts";
import { users } from "../db/schema/users.ts";
import { type Action, defineModel } from "../model/define.ts";
import * as field from "../model/fields.ts";
import { lossOfGroup, usersOf } from "../model/membership.ts";
import { keepsAnOwner } from "../model/membership-rules.ts";
import { Plan } from "../model/plan.ts";
import { targetIsVisible, violationWhere } from "../model/precondition.ts";
import { members, ownersChange, sharedWithMembers } from "../model/shared-with-members.ts";
import { LEVEL_FOR, SHARED_WITH_GROUPS } from "../values/permission.ts";

/** Removes the caller from a group. The reply is the group as the caller sees it afterwards. */
const leave = (method: "get" | "post"): Action => ({
  method,
  path: "/:id/leave",
  summary: "Leave a group",
  // A page of the address sends a form.
  ...(method === "post" && {
    form: {
      label: "Leave the group",
      help: "You lose what is shared with you through the group. Whoever manages it can add you again.",
      done: "You have left the group.",
      fields: {},
      isRemoval: true,
    },
  }),
  plan: (id, _input, { caller }) =>
    new Plan({
      preconditions: [
        targetIsVisible(group, id),
        violationWhere(
          { kind: "denied", permission: "view_group", id },
          (of) => sql`${levelOn(of, "group", sql`${id}`)} < ${LEVEL_FOR.view}`,
        ),
        keepsAnOwner(
          usersOf("group"),
          id,
          sql`(SELECT ${users.email} AS key, 0 AS level FROM ${users}
          WHERE ${users.id} = (SELECT id FROM caller)) AS named`,
        ),
      ],
      statements: [
        sql`WITH ${callerTable(caller)} DELETE FROM ${groupMembers}
        WHERE ${groupMembers.recordId} = ${id} AND ${groupMembers.userId} = (SELECT id FROM caller)`,
      ],
      audit: [{ action: "change", model: group, id }],
      reply: { show: "record", model: group, id },
    }),
});

const everyoneWithToken = (caller: Parameters<typeof callerTable>[0]) =>
  caller.kind === "public" ? sql`0` : sql`1`;

/**
 * A group: several users who share permissions. Every caller with a token sees all groups, so that users can
 * share records with them. Only members see the members of a group.
 */
export const group = defineModel({
  name: "group",
  plural: "groups",
  help: "Several users who share permissions on projects and data storages, such as a lab.",
  path: "/users/group",
  // The MATLAB client looks for groups there.
  aliases: ["/auth/group"],
  table: groups,
  portals: ["private"],
  access: sharedWithMembers("group", {
    change: "manage",
    read: {
      visible: everyoneWithToken,
      readable: everyoneWithToken,
      usable: everyoneWithToken,
    },
  }),
  order: [groups.name],
  search: { fields: ["name"] },
  fields: {
    id: field.id(groups.id),
    name: field.uniqueName(groups.name, groups.nameFolded, {
      max: 100,
      title: "group",
      help: "A name that no other group has, such as the name of a lab.",
    }),
    users: members(usersOf("group"), {
      help: "The members, by email, each with is_manager and is_owner. Only members see them.",
    }),
    created_date: field.createdDate(groups.createdDate),
    updated_date: field.updatedDate(groups.updatedDate),
  },
  preconditions: {
    change: (id, { name }) =>
      name === undefined ? [] : [ownersChange("group", id, sql`${groups.name} <> ${name}`)],
  },
  removal: {
    // What was shared with the group loses it.
    audit: (id) => SHARED_WITH_GROUPS.map((kind) => lossOfGroup(kind, id)),
  },
  // Existing clients send GET.
  actions: [leave("get"), leave("post")],
});

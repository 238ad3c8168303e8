import { sql } from "../../db/sql.ts";
import { groups } from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import { askedInstant, idField, textField } from "../../query/field.ts";
import type { Resource } from "../../query/resource.ts";
import { groupUserLevels, membersField } from "../../record/membership.ts";

/**
 * A group: several users who hold permissions together. Everyone with a token sees which groups there
 * are, so that something can be shared with them; who is in a group is shown to its members.
 */
export const group: Resource = {
  name: "group",
  listName: "groups",
  title: "group",
  viewPermission: "view_group",
  table: groups,
  id: groups.id,
  fields: once(() => ({
    id: idField(groups.id),
    name: textField(groups.name, groups.nameFolded),
    users: membersField(groupUserLevels),
    created_date: askedInstant(groups.createdDate),
    updated_date: askedInstant(groups.updatedDate),
  })),
  defaultOrder: [groups.name],
  visible: (viewer) => (viewer.kind === "public" ? sql`0` : sql`1`),
  readable: (viewer) => (viewer.kind === "public" ? sql`0` : sql`1`),
};

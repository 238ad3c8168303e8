import { heldIds, readableIds } from "../../db/access.ts";
import { sql } from "../../db/sql.ts";
import { groupMembers, groups, projects, users } from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import { LEVEL } from "../../domain/permission.ts";
import {
  askedInstant,
  IDS_SCHEMA,
  idField,
  jsonList,
  jsonValues,
  plainTextField,
  textField,
} from "../../query/field.ts";
import type { Field, Resource } from "../../query/resource.ts";

/** Every group is known by name to everyone with a token; who is in it, its owners too, to its members. */
const ownGroupsField = (): Field => ({
  schema: {
    type: "array",
    items: {
      type: "object",
      properties: { id: { type: "string", format: "uuid" }, name: { type: "string" } },
      required: ["id", "name"],
      additionalProperties: false,
    },
  },
  json: (viewer) =>
    jsonList(
      sql`json_object('id', ${groups.id}, 'name', ${groups.name})`,
      groups.name,
      sql`${groupMembers} JOIN ${groups} ON ${groups.id} = ${groupMembers.groupId}
        WHERE ${groupMembers.userId} = ${users.id}
        AND ${groupMembers.level} = ${sql.raw(String(LEVEL.owner))}
        AND ${groups.id} IN ${readableIds(viewer, "group")}`,
    ),
  hasOwnHistory: true,
});

/**
 * The projects of a user in which the viewer sees that user listed: projects that the viewer may read, and
 * that the user holds directly or through a group whose members the viewer may know.
 */
const activeProjectsField = (): Field => ({
  schema: IDS_SCHEMA,
  json: (viewer) =>
    jsonValues(
      projects.id,
      projects.name,
      sql`${projects} WHERE ${projects.id} IN ${heldIds("project", users.id, readableIds(viewer, "group"))}
        AND ${projects.id} IN ${readableIds(viewer, "project")}`,
    ),
  hasOwnHistory: true,
});

const shown = (column: Parameters<typeof plainTextField>[0]): Field => ({
  schema: { type: "string" },
  json: () => sql`json_quote(${column})`,
});

/** A user, as the others with a token see them. */
export const user: Resource = {
  name: "user",
  listName: "users",
  title: "user",
  viewPermission: "view_user",
  table: users,
  id: users.id,
  fields: once(() => ({
    id: idField(users.id),
    email: plainTextField(users.email),
    first_name: textField(users.firstName, users.firstNameFolded),
    last_name: textField(users.lastName, users.lastNameFolded),
    groups_own_json: ownGroupsField(),
    website: shown(users.website),
    google_scholar: shown(users.googleScholar),
    orcid_id: shown(users.orcidId),
    atlas_preference: shown(users.atlasPreference),
    active_projects: activeProjectsField(),
    created_date: askedInstant(users.createdDate),
    updated_date: askedInstant(users.updatedDate),
  })),
  defaultOrder: [users.email],
  // Who has left is not listed; where their id is still known, they are shown.
  visible: (viewer) => (viewer.kind === "public" ? sql`0` : users.isActive),
  readable: (viewer) => (viewer.kind === "public" ? sql`0` : sql`1`),
};

import { sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import { type Caller, idsSharedWith, readableIds } from "../db/access.ts";
import { groupMembers, groups } from "../db/schema/groups.ts";
import { projects } from "../db/schema/projects.ts";
import { users } from "../db/schema/users.ts";
import type { Access } from "../model/access.ts";
import { defineModel } from "../model/define.ts";
import type { Field } from "../model/field.ts";
import * as field from "../model/fields.ts";
import { targetIsVisible, violationWhere } from "../model/precondition.ts";
import { text } from "../model/schemas.ts";
import { IDS_SCHEMA, jsonList, jsonValues } from "../query/field.ts";
import { LEVEL } from "../values/permission.ts";

/**
 * The groups that a user owns. All callers with a token see the names of groups, but only members see who the
 * owners are.
 */
const ownedGroups: Field = {
  label: "Groups owned",
  help: "The groups that the user owns, of those whose members you may see.",
  input: "read-only",
  schema: {
    type: "array",
    items: {
      type: "object",
      properties: { id: { type: "string", format: "uuid" }, name: { type: "string" } },
      required: ["id", "name"],
      additionalProperties: false,
    },
  },
  json: (caller) =>
    jsonList(
      sql`json_object('id', ${groups.id}, 'name', ${groups.name})`,
      groups.name,
      sql`${groupMembers} JOIN ${groups} ON ${groups.id} = ${groupMembers.recordId}
        WHERE ${groupMembers.userId} = ${users.id}
        AND ${groupMembers.level} = ${sql.raw(String(LEVEL.owner))}
        AND ${groups.id} IN ${readableIds(caller, "group")}`,
    ),
  hasOwnHistory: true,
};

/**
 * The projects that list a user for the caller: projects that the caller may read, and on which the user has
 * a level directly or through a group whose members the caller may see.
 */
const activeProjects: Field = {
  help: "The projects in which you see that the user has access.",
  input: "read-only",
  schema: IDS_SCHEMA,
  json: (caller) =>
    jsonValues(
      projects.id,
      projects.name,
      sql`${projects} WHERE ${projects.id} IN ${idsSharedWith("project", users.id, readableIds(caller, "group"))}
        AND ${projects.id} IN ${readableIds(caller, "project")}`,
    ),
  hasOwnHistory: true,
};

/** A first or last name. */
const nameText = (column: SQLiteColumn, folded: SQLiteColumn, help: string) =>
  field.text(column, folded, { max: 150, help });

const WEB = /^https?:\/\//i;

/** A web address. People often leave the scheme out, so a bare host gets one. */
const website = z
  .pipe(
    z.pipe(
      z.transform((written) => {
        if (typeof written !== "string") return written;
        const trimmed = written.trim();
        return trimmed === "" || WEB.test(trimmed) ? trimmed : `http://${trimmed}`;
      }),
      text(200),
    ),
    z.string().check(
      z.refine((address) => address === "" || (!/\s/.test(address) && URL.canParse(address)), {
        error: "Enter a valid URL.",
      }),
    ),
  )
  .check(z.meta({ type: "string", maxLength: 200 }));

const withToken = (caller: Caller) => caller.kind !== "public";

/**
 * The access to users: every caller with a token reads them, and only the user changes their own profile.
 * Only the operator creates and deactivates users.
 */
const self: Access = {
  read: {
    viewPermission: "view_user",
    // Lists leave deactivated users out. By their id they can still be read.
    visible: (caller) => (withToken(caller) ? users.isActive : sql`0`),
    readable: (caller) => (withToken(caller) ? sql`1` : sql`0`),
  },
  create: () => [],
  change: (model, id) => [
    targetIsVisible(model, id),
    violationWhere({ kind: "denied", permission: "change_user", id }, ({ kind }) =>
      kind === "operator" ? sql`0` : sql`NOT EXISTS (SELECT 1 FROM caller WHERE id = ${id})`,
    ),
  ],
  remove: () => [],
};

/** A user, as other callers with a token see them. */
export const user = defineModel({
  name: "user",
  plural: "users",
  help: "A person with a token, as other people with a token see them.",
  path: "/users/user",
  table: users,
  portals: ["private"],
  verbs: ["list", "detail", "change"],
  access: self,
  order: [users.email],
  search: { fields: ["last_name", "first_name", "email"] },
  fields: {
    id: field.id(users.id),
    email: field.readOnlyTerm(users.email, {
      help: "The address by which projects, data storages and groups name the user.",
    }),
    first_name: nameText(
      users.firstName,
      users.firstNameFolded,
      "Your given names, as in publications.",
    ),
    last_name: nameText(
      users.lastName,
      users.lastNameFolded,
      "Your family name, as in publications.",
    ),
    groups_own_json: ownedGroups,
    website: field.shownText(users.website, website, {
      help: "The address of your page or your lab's, such as https://lab.example.org.",
    }),
    google_scholar: field.shownText(users.googleScholar, text(200), {
      label: "Google Scholar",
      help: "The id or the address of your Google Scholar profile.",
    }),
    orcid_id: field.shownText(users.orcidId, text(100), {
      label: "ORCID iD",
      help: "Your ORCID iD, such as 0000-0002-1825-0097.",
    }),
    atlas_preference: field.shownText(users.atlasPreference, text(7), {
      help: "The short name of the brain atlas that you prefer, of at most 7 characters.",
    }),
    active_projects: activeProjects,
    created_date: field.createdDate(users.createdDate),
    updated_date: field.updatedDate(users.updatedDate),
  },
});

import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  checkFlag,
  checkJson,
  checkLength,
  checkLevel,
  checkUuid,
  createdDate,
  flag,
  id,
  level,
  rowCount,
  updatedDate,
} from "./columns.ts";
import { groups } from "./groups.ts";
import { users } from "./users.ts";

export const projects = sqliteTable(
  "projects",
  {
    id: id(),
    name: text("name").notNull().unique(),
    nameFolded: text("name_folded").notNull(),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    extraFields: text("extra_fields").notNull().default("{}"),
    isPublic: flag("is_public"),
    subjectCount: rowCount("subject_count"),
    collectionCount: rowCount("collection_count"),
    cohortCount: rowCount("cohort_count"),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("projects_id_is_uuid", table.id),
    checkLength("projects_name_length", table.name, 1, 200),
    checkJson("projects_extra_fields_is_object", table.extraFields, "object"),
    checkFlag("projects_is_public_is_flag", table.isPublic),
    // The public portal looks up the public projects first.
    index("projects_is_public").on(table.isPublic),
  ],
);

export const projectTags = sqliteTable(
  "project_tags",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    tag: text("tag").notNull(),
    tagFolded: text("tag_folded").notNull(),
    position: integer("position").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.tag] }),
    checkLength("project_tags_tag_length", table.tag, 1, 100),
  ],
);

/** What a user may do in a project, at one of the four permission levels. */
export const projectUsers = sqliteTable(
  "project_users",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    level: level(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.userId] }),
    // Serves the step from a caller to the caller's projects, in every list and every permission check.
    index("project_users_user_id").on(table.userId, table.projectId, table.level),
    checkLevel("project_users_level", table.level, sql`1, 2, 3, 4`),
  ],
);

export const projectGroups = sqliteTable(
  "project_groups",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    groupId: text("group_id")
      .notNull()
      .references(() => groups.id, { onDelete: "cascade" }),
    level: level(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.groupId] }),
    index("project_groups_group_id").on(table.groupId, table.projectId, table.level),
    checkLevel("project_groups_level", table.level, sql`1, 2, 3, 4`),
  ],
);

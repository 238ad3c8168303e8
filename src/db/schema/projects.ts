import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  checkFlag,
  checkJson,
  checkLength,
  checkUuid,
  createdDate,
  flag,
  id,
  rowCount,
  updatedDate,
} from "./columns.ts";
import { groupLevels, userLevels } from "./levels.ts";

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

export const projectUsers = userLevels("project", () => projects.id);
export const projectGroups = groupLevels("project", () => projects.id);

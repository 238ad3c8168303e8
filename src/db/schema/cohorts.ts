import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  checkLength,
  checkUuid,
  createdDate,
  id,
  parentIndexes,
  tagTable,
  updatedDate,
} from "./columns.ts";
import { projects } from "./projects.ts";
import { subjects } from "./subjects.ts";

/** A named list of subjects of one project. */
export const cohorts = sqliteTable(
  "cohorts",
  {
    id: id(),
    name: text("name").notNull(),
    nameFolded: text("name_folded").notNull(),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("cohorts_id_is_uuid", table.id),
    checkLength("cohorts_name_length", table.name, 1, 100),
    index("cohorts_parent_name").on(table.projectId, table.name, table.id),
    index("cohorts_name").on(table.name, table.id),
    ...parentIndexes("cohorts", table.projectId, table),
  ],
);

export const cohortSubjects = sqliteTable(
  "cohort_subjects",
  {
    cohortId: text("cohort_id")
      .notNull()
      .references(() => cohorts.id, { onDelete: "cascade" }),
    subjectId: text("subject_id")
      .notNull()
      .references(() => subjects.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.cohortId, table.subjectId] }),
    index("cohort_subjects_subject_id").on(table.subjectId, table.cohortId),
    // Gives the subjects in their order, and how many there are at most from the last of them.
    index("cohort_subjects_place").on(table.cohortId, table.position, table.subjectId),
  ],
);

export const cohortTags = tagTable("cohort", () => cohorts.id);

import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  unique,
} from "drizzle-orm/sqlite-core";
import {
  checkJson,
  checkLength,
  checkUuid,
  createdDate,
  id,
  instant,
  rowCount,
  sortIndexes,
  updatedDate,
} from "./columns.ts";
import { dataStorages } from "./data-storages.ts";
import { projects } from "./projects.ts";

/**
 * An ordered list of projects that sessions and subjects share. Each of these refers to one project set, so it is
 * always in at least one project. What a caller may see, and how many records that is, is decided over these few
 * rows and not over the records. Triggers (see the migrations) fill the members from `project_ids`, update the
 * counts, and delete a set together with its last session or subject.
 */
export const projectSets = sqliteTable(
  "project_sets",
  {
    id: integer("id").primaryKey(),
    projectIds: text("project_ids").notNull().unique(),
    sessionCount: integer("session_count").notNull().default(0),
    subjectCount: rowCount("subject_count"),
  },
  (table) => [
    checkJson("project_sets_project_ids_is_array", table.projectIds, "array"),
    check("project_sets_project_ids_is_not_empty", sql`json_array_length(${table.projectIds}) > 0`),
    check("project_sets_session_count_is_not_negative", sql`${table.sessionCount} >= 0`),
  ],
);

/**
 * The link table between project sets and projects: one row for each project of a set. Each row repeats how many
 * sessions, subjects and records of these the set has. A list then counts what a caller may see over these rows alone.
 */
export const sessionProjects = sqliteTable(
  "session_projects",
  {
    projectSetId: integer("project_set_id")
      .notNull()
      .references(() => projectSets.id, { onDelete: "cascade" }),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    position: integer("position").notNull(),
    sessionCount: rowCount("session_count"),
    sessionDataStorageCount: rowCount("session_data_storage_count"),
    epochCount: rowCount("epoch_count"),
    dataAcquisitionCount: rowCount("data_acquisition_count"),
    behaviorCount: rowCount("behavior_count"),
    manipulationCount: rowCount("manipulation_count"),
    subjectCount: rowCount("subject_count"),
    procedureCount: rowCount("procedure_count"),
    subjectLogCount: rowCount("subject_log_count"),
    procedureLogCount: rowCount("procedure_log_count"),
  },
  (table) => [
    primaryKey({ columns: [table.projectSetId, table.projectId] }),
    // Serves the step from the projects that a caller may read to the project sets that contain them.
    index("session_projects_project_id").on(table.projectId, table.projectSetId),
  ],
);

export const sessions = sqliteTable(
  "sessions",
  {
    id: id(),
    name: text("name").notNull().unique(),
    nameFolded: text("name_folded").notNull(),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    dateTime: instant("date_time"),
    projectSetId: integer("project_set_id")
      .notNull()
      .references(() => projectSets.id),
    extraFields: text("extra_fields").notNull().default("{}"),
    extraFieldsFolded: text("extra_fields_folded").notNull().default("{}"),
    downloadLinks: text("download_links").notNull().default("[]"),
    nameUsedInStorage: text("name_used_in_storage").notNull().default(""),
    nameUsedInStorageFolded: text("name_used_in_storage_folded").notNull().default(""),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("sessions_id_is_uuid", table.id),
    checkLength("sessions_name_length", table.name, 1, 100),
    checkLength("sessions_name_used_in_storage_length", table.nameUsedInStorage, 0, 200),
    checkJson("sessions_extra_fields_is_object", table.extraFields, "object"),
    checkJson("sessions_download_links_is_array", table.downloadLinks, "array"),
    // Serves a page in the default order, and the count under a filter on the name. Both read only this
    // index, one range for each project set.
    index("sessions_project_set_name").on(table.projectSetId, table.name, table.nameFolded),
    // Serves the same order for a caller who sees a large part of the sessions.
    index("sessions_name_project_set").on(table.name, table.projectSetId),
    index("sessions_project_set_id").on(table.projectSetId, table.id),
    // Serve the sorts by date, in both directions, and filters on the date.
    ...sortIndexes("sessions", table.projectSetId, table.dateTime, table.id),
    ...sortIndexes("sessions", table.projectSetId, table.createdDate, table.id),
    ...sortIndexes("sessions", table.projectSetId, table.updatedDate, table.id),
  ],
);

/**
 * The project set of the session, the subject or the procedure that a row belongs to: who may see that may see
 * the row. Triggers keep it when the parent moves to another set. A list then needs no look at the parents.
 */
export const projectSetOfParent = () => integer("project_set_id");

export const sessionTags = sqliteTable(
  "session_tags",
  {
    sessionId: text("session_id")
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    tag: text("tag").notNull(),
    tagFolded: text("tag_folded").notNull(),
    position: integer("position").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sessionId, table.tag] }),
    // Serves the filter on a tag.
    index("session_tags_tag").on(table.tag, table.sessionId),
    checkLength("session_tags_tag_length", table.tag, 1, 100),
  ],
);

/**
 * The ordered link table between sessions and data storages. `position` sorts the storages of a session, and
 * the id breaks ties. The `order` that clients see is the rank in that sort, so it starts at 0 and has no
 * gaps after a deletion.
 */
export const sessionDataStorages = sqliteTable(
  "session_data_storages",
  {
    id: id(),
    sessionId: text("session_id")
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    dataStorageId: text("data_storage_id")
      .notNull()
      .references(() => dataStorages.id),
    position: integer("position").notNull(),
    projectSetId: projectSetOfParent(),
  },
  (table) => [
    unique("session_data_storages_pair").on(table.sessionId, table.dataStorageId),
    // Serves the storages of a session in their order.
    index("session_data_storages_order").on(
      table.sessionId,
      table.position,
      table.id,
      table.dataStorageId,
    ),
    // Serve the lists of all associations that a caller may see.
    index("session_data_storages_project_set_order").on(
      table.projectSetId,
      table.sessionId,
      table.position,
      table.id,
    ),
    index("session_data_storages_project_set_id").on(table.projectSetId, table.id),
    // Serves the step from a storage to its sessions.
    index("session_data_storages_data_storage_id").on(table.dataStorageId, table.sessionId),
    checkUuid("session_data_storages_id_is_uuid", table.id),
    check("session_data_storages_position_is_not_negative", sql`${table.position} >= 0`),
  ],
);

import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  checkJson,
  checkLength,
  checkUuid,
  createdDate,
  day,
  id,
  instant,
  mentionTable,
  sortIndexes,
  tagTable,
  updatedDate,
} from "./columns.ts";
import { projectSetOfParent, projectSets } from "./sessions.ts";
import { users } from "./users.ts";

/** An animal or a person that takes part in experiments. It shares project sets with the sessions. */
export const subjects = sqliteTable(
  "subjects",
  {
    id: id(),
    name: text("name").notNull().unique(),
    nameFolded: text("name_folded").notNull(),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    projectSetId: integer("project_set_id")
      .notNull()
      .references(() => projectSets.id),
    licenses: text("licenses").notNull().default("[]"),
    strain: text("strain").notNull(),
    sex: text("sex").notNull(),
    geneticLine: text("genetic_line").notNull().default(""),
    geneticLineFolded: text("genetic_line_folded").notNull().default(""),
    genotype: text("genotype").notNull().default(""),
    genotypeFolded: text("genotype_folded").notNull().default(""),
    subjectIdentifier: text("subject_identifier").notNull().default(""),
    subjectIdentifierFolded: text("subject_identifier_folded").notNull().default(""),
    supplier: text("supplier"),
    breeding: text("breeding"),
    birthDate: day("birth_date"),
    deathDate: day("death_date"),
    status: text("status").notNull(),
    extraFields: text("extra_fields").notNull().default("{}"),
    extraFieldsFolded: text("extra_fields_folded").notNull().default("{}"),
    nameUsedInStorage: text("name_used_in_storage").notNull().default(""),
    nameUsedInStorageFolded: text("name_used_in_storage_folded").notNull().default(""),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("subjects_id_is_uuid", table.id),
    checkLength("subjects_name_length", table.name, 1, 100),
    checkLength("subjects_genetic_line_length", table.geneticLine, 0, 100),
    checkLength("subjects_genotype_length", table.genotype, 0, 200),
    checkLength("subjects_subject_identifier_length", table.subjectIdentifier, 0, 100),
    checkLength("subjects_name_used_in_storage_length", table.nameUsedInStorage, 0, 200),
    checkJson("subjects_licenses_is_array", table.licenses, "array"),
    checkJson("subjects_extra_fields_is_object", table.extraFields, "object"),
    index("subjects_project_set_name").on(table.projectSetId, table.name),
    index("subjects_name_project_set").on(table.name, table.projectSetId),
    index("subjects_project_set_id").on(table.projectSetId, table.id),
    ...sortIndexes("subjects", table.projectSetId, table.birthDate, table.id),
    ...sortIndexes("subjects", table.projectSetId, table.createdDate, table.id),
    ...sortIndexes("subjects", table.projectSetId, table.updatedDate, table.id),
  ],
);

export const subjectTags = tagTable("subject", () => subjects.id);

type Listed = Readonly<
  Record<
    "id" | "projectSetId" | "place" | "createdDate" | "updatedDate",
    Parameters<typeof sortIndexes>[1]
  >
>;

/** The place of a record within the one that it belongs to, as a text: by its creation. */
const place = () => text("place").generatedAlwaysAs(sql`created_date || ' ' || id`);

/** The indexes of a table whose records belong to a subject or a procedure (see `listIndexes` in `modules.ts`). */
const listIndexes = (name: string, parentId: Listed["id"], table: Listed) => [
  index(`${name}_place`).on(parentId, table.place),
  index(`${name}_project_set_place`).on(table.projectSetId, parentId, table.place),
  index(`${name}_project_set_id`).on(table.projectSetId, table.id),
  ...sortIndexes(name, table.projectSetId, table.createdDate, table.id),
  ...sortIndexes(name, table.projectSetId, table.updatedDate, table.id),
];

const subject = () =>
  text("subject_id")
    .notNull()
    .references(() => subjects.id, { onDelete: "cascade" });

/** A surgery, an injection or another intervention on a subject. */
export const procedures = sqliteTable(
  "procedures",
  {
    id: id(),
    type: text("type").notNull(),
    notes: text("notes").notNull().default(""),
    notesFolded: text("notes_folded").notNull().default(""),
    subjectId: subject(),
    dateTime: instant("date_time"),
    consumableStock: text("consumablestock"),
    equipment: text("equipment").notNull().default("[]"),
    brainRegion: text("brain_region"),
    licenses: text("licenses").notNull().default("[]"),
    details: text("details").notNull().default("{}"),
    typeSchemaVersion: text("type_schema_version").notNull().default(""),
    coordinatesSystem: text("coordinates_system").notNull(),
    coordinatesDetails: text("coordinates_details").notNull().default("{}"),
    coordinatesSchemaVersion: text("coordinates_schema_version").notNull().default(""),
    place: place(),
    projectSetId: projectSetOfParent(),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    ...listIndexes("procedures", table.subjectId, table),
    ...sortIndexes("procedures", table.projectSetId, table.dateTime, table.id),
    index("procedures_consumablestock").on(table.consumableStock),
    checkUuid("procedures_id_is_uuid", table.id),
    checkLength("procedures_notes_length", table.notes, 0, 500),
    checkJson("procedures_equipment_is_array", table.equipment, "array"),
    checkJson("procedures_licenses_is_array", table.licenses, "array"),
    checkJson("procedures_details_is_object", table.details, "object"),
    checkJson("procedures_coordinates_details_is_object", table.coordinatesDetails, "object"),
  ],
);

export const procedureTags = tagTable("procedure", () => procedures.id);
export const procedureEquipment = mentionTable("procedure_equipment", () => procedures.id);

/** What is observed of a subject again and again, such as its weight. */
export const subjectLogs = sqliteTable(
  "subject_logs",
  {
    id: id(),
    type: text("type").notNull(),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    subjectId: subject(),
    userId: text("user_id").references(() => users.id, { onDelete: "set null" }),
    place: place(),
    projectSetId: projectSetOfParent(),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    ...listIndexes("subject_logs", table.subjectId, table),
    // Serves the deletion of a user.
    index("subject_logs_user_id").on(table.userId),
    checkUuid("subject_logs_id_is_uuid", table.id),
    checkLength("subject_logs_description_length", table.description, 0, 500),
  ],
);

export const subjectLogTags = tagTable("subject_log", () => subjectLogs.id);

/** An entry at an instant, or over the interval that `end_date_time` closes. */
export const subjectLogEntries = sqliteTable(
  "subject_log_entries",
  {
    logId: text("subject_log_id")
      .notNull()
      .references(() => subjectLogs.id, { onDelete: "cascade" }),
    dateTime: instant("date_time").notNull(),
    endDateTime: instant("end_date_time"),
    notes: text("notes"),
    details: text("details").notNull().default("{}"),
  },
  (table) => [
    primaryKey({ columns: [table.logId, table.dateTime] }),
    checkJson("subject_log_entries_details_is_object", table.details, "object"),
  ],
);

/** What is measured after a procedure again and again, such as the impedances of an implanted probe. */
export const procedureLogs = sqliteTable(
  "procedure_logs",
  {
    id: id(),
    type: text("type").notNull(),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    procedureId: text("procedure_id")
      .notNull()
      .references(() => procedures.id, { onDelete: "cascade" }),
    place: place(),
    projectSetId: projectSetOfParent(),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    ...listIndexes("procedure_logs", table.procedureId, table),
    checkUuid("procedure_logs_id_is_uuid", table.id),
    checkLength("procedure_logs_description_length", table.description, 0, 500),
  ],
);

export const procedureLogTags = tagTable("procedure_log", () => procedureLogs.id);

export const procedureLogEntries = sqliteTable(
  "procedure_log_entries",
  {
    logId: text("procedure_log_id")
      .notNull()
      .references(() => procedureLogs.id, { onDelete: "cascade" }),
    dateTime: instant("date_time").notNull(),
    notes: text("notes"),
    details: text("details").notNull().default("{}"),
  },
  (table) => [
    primaryKey({ columns: [table.logId, table.dateTime] }),
    checkJson("procedure_log_entries_details_is_object", table.details, "object"),
  ],
);

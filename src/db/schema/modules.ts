import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  real,
  type SQLiteColumn,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
import {
  checkJson,
  checkLength,
  checkUuid,
  createdDate,
  id,
  mentionTable,
  sortIndexes,
  tagTable,
  updatedDate,
} from "./columns.ts";
import { projectSetOfParent, sessions } from "./sessions.ts";

const session = () =>
  text("session_id")
    .notNull()
    .references(() => sessions.id, { onDelete: "cascade" });

/** The position of a record within its session; records without one come last. */
const position = () => integer("position");

/** The place of a record within its session, as a text: by its position, then by its creation. */
const place = () =>
  text("place").generatedAlwaysAs(
    sql`printf('%d %020d %s %s', position IS NULL, position, created_date, id)`,
  );

/** The indexes of a table of records: for the records of a session, and for lists over all sessions. */
const listIndexes = (name: string, table: ListColumns) => [
  // Gives the ids of a session's records in the order of `orderInSession`, without a look at the records. An index
  // over `place` cannot: SQLite computes that column from the record.
  index(`${name}_order`).on(
    table.sessionId,
    sql`${table.position} IS NULL`,
    table.position,
    table.createdDate,
    table.id,
  ),
  index(`${name}_place`).on(table.sessionId, table.place),
  index(`${name}_project_set_place`).on(table.projectSetId, table.sessionId, table.place),
  index(`${name}_project_set_id`).on(table.projectSetId, table.id),
  ...sortIndexes(name, table.projectSetId, table.createdDate, table.id),
  ...sortIndexes(name, table.projectSetId, table.updatedDate, table.id),
];

type ListColumns = Record<
  "id" | "sessionId" | "projectSetId" | "position" | "place" | "createdDate" | "updatedDate",
  SQLiteColumn
>;

/**
 * Ids of subjects, procedures or equipment as a JSON list. Some may be of records outside this service, which were
 * stored before it had these models.
 */
const mentions = (name: string) => text(name).notNull().default("[]");

/** A recording: one row for each recording device or probe of a session. */
export const dataAcquisitions = sqliteTable(
  "data_acquisitions",
  {
    id: id(),
    sessionId: session(),
    type: text("type").notNull(),
    notes: text("notes").notNull().default(""),
    notesFolded: text("notes_folded").notNull().default(""),
    procedures: mentions("procedures"),
    equipment: mentions("equipment"),
    details: text("details").notNull().default("{}"),
    typeSchemaVersion: text("type_schema_version").notNull().default(""),
    image: text("image"),
    position: position(),
    place: place(),
    projectSetId: projectSetOfParent(),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    ...listIndexes("data_acquisitions", table),
    checkUuid("data_acquisitions_id_is_uuid", table.id),
    checkLength("data_acquisitions_notes_length", table.notes, 0, 500),
    checkJson("data_acquisitions_procedures_is_array", table.procedures, "array"),
    checkJson("data_acquisitions_equipment_is_array", table.equipment, "array"),
    checkJson("data_acquisitions_details_is_object", table.details, "object"),
  ],
);

export const dataAcquisitionTags = tagTable("data_acquisition", () => dataAcquisitions.id);
export const dataAcquisitionProcedures = mentionTable(
  "data_acquisition_procedures",
  () => dataAcquisitions.id,
);
export const dataAcquisitionEquipment = mentionTable(
  "data_acquisition_equipment",
  () => dataAcquisitions.id,
);

/** What the animals did in a session. */
export const behaviors = sqliteTable(
  "behaviors",
  {
    id: id(),
    sessionId: session(),
    subjects: mentions("subjects"),
    setup: text("setup").notNull(),
    behavioralassay: text("behavioralassay").notNull(),
    notes: text("notes").notNull().default(""),
    notesFolded: text("notes_folded").notNull().default(""),
    position: position(),
    place: place(),
    projectSetId: projectSetOfParent(),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    ...listIndexes("behaviors", table),
    index("behaviors_setup").on(table.setup),
    index("behaviors_behavioralassay").on(table.behavioralassay),
    checkUuid("behaviors_id_is_uuid", table.id),
    checkLength("behaviors_notes_length", table.notes, 0, 500),
    checkJson("behaviors_subjects_is_array", table.subjects, "array"),
  ],
);

export const behaviorTags = tagTable("behavior", () => behaviors.id);
export const behaviorSubjects = mentionTable("behavior_subjects", () => behaviors.id);

/** What was done to the animals in a session. */
export const manipulations = sqliteTable(
  "manipulations",
  {
    id: id(),
    sessionId: session(),
    type: text("type").notNull(),
    notes: text("notes").notNull().default(""),
    notesFolded: text("notes_folded").notNull().default(""),
    procedures: mentions("procedures"),
    equipment: mentions("equipment"),
    details: text("details").notNull().default("[]"),
    typeSchemaVersion: text("type_schema_version").notNull().default(""),
    position: position(),
    place: place(),
    projectSetId: projectSetOfParent(),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    ...listIndexes("manipulations", table),
    checkUuid("manipulations_id_is_uuid", table.id),
    checkLength("manipulations_notes_length", table.notes, 0, 500),
    checkJson("manipulations_procedures_is_array", table.procedures, "array"),
    checkJson("manipulations_equipment_is_array", table.equipment, "array"),
    check(
      "manipulations_details_is_json",
      sql`json_valid(${table.details}) AND json_type(${table.details}) IN ('object', 'array')`,
    ),
  ],
);

export const manipulationTags = tagTable("manipulation", () => manipulations.id);
export const manipulationProcedures = mentionTable(
  "manipulation_procedures",
  () => manipulations.id,
);
export const manipulationEquipment = mentionTable("manipulation_equipment", () => manipulations.id);

/** A time interval of a session, in seconds from the start of the session. */
export const epochs = sqliteTable(
  "epochs",
  {
    id: id(),
    sessionId: session(),
    name: text("name").notNull(),
    nameFolded: text("name_folded").notNull(),
    start: real("start"),
    end: real("end"),
    notes: text("notes").notNull().default(""),
    notesFolded: text("notes_folded").notNull().default(""),
    position: position(),
    place: place(),
    projectSetId: projectSetOfParent(),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    ...listIndexes("epochs", table),
    checkUuid("epochs_id_is_uuid", table.id),
    checkLength("epochs_name_length", table.name, 1, 100),
    check("epochs_end_is_not_before_start", sql`${table.end} >= ${table.start}`),
  ],
);

const epoch = () =>
  text("epoch_id")
    .notNull()
    .references(() => epochs.id, { onDelete: "cascade" });

// A record that an epoch refers to cannot be deleted before the epoch. "No action" is checked at the end of
// the statement, so that the deletion of a session can still delete both.
export const epochDataAcquisitions = sqliteTable(
  "epoch_data_acquisitions",
  {
    epochId: epoch(),
    dataAcquisitionId: text("data_acquisition_id")
      .notNull()
      .references(() => dataAcquisitions.id),
    position: integer("position").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.epochId, table.dataAcquisitionId] }),
    index("epoch_data_acquisitions_record").on(table.dataAcquisitionId),
  ],
);

export const epochBehaviors = sqliteTable(
  "epoch_behaviors",
  {
    epochId: epoch(),
    behaviorId: text("behavior_id")
      .notNull()
      .references(() => behaviors.id),
    position: integer("position").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.epochId, table.behaviorId] }),
    index("epoch_behaviors_record").on(table.behaviorId),
  ],
);

export const epochManipulations = sqliteTable(
  "epoch_manipulations",
  {
    epochId: epoch(),
    manipulationId: text("manipulation_id")
      .notNull()
      .references(() => manipulations.id),
    position: integer("position").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.epochId, table.manipulationId] }),
    index("epoch_manipulations_record").on(table.manipulationId),
  ],
);

import { sql } from "drizzle-orm";
import { callerTable } from "../db/access.ts";
import { bareName } from "../db/names.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import { subjectLogEntries, subjectLogs, subjectLogTags, subjects } from "../db/schema/subjects.ts";
import { users } from "../db/schema/users.ts";
import type { Access } from "../model/access.ts";
import { defineModel } from "../model/define.ts";
import type { Field } from "../model/field.ts";
import * as field from "../model/fields.ts";
import { throughParent } from "../model/in-parent.ts";
import { toSubject } from "../model/in-subject.ts";
import { byCreation } from "../model/list-orders.ts";
import { entryActions, type Logs, logEntries, typeStays } from "../model/log-entries.ts";
import { parentReference, type Related, tags } from "../model/relations.ts";
import { historyOf } from "./history-entry.ts";
import { subject } from "./subject.ts";

/** The types of subject logs for which BrainSTEM has schemas. */
const TYPES = [
  "FoodConsumption",
  "FoodDeprivation",
  "GenericObservation",
  "Genotyping",
  "Habituation",
  "Handling",
  "HargreavesTest",
  "Housing",
  "TrainingSession",
  "VonFreyTest",
  "WaterConsumption",
  "WaterDeprivation",
  "Weighing",
  "Wellness",
] as const;

/** The types whose entries are intervals. */
const INTERVAL_TYPES = [
  "Housing",
  "FoodDeprivation",
  "WaterDeprivation",
  "Habituation",
  "Handling",
  "TrainingSession",
] as const satisfies readonly (typeof TYPES)[number][];

const user: Field = {
  help: "The id of the user who made the log; null when it was the administrator's command.",
  input: "read-only",
  refersTo: users,
  schema: { type: ["string", "null"], format: "uuid" },
  json: ({ kind }) => (kind === "public" ? sql`'null'` : sql`json_quote(${subjectLogs.userId})`),
};

const PLACE = byCreation(subjectLogs);

const through = throughParent(toSubject(subjectLogs), sessionProjects.subjectLogCount, PLACE);

/** The access through the subject. A new log is that of the caller. */
const access: Access<{ readonly subject: string }> = {
  ...through,
  created: (id, { caller }) => [
    sql`WITH ${callerTable(caller)} UPDATE ${subjectLogs}
      SET ${bareName(subjectLogs.userId)} = (SELECT id FROM caller) WHERE ${subjectLogs.id} = ${id}`,
  ],
};

const logs: Logs = {
  table: subjectLogs,
  entries: {
    table: subjectLogEntries,
    logId: subjectLogEntries.logId,
    dateTime: subjectLogEntries.dateTime,
    endDateTime: subjectLogEntries.endDateTime,
    notes: subjectLogEntries.notes,
    details: subjectLogEntries.details,
  },
  intervalTypes: INTERVAL_TYPES,
  access,
  model: (): Related => subjectLog,
  title: "subject log",
};

/** A subject log: what is observed of a subject again and again, such as its weight. */
export const subjectLog = defineModel({
  name: "subject_log",
  plural: "subject_logs",
  title: "subject log",
  help: "What is observed of a subject again and again, such as its weight or its housing.",
  path: "/modules/subjectlog",
  table: subjectLogs,
  access,
  order: [subjectLogs.subjectId, ...PLACE.keys],
  search: { fields: ["description", "tags", "subject.name"] },
  fields: {
    id: field.id(subjectLogs.id),
    type: field.choice(subjectLogs.type, TYPES, {
      help: "What is observed, such as Weighing; it cannot be changed later.",
    }),
    description: field.text(subjectLogs.description, subjectLogs.descriptionFolded, {
      max: 500,
      help: "What the log is for.",
    }),
    subject: parentReference(toSubject(subjectLogs), {
      name: { column: subjects.name, folded: subjects.nameFolded },
      model: (): Related => subject,
    }),
    user,
    entries: logEntries(logs),
    tags: tags({ table: subjectLogTags, recordId: subjectLogTags.recordId, id: subjectLogs.id }),
    created_date: field.createdDate(subjectLogs.createdDate),
    updated_date: field.updatedDate(subjectLogs.updatedDate),
  },
  preconditions: { change: (id, { type }) => typeStays(logs, id, type) },
  actions: entryActions(logs),
  subLists: [historyOf("subject log")],
});

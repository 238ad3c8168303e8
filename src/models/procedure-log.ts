import { sql } from "drizzle-orm";
import { sessionProjects } from "../db/schema/sessions.ts";
import {
  procedureLogEntries,
  procedureLogs,
  procedureLogTags,
  procedures,
} from "../db/schema/subjects.ts";
import { defineModel } from "../model/define.ts";
import * as field from "../model/fields.ts";
import { idBehind } from "../model/filter-only.ts";
import { type Belonging, throughParent } from "../model/in-parent.ts";
import { byCreation } from "../model/list-orders.ts";
import { entryActions, type Logs, logEntries, typeStays } from "../model/log-entries.ts";
import { parentReference, type Related, tags } from "../model/relations.ts";
import { historyOf } from "./history-entry.ts";
import { procedure } from "./procedure.ts";

/** The types of procedure logs for which BrainSTEM has schemas. */
const TYPES = ["Impedances", "LinearDisplacement", "Tetrodes4", "Tetrodes8"] as const;

const toProcedure: Belonging<"procedure", typeof procedureLogs> = {
  table: procedureLogs,
  name: "procedure",
  parentId: procedureLogs.procedureId,
  parent: procedures,
};

const PLACE = byCreation(procedureLogs);

const access = throughParent(toProcedure, sessionProjects.procedureLogCount, PLACE);

const logs: Logs = {
  table: procedureLogs,
  entries: {
    table: procedureLogEntries,
    logId: procedureLogEntries.logId,
    dateTime: procedureLogEntries.dateTime,
    notes: procedureLogEntries.notes,
    details: procedureLogEntries.details,
  },
  access,
  model: (): Related => procedureLog,
  title: "procedure log",
};

const subjectOfLog = idBehind(
  {
    cost: 2,
    where: (test) => sql`EXISTS (SELECT 1 FROM ${procedures}
      WHERE ${procedures.id} = ${procedureLogs.procedureId} AND ${test({ column: procedures.subjectId })})`,
    candidates: (test) => sql`SELECT ${procedureLogs.id} FROM ${procedures}
      JOIN ${procedureLogs} ON ${procedureLogs.procedureId} = ${procedures.id}
      WHERE ${test({ column: procedures.subjectId })}`,
  },
  { help: "The subject of the procedure: to find all logs of an animal's procedures." },
);

/** A procedure log: what is measured after a procedure again and again, such as impedances. */
export const procedureLog = defineModel({
  name: "procedure_log",
  plural: "procedure_logs",
  title: "procedure log",
  help: "What is measured after a procedure again and again, such as the impedances of a probe.",
  path: "/modules/procedurelog",
  table: procedureLogs,
  access,
  order: [procedureLogs.procedureId, ...PLACE.keys],
  search: { fields: ["description", "tags"] },
  fields: {
    id: field.id(procedureLogs.id),
    type: field.choice(procedureLogs.type, TYPES, {
      help: "What is measured, such as Impedances; it cannot be changed later.",
    }),
    description: field.text(procedureLogs.description, procedureLogs.descriptionFolded, {
      max: 500,
      help: "What the log is for.",
    }),
    procedure: parentReference(toProcedure, { model: () => procedure }),
    entries: logEntries(logs),
    tags: tags({
      table: procedureLogTags,
      recordId: procedureLogTags.recordId,
      id: procedureLogs.id,
    }),
    subject: subjectOfLog,
    created_date: field.createdDate(procedureLogs.createdDate),
    updated_date: field.updatedDate(procedureLogs.updatedDate),
  },
  preconditions: { change: (id, { type }) => typeStays(logs, id, type) },
  actions: entryActions(logs),
  subLists: [historyOf("procedure log")],
});

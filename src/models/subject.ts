import { sql } from "drizzle-orm";
import { type AuditDraft, deletionOf } from "../audit/entries.ts";
import { cohortSubjects, cohorts } from "../db/schema/cohorts.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import {
  procedureLogs,
  procedures,
  subjectLogs,
  subjects,
  subjectTags,
} from "../db/schema/subjects.ts";
import { defineModel, type SubList } from "../model/define.ts";
import * as field from "../model/fields.ts";
import { throughProjects } from "../model/in-projects.ts";
import { toSubject } from "../model/in-subject.ts";
import { commonOrders, sortedBy, sortedByName } from "../model/list-orders.ts";
import { listedIn } from "../model/listed-in.ts";
import { targetIsVisible } from "../model/precondition.ts";
import { projectsOf } from "../model/projects-field.ts";
import { type Related, recordsOf, tags } from "../model/relations.ts";
import { DEFAULT_ORDER, type ReadModel } from "../query/read-model.ts";
import { cohort } from "./cohort.ts";
import { historyOf } from "./history-entry.ts";
import { procedure } from "./procedure.ts";
import { procedureLog } from "./procedure-log.ts";
import { project } from "./project.ts";
import { subjectLog } from "./subject-log.ts";

const ORDERS = {
  [DEFAULT_ORDER]: sortedByName(subjects),
  name: sortedByName(subjects),
  birth_date: sortedBy(subjects, subjects.birthDate),
  ...commonOrders(subjects),
};

/** Where the subject is in its life, or in the work of the lab. */
const STATUSES = ["planned", "active", "inactive", "transferred", "deceased", "unknown"] as const;

/** The procedures or the logs of a subject, as a list below its address. */
const listBelow = (path: `/:id/${string}`, summary: string, model: () => ReadModel): SubList => ({
  path,
  summary,
  portals: ["private", "public"],
  model,
  filter: (id) => ({ path: "subject", operator: "eq", negated: false, values: [id] }),
  precondition: targetIsVisible,
});

/** A subject: an animal or a person that takes part in experiments. */
export const subject = defineModel({
  name: "subject",
  plural: "subjects",
  help: "An animal or a person that takes part in experiments.",
  path: "/stem/subject",
  table: subjects,
  access: throughProjects(subjects, sessionProjects.subjectCount, ORDERS),
  order: [subjects.name],
  search: {
    fields: [
      "name",
      "tags",
      "subject_identifier",
      "name_used_in_storage",
      "genotype",
      "genetic_line",
      "description",
      "projects.name",
    ],
  },
  fields: {
    id: field.id(subjects.id),
    name: field.uniqueName(subjects.name, subjects.nameFolded, {
      max: 100,
      title: "subject",
      help: "A name that no other subject has, such as Rat_2024_A.",
    }),
    description: field.text(subjects.description, subjects.descriptionFolded, {
      max: 100_000,
      help: "What a reader should know of the subject.",
    }),
    projects: projectsOf(subjects, (): Related => project, {
      help: "The projects that the subject belongs to, at least one; they say who may read and change it.",
    }),
    strain: field.outsideId(subjects.strain, {
      help: "The BrainSTEM id of the strain, which names the species.",
    }),
    sex: field.choice(subjects.sex, ["F", "M", "U"], {
      help: "F for female, M for male, U for unknown.",
    }),
    genetic_line: field.text(subjects.geneticLine, subjects.geneticLineFolded, {
      max: 100,
      help: "The genetic line, such as PV-Cre or wild type.",
    }),
    genotype: field.text(subjects.genotype, subjects.genotypeFolded, {
      max: 200,
      help: "The confirmed genotype, such as PV-Cre/wt; Ai32/wt.",
    }),
    subject_identifier: field.text(subjects.subjectIdentifier, subjects.subjectIdentifierFolded, {
      max: 100,
      help: "What identifies the subject elsewhere, such as the number of an ear tag.",
    }),
    licenses: field.outsideIds(subjects.licenses, {
      help: "The BrainSTEM ids of the licenses that cover the subject.",
    }),
    supplier: field.outsideIdOrNull(subjects.supplier, {
      help: "The BrainSTEM id of the supplier; null when it is unknown.",
    }),
    breeding: field.outsideIdOrNull(subjects.breeding, {
      help: "The BrainSTEM id of the breeding that the subject comes from; null when it is unknown.",
    }),
    birth_date: field.day(subjects.birthDate, {
      help: "The day of birth; null when it is unknown.",
    }),
    death_date: field.day(subjects.deathDate, {
      help: "The day of death; null when the subject lives or the day is unknown.",
    }),
    status: field.choiceOr(subjects.status, STATUSES, {
      absent: "active",
      help: "Where the subject is in its life or in the work of the lab: active when absent.",
    }),
    extra_fields: field.extraFields(subjects.extraFields, subjects.extraFieldsFolded),
    procedures: recordsOf(
      toSubject(procedures),
      [procedures.createdDate, procedures.id],
      (): Related => procedure,
      { help: "The procedures on the subject, in the order in which they were entered." },
    ),
    subjectlogs: recordsOf(
      toSubject(subjectLogs),
      [subjectLogs.createdDate, subjectLogs.id],
      (): Related => subjectLog,
      {
        label: "Subject logs",
        help: "The logs of the subject, in the order in which they were entered.",
      },
    ),
    tags: tags({ table: subjectTags, recordId: subjectTags.recordId, id: subjects.id }),
    links: field.links({ procedures: "procedures/", subjectlogs: "subjectlogs/" }, "subject"),
    name_used_in_storage: field.text(subjects.nameUsedInStorage, subjects.nameUsedInStorageFolded, {
      max: 200,
      help: "The name of the subject in stored data, where it is another one.",
    }),
    cohorts: listedIn(
      subjects.id,
      {
        links: {
          table: cohortSubjects,
          recordId: cohortSubjects.cohortId,
          relatedId: cohortSubjects.subjectId,
        },
        table: cohorts,
        name: { column: cohorts.name, folded: cohorts.nameFolded },
        model: (): Related => cohort,
      },
      { help: "The cohorts that the subject is in: to find all subjects of a cohort." },
    ),
    created_date: field.createdDate(subjects.createdDate),
    updated_date: field.updatedDate(subjects.updatedDate),
  },
  removal: { audit: lossOfSubject },
  subLists: [
    listBelow("/:id/procedures", "List the procedures on a subject", (): Related => procedure),
    listBelow("/:id/subjectlogs", "List the logs of a subject", (): Related => subjectLog),
    historyOf("subject"),
  ],
});

/** The audit entries for the records of a subject that are deleted with it. */
function lossOfSubject(id: string): readonly AuditDraft[] {
  const ofSubject = sql`SELECT ${procedures.id} FROM ${procedures} WHERE ${procedures.subjectId} = ${id}`;
  return [
    deletionOf(procedureLog, sql`${procedureLogs.procedureId} IN (${ofSubject})`),
    deletionOf(procedure, sql`${procedures.subjectId} = ${id}`),
    deletionOf(subjectLog, sql`${subjectLogs.subjectId} = ${id}`),
  ];
}

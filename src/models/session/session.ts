import { sql } from "drizzle-orm";
import { type AuditDraft, deletionOf } from "../../audit/entries.ts";
import { dataStorages } from "../../db/schema/data-storages.ts";
import { behaviors, dataAcquisitions, epochs, manipulations } from "../../db/schema/modules.ts";
import { projects } from "../../db/schema/projects.ts";
import { sessionProjects, sessions, sessionTags } from "../../db/schema/sessions.ts";
import { defineModel } from "../../model/define.ts";
import * as field from "../../model/fields.ts";
import { throughProjects } from "../../model/in-projects.ts";
import { commonOrders, sortedBy, sortedByName } from "../../model/list-orders.ts";
import { projectsOf } from "../../model/projects-field.ts";
import { type Related, recordsOfSession, tags } from "../../model/relations.ts";
import { DEFAULT_ORDER } from "../../query/read-model.ts";
import { behavior } from "../behavior.ts";
import { dataAcquisition } from "../data-acquisition.ts";
import { epoch } from "../epoch.ts";
import { historyOf } from "../history-entry.ts";
import { manipulation } from "../manipulation.ts";
import { project } from "../project.ts";
import { downloadLinks } from "./download-links.ts";
import { collectionsOfSession, storagesOfSession, subjectsOfSession } from "./relations.ts";

const ORDERS = {
  [DEFAULT_ORDER]: sortedByName(sessions),
  name: sortedByName(sessions),
  date_time: sortedBy(sessions, sessions.dateTime),
  ...commonOrders(sessions),
};

/** A session: one recording (contract, section 3). */
export const session = defineModel({
  name: "session",
  plural: "sessions",
  help: "One recording: when it was made, the projects it belongs to, where its data lies and what it contains.",
  path: "/stem/session",
  table: sessions,
  access: throughProjects(sessions, sessionProjects.sessionCount, ORDERS),
  order: [sessions.name],
  search: {
    fields: [
      "name",
      "tags",
      "name_used_in_storage",
      "extra_fields",
      "description",
      "projects.name",
      "datastorage.name",
    ],
    index: {
      table: "session_search",
      columns: [["name"], ["tags", "name_used_in_storage", "extra_fields"], ["description"]],
      references: {
        projects: { kind: "project", table: projects, letter: "p", givesAccess: true },
        datastorage: { kind: "datastorage", table: dataStorages, letter: "d" },
      },
    },
  },
  fields: {
    id: field.id(sessions.id),
    name: field.uniqueName(sessions.name, sessions.nameFolded, {
      max: 100,
      title: "session",
      help: "A name that no other session has, such as R2W3_20230322.",
    }),
    description: field.text(sessions.description, sessions.descriptionFolded, {
      max: 100_000,
      help: "What was recorded and why, and anything a reader should know.",
    }),
    epochs: recordsOfSession(epochs, (): Related => epoch, {
      help: "The time intervals of the session, in their order.",
    }),
    projects: projectsOf(sessions, (): Related => project, {
      help: "The projects that the session belongs to, at least one; they say who may read and change it.",
    }),
    date_time: field.instant(sessions.dateTime, {
      label: "Date and time",
      help: "When the recording began, such as 2023-03-22T15:30:00Z; UTC unless it has an offset. Null when it is unknown.",
    }),
    datastorage: storagesOfSession(),
    extra_fields: field.extraFields(sessions.extraFields, sessions.extraFieldsFolded),
    download_links: downloadLinks(sessions.downloadLinks),
    dataacquisition: recordsOfSession(dataAcquisitions, (): Related => dataAcquisition, {
      label: "Data acquisitions",
      help: "What each device recorded, in order.",
    }),
    behaviors: recordsOfSession(behaviors, (): Related => behavior, {
      help: "What the subjects did, in order.",
    }),
    manipulations: recordsOfSession(manipulations, (): Related => manipulation, {
      help: "What was done to the subjects, in order.",
    }),
    name_used_in_storage: field.readOnlyText(
      sessions.nameUsedInStorage,
      sessions.nameUsedInStorageFolded,
      {
        help: "The name that the session had when its data was stored, as folders and files show it.",
      },
    ),
    tags: tags({ table: sessionTags, recordId: sessionTags.sessionId, id: sessions.id }),
    subjects: subjectsOfSession(),
    collections: collectionsOfSession(),
    created_date: field.createdDate(sessions.createdDate),
    updated_date: field.updatedDate(sessions.updatedDate),
  },
  removal: { audit: lossOfSession },
  subLists: [historyOf("session")],
});

/** The audit entries for the records of a session that are deleted with it. */
function lossOfSession(id: string): readonly AuditDraft[] {
  const records = [
    [epoch, epochs],
    [dataAcquisition, dataAcquisitions],
    [behavior, behaviors],
    [manipulation, manipulations],
  ] as const;
  return records.map(([model, table]) => deletionOf(model, sql`${table.sessionId} = ${id}`));
}

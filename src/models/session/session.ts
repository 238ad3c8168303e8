import { sql } from "drizzle-orm";
import type { AuditDraft } from "../../audit/entries.ts";
import { dataStorages } from "../../db/schema/data-storages.ts";
import { behaviors, dataAcquisitions, epochs, manipulations } from "../../db/schema/modules.ts";
import { projects } from "../../db/schema/projects.ts";
import { sessions, sessionTags } from "../../db/schema/sessions.ts";
import { defineModel } from "../../model/define.ts";
import * as field from "../../model/fields.ts";
import { recordsOfSession, tags } from "../../model/relations.ts";
import { behavior } from "../behavior.ts";
import { dataAcquisition } from "../data-acquisition.ts";
import { epoch } from "../epoch.ts";
import { historyOf } from "../history-entry.ts";
import { manipulation } from "../manipulation.ts";
import { throughProjects } from "./access.ts";
import { downloadLinks } from "./download-links.ts";
import { projectsOfSession, storagesOfSession } from "./relations.ts";

/** A session: one recording (contract, section 3). */
export const session = defineModel({
  name: "session",
  plural: "sessions",
  path: "/stem/session",
  table: sessions,
  access: throughProjects,
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
        projects: { holder: "project", table: projects, letter: "p", givesAccess: true },
        datastorage: { holder: "datastorage", table: dataStorages, letter: "d" },
      },
    },
  },
  walk: { field: "name", index: sql`sessions_name_project_set` },
  fields: {
    id: field.id(sessions.id),
    name: field.uniqueName(sessions.name, sessions.nameFolded, { max: 100, title: "session" }),
    description: field.text(sessions.description, sessions.descriptionFolded, { max: 100_000 }),
    epochs: recordsOfSession(epochs, () => epoch),
    projects: projectsOfSession(),
    date_time: field.instant(sessions.dateTime),
    datastorage: storagesOfSession(),
    extra_fields: field.extraFields(sessions.extraFields, sessions.extraFieldsFolded),
    download_links: downloadLinks(sessions.downloadLinks),
    dataacquisition: recordsOfSession(dataAcquisitions, () => dataAcquisition),
    behaviors: recordsOfSession(behaviors, () => behavior),
    manipulations: recordsOfSession(manipulations, () => manipulation),
    name_used_in_storage: field.readOnlyText(
      sessions.nameUsedInStorage,
      sessions.nameUsedInStorageFolded,
    ),
    tags: tags({ table: sessionTags, recordId: sessionTags.sessionId, id: sessions.id }),
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
  return records.map(([model, table]) => ({
    action: "delete",
    model,
    id: sql`(SELECT ${table.id} FROM ${table} WHERE ${table.sessionId} = ${id})`,
  }));
}

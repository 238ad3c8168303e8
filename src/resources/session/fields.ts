import {
  projectSetIsVisible,
  readableIds,
  type Viewer,
  visibleProjectSets,
} from "../../db/access.ts";
import { type SQL, sql } from "../../db/sql.ts";
import {
  behaviors,
  dataAcquisitions,
  dataStorages,
  epochs,
  manipulations,
  projectSets,
  projects,
  sessionDataStorages,
  sessionProjects,
  sessions,
  sessionTags,
} from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import {
  askedInstant,
  IDS_SCHEMA,
  idField,
  instantField,
  jsonField,
  jsonList,
  jsonValues,
  keyedField,
  TAGS_SCHEMA,
  textField,
} from "../../query/field.ts";
import type { Target } from "../../query/operators.ts";
import {
  declareResource,
  type Field,
  type Filter,
  type JsonSchema,
  type Resource,
} from "../../query/resource.ts";
import { placeInSession, type RecordsOfSession } from "../../record/of-session.ts";
import { EXTRA_KEY } from "../../record/values.ts";
import { behavior } from "../behavior/fields.ts";
import { dataAcquisition } from "../data-acquisition/fields.ts";
import { dataStorage } from "../data-storage/fields.ts";
import { epoch } from "../epoch/fields.ts";
import { manipulation } from "../manipulation/fields.ts";
import { project } from "../project/fields.ts";

const LINKS_SCHEMA: JsonSchema = {
  type: "array",
  items: {
    type: "object",
    properties: { repository: { type: "string" }, url: { type: "string" } },
    required: ["repository", "url"],
  },
};

/** A filter on the projects of a session: a condition on its project set alone. */
function onProjects(type: Filter["type"], target: Target, shown: "ids" | "readable"): Filter {
  return {
    type,
    related: true,
    scoped: true,
    where: (test, viewer, scope) => sql`${scope} IN (
      SELECT ${sessionProjects.projectSetId} FROM ${sessionProjects}
      JOIN ${projects} ON ${projects.id} = ${sessionProjects.projectId}
      WHERE ${test(target)}${onlyShown(viewer, projects.id, "project", shown)})`,
  };
}

/**
 * Nothing is asked of what is not shown: the public portal shows public projects and storages alone,
 * the private one shows the ids of all of a session's, and the names of those that the caller may read.
 */
function onlyShown(
  viewer: Viewer,
  id: SQL,
  holder: "project" | "datastorage",
  shown: "ids" | "readable",
): SQL {
  if (viewer.kind !== "public" && shown === "ids") return sql``;
  return sql` AND ${id} IN ${readableIds(viewer, holder)}`;
}

const allProjectIds = sql`(SELECT ${projectSets.projectIds} FROM ${projectSets}
  WHERE ${projectSets.id} = ${sessions.projectSetId})`;

const projectsField = (): Field => ({
  schema: IDS_SCHEMA,
  json: (viewer) =>
    viewer.kind === "public"
      ? jsonValues(
          sessionProjects.projectId,
          sessionProjects.position,
          sql`${sessionProjects} WHERE ${sessionProjects.projectSetId} = ${sessions.projectSetId}
            AND ${sessionProjects.projectId} IN ${readableIds(viewer, "project")}`,
        )
      : allProjectIds,
  filters: {
    "": onProjects("id", { column: projects.id }, "ids"),
    id: onProjects("id", { column: projects.id }, "ids"),
    name: onProjects("text", { column: projects.name, folded: projects.nameFolded }, "readable"),
  },
  include: {
    resource: () => project,
    list: (each, viewer) =>
      jsonList(
        each,
        sessionProjects.position,
        sql`${sessionProjects} JOIN ${projects} ON ${projects.id} = ${sessionProjects.projectId}
          WHERE ${sessionProjects.projectSetId} = ${sessions.projectSetId}
          ${onlyShown(viewer, projects.id, "project", "ids")}`,
      ),
  },
});

const storageOrder = sql`${sessionDataStorages.position}, ${sessionDataStorages.id}`;

function onDataStorages(type: Filter["type"], target: Target, shown: "ids" | "readable"): Filter {
  return {
    type,
    related: true,
    where: (test, viewer) => sql`${sessions.id} IN (
      SELECT ${sessionDataStorages.sessionId} FROM ${sessionDataStorages}
      JOIN ${dataStorages} ON ${dataStorages.id} = ${sessionDataStorages.dataStorageId}
      WHERE ${test(target)}
      ${onlyShown(viewer, dataStorages.id, "datastorage", shown)})`,
  };
}

const dataStorageField = (): Field => ({
  schema: IDS_SCHEMA,
  json: (viewer) =>
    jsonValues(
      sessionDataStorages.dataStorageId,
      storageOrder,
      sql`${sessionDataStorages} WHERE ${sessionDataStorages.sessionId} = ${sessions.id}
        ${onlyShown(viewer, sessionDataStorages.dataStorageId, "datastorage", "ids")}`,
    ),
  filters: {
    "": onDataStorages("id", { column: dataStorages.id }, "ids"),
    id: onDataStorages("id", { column: dataStorages.id }, "ids"),
    name: onDataStorages(
      "text",
      { column: dataStorages.name, folded: dataStorages.nameFolded },
      "readable",
    ),
  },
  include: {
    resource: () => dataStorage,
    list: (each, viewer) =>
      jsonList(
        each,
        storageOrder,
        sql`${sessionDataStorages}
          JOIN ${dataStorages} ON ${dataStorages.id} = ${sessionDataStorages.dataStorageId}
          WHERE ${sessionDataStorages.sessionId} = ${sessions.id}
          ${onlyShown(viewer, dataStorages.id, "datastorage", "ids")}`,
      ),
  },
});

const tagsField = (): Field => ({
  schema: TAGS_SCHEMA,
  json: () =>
    jsonValues(
      sessionTags.tag,
      sessionTags.position,
      sql`${sessionTags} WHERE ${sessionTags.sessionId} = ${sessions.id}`,
    ),
  filters: {
    "": {
      type: "text",
      related: true,
      where: (test) => sql`${sessions.id} IN (SELECT ${sessionTags.sessionId} FROM ${sessionTags}
        WHERE ${test({ column: sessionTags.tag, folded: sessionTags.tagFolded })})`,
    },
  },
});

/** The records of one kind that belong to a session, in their order; those without one come last. */
function recordsField(table: RecordsOfSession, resource: () => Resource): Field {
  const order = sql.join(placeInSession(table), sql`, `);
  const ofSession = sql`${table} WHERE ${table.sessionId} = ${sessions.id}`;
  const onId: Filter = {
    type: "id",
    related: true,
    where: (test) => sql`${sessions.id} IN (SELECT ${table.sessionId} FROM ${table}
      WHERE ${test({ column: table.id })})`,
  };
  return {
    schema: IDS_SCHEMA,
    json: () => jsonValues(table.id, order, ofSession),
    filters: { "": onId, id: onId },
    include: { resource, list: (each) => jsonList(each, order, ofSession) },
    hasOwnHistory: true,
  };
}

/** The session, one recording (contract, section 3). */
export const session = declareResource({
  name: "session",
  listName: "sessions",
  title: "session",
  viewPermission: "view_project",
  table: sessions,
  id: sessions.id,
  fields: once(() => ({
    id: idField(sessions.id),
    name: { ...textField(sessions.name, sessions.nameFolded), unique: true },
    description: textField(sessions.description, sessions.descriptionFolded),
    epochs: recordsField(epochs, () => epoch),
    projects: projectsField(),
    date_time: instantField(sessions.dateTime),
    datastorage: dataStorageField(),
    extra_fields: keyedField(sessions.extraFields, sessions.extraFieldsFolded, EXTRA_KEY),
    download_links: jsonField(sessions.downloadLinks, LINKS_SCHEMA),
    dataacquisition: recordsField(dataAcquisitions, () => dataAcquisition),
    behaviors: recordsField(behaviors, () => behavior),
    manipulations: recordsField(manipulations, () => manipulation),
    name_used_in_storage: textField(sessions.nameUsedInStorage, sessions.nameUsedInStorageFolded),
    tags: tagsField(),
    created_date: askedInstant(sessions.createdDate),
    updated_date: askedInstant(sessions.updatedDate),
  })),
  defaultOrder: [sessions.name],
  scope: {
    ofRow: sessions.projectSetId,
    table: projectSets,
    ofScope: projectSets.id,
    count: projectSets.sessionCount,
  },
  walk: { field: "name", index: sql`sessions_name_project_set` },
  projectIds: allProjectIds,
  visible: (viewer, scope) => sql`${scope} IN ${visibleProjectSets(viewer)}`,
  readable: (viewer) => projectSetIsVisible(viewer, sessions.projectSetId),
});

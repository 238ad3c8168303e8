import { type SQL, sql } from "../../db/sql.ts";
import { projectSets, sessionDataStorages, sessions, sessionTags } from "../../db/tables.ts";
import { foldCase, foldValues } from "../../domain/fold.ts";
import { writeJson } from "../../domain/json.ts";
import type { Deed } from "../../record/history.ts";
import {
  asIs,
  asJson,
  type ColumnTable,
  cellsOf,
  insertRow,
  type RecordStore,
  updateRow,
  withFold,
} from "../../record/store.ts";
import { behavior } from "../behavior/fields.ts";
import { dataAcquisition } from "../data-acquisition/fields.ts";
import { epoch } from "../epoch/fields.ts";
import { manipulation } from "../manipulation/fields.ts";
import type { SessionInput } from "./schemas.ts";

/** The columns of the session's own row, as its fields fill them. */
export const SESSION_COLUMNS: ColumnTable<SessionInput> = {
  name: withFold(sessions.name, sessions.nameFolded),
  description: withFold(sessions.description, sessions.descriptionFolded),
  dateTime: asIs(sessions.dateTime),
  extraFields: (fields) => [
    [sessions.extraFields, writeJson(fields)],
    [sessions.extraFieldsFolded, writeJson(foldValues(fields))],
  ],
  downloadLinks: asJson(sessions.downloadLinks),
};

export const sessionStore: RecordStore<SessionInput> = {
  insert: insertSession,
  update: updateSession,
  remove: (id) => [sql`DELETE FROM ${sessions} WHERE id = ${id}`],
};

/** A new session with its projects, storages and tags. */
function insertSession(id: string, input: SessionInput, now: string): readonly SQL[] {
  return [
    ensureProjectSet(input.projects),
    insertRow(sessions, [
      [sessions.id, id],
      ...cellsOf(SESSION_COLUMNS, input),
      // The set exists once the statement before has run.
      [sessions.projectSetId, projectSetOf(input.projects)],
      [sessions.createdDate, now],
      [sessions.updatedDate, now],
    ]),
    ...insertTags(id, input.tags),
    ...insertDataStorages(id, input.datastorage),
  ];
}

/** Changes what the input names, and nothing else. */
function updateSession(id: string, input: Partial<SessionInput>, now: string): readonly SQL[] {
  const { projects, datastorage, tags } = input;
  return [
    ...(projects ? [ensureProjectSet(projects)] : []),
    updateRow(sessions, id, [
      ...cellsOf(SESSION_COLUMNS, input),
      ...(projects ? [[sessions.projectSetId, projectSetOf(projects)] as const] : []),
      [sessions.updatedDate, now],
    ]),
    ...(tags ? [deleteTags(id), ...insertTags(id, tags)] : []),
    ...(datastorage ? replaceDataStorages(id, datastorage) : []),
  ];
}

/** For the history, what goes with a session: all records that belong to it. */
export function lossOfSession(id: string): readonly Deed[] {
  return [epoch, dataAcquisition, behavior, manipulation].map((resource) => ({
    action: "delete",
    resource,
    id: sql`(SELECT id FROM ${resource.table} WHERE session_id = ${id})`,
  }));
}

/** Says that a session has changed, for a change that lies in another table; the id may be an expression. */
export function touchSession(id: string | SQL, now: string): SQL {
  return sql`UPDATE ${sessions} SET updated_date = ${now} WHERE id = ${id}`;
}

function ensureProjectSet(projectIds: readonly string[]): SQL {
  return sql`INSERT INTO ${projectSets} (project_ids) VALUES (${JSON.stringify(projectIds)})
    ON CONFLICT DO NOTHING`;
}

function projectSetOf(projectIds: readonly string[]): SQL {
  return sql`(SELECT id FROM ${projectSets} WHERE project_ids = ${JSON.stringify(projectIds)})`;
}

function deleteTags(id: string): SQL {
  return sql`DELETE FROM ${sessionTags} WHERE session_id = ${id}`;
}

function insertTags(id: string, tags: readonly string[]): readonly SQL[] {
  if (tags.length === 0) return [];
  const rows = JSON.stringify(tags.map((tag) => [tag, foldCase(tag)]));
  return [
    sql`INSERT INTO ${sessionTags} (session_id, tag, tag_folded, position)
      SELECT ${id}, value ->> 0, value ->> 1, key FROM json_each(${rows})`,
  ];
}

/** The storages that stay keep their associations, with the ids of these. */
function replaceDataStorages(id: string, dataStorageIds: readonly string[]): readonly SQL[] {
  return [
    sql`DELETE FROM ${sessionDataStorages} WHERE session_id = ${id}
      AND data_storage_id NOT IN (SELECT value FROM json_each(${JSON.stringify(dataStorageIds)}))`,
    ...insertDataStorages(id, dataStorageIds),
  ];
}

function insertDataStorages(id: string, dataStorageIds: readonly string[]): readonly SQL[] {
  if (dataStorageIds.length === 0) return [];
  const rows = JSON.stringify(dataStorageIds.map((storage) => [crypto.randomUUID(), storage]));
  return [
    sql`INSERT INTO ${sessionDataStorages} (id, session_id, data_storage_id, position)
      SELECT value ->> 0, ${id}, value ->> 1, key FROM json_each(${rows}) WHERE true
      ON CONFLICT (session_id, data_storage_id) DO UPDATE SET position = excluded.position`,
  ];
}

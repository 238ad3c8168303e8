import { eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteInsertValue } from "drizzle-orm/sqlite-core";
import { build } from "../../db/connection.ts";
import {
  projectSets,
  sessionDataStorages,
  sessions,
  sessionTags,
} from "../../db/schema/sessions.ts";
import { foldCase, foldValues } from "../../domain/fold.ts";
import { writeJson } from "../../domain/json.ts";
import type { RecordStore } from "../../record/store.ts";
import type { SessionInput } from "./schemas.ts";

export const sessionStore: RecordStore<SessionInput> = {
  insert: insertSession,
  update: updateSession,
  remove: (id) => [build.delete(sessions).where(eq(sessions.id, id)).getSQL()],
};

/** A new session with its projects, storages and tags. */
function insertSession(id: string, input: SessionInput, now: string): readonly SQL[] {
  const columns = {
    id,
    ...columnsOf(input),
    // The set exists once the statement before has run.
    projectSetId: projectSetOf(input.projects),
    createdDate: now,
    updatedDate: now,
  };
  return [
    ensureProjectSet(input.projects),
    // A whole input gives all columns: columnsOf is typed for the part of one.
    build
      .insert(sessions)
      .values(columns as SQLiteInsertValue<typeof sessions>)
      .getSQL(),
    ...insertTags(id, input.tags),
    ...insertDataStorages(id, input.datastorage),
  ];
}

/** Changes what the input names, and nothing else. */
function updateSession(id: string, input: Partial<SessionInput>, now: string): readonly SQL[] {
  const { projects, datastorage, tags } = input;
  const row = build
    .update(sessions)
    .set({
      ...columnsOf(input),
      ...(projects && { projectSetId: projectSetOf(projects) }),
      updatedDate: now,
    })
    .where(eq(sessions.id, id));
  return [
    ...(projects ? [ensureProjectSet(projects)] : []),
    row.getSQL(),
    ...(tags ? [deleteTags(id), ...insertTags(id, tags)] : []),
    ...(datastorage ? replaceDataStorages(id, datastorage) : []),
  ];
}

/** Says that a session has changed, for a change that lies in another table; the id may be an expression. */
export function touchSession(id: string | SQL, now: string): SQL {
  return build.update(sessions).set({ updatedDate: now }).where(eq(sessions.id, id)).getSQL();
}

/** The columns of the session's own row; what is undefined stays as it is. */
export function columnsOf(input: Partial<SessionInput>) {
  const { name, description, dateTime, extraFields, downloadLinks } = input;
  return {
    ...(name !== undefined && { name, nameFolded: foldCase(name) }),
    ...(description !== undefined && {
      description,
      descriptionFolded: foldCase(description),
    }),
    ...(dateTime !== undefined && { dateTime }),
    ...(extraFields !== undefined && {
      extraFields: writeJson(extraFields),
      extraFieldsFolded: writeJson(foldValues(extraFields)),
    }),
    ...(downloadLinks !== undefined && { downloadLinks: JSON.stringify(downloadLinks) }),
  };
}

function ensureProjectSet(projectIds: readonly string[]): SQL {
  return build
    .insert(projectSets)
    .values({ projectIds: JSON.stringify(projectIds) })
    .onConflictDoNothing()
    .getSQL();
}

function projectSetOf(projectIds: readonly string[]): SQL<number> {
  return sql<number>`(SELECT ${sql.identifier("id")} FROM ${projectSets}
    WHERE ${sql.identifier("project_ids")} = ${JSON.stringify(projectIds)})`;
}

function deleteTags(id: string): SQL {
  return build.delete(sessionTags).where(eq(sessionTags.sessionId, id)).getSQL();
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

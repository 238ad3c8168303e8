import { getTableColumns, type SQL, sql } from "drizzle-orm";
import {
  projectSets,
  sessionDataStorages,
  sessions,
  sessionTags,
} from "../../db/schema/sessions.ts";
import { foldCase } from "../../domain/fold.ts";
import { chunksOf } from "../../record/bulk.ts";
import type { SessionInput } from "./schemas.ts";
import { columnsOf } from "./store.ts";

/** A session that comes with what the API itself does not write. */
export interface ImportedSession {
  readonly id: string;
  readonly nameUsedInStorage: string;
  readonly input: SessionInput;
}

/**
 * New sessions with their projects, storages and tags: a handful of statements for some hundred of them,
 * where one at a time would be four statements each.
 */
export function insertSessions(imported: readonly ImportedSession[], now: string): readonly SQL[] {
  return chunksOf(imported.map((session) => JSON.stringify(rowOf(session, now)))).flatMap(
    (rows) => [
      ensureProjectSets(rows),
      insertRows(rows),
      insertTags(rows),
      insertDataStorages(rows),
    ],
  );
}

/** Everything of one session, by the names of the table's columns and two lists. */
function rowOf({ id, nameUsedInStorage, input }: ImportedSession, now: string) {
  return {
    id,
    ...columnsOf(input),
    nameUsedInStorage,
    nameUsedInStorageFolded: foldCase(nameUsedInStorage),
    createdDate: now,
    updatedDate: now,
    // As text, because that is how a set is stored and looked up.
    projectIds: JSON.stringify(input.projects),
    tags: input.tags.map((tag) => [tag, foldCase(tag)]),
    dataStorages: input.datastorage.map((storage) => [crypto.randomUUID(), storage]),
  };
}

function ensureProjectSets(rows: string): SQL {
  return sql`INSERT INTO ${projectSets} (project_ids)
    SELECT DISTINCT value ->> 'projectIds' FROM json_each(${rows}) WHERE true
    ON CONFLICT DO NOTHING`;
}

function insertRows(rows: string): SQL {
  const { projectSetId, ...columns } = getTableColumns(sessions);
  const names = Object.values(columns).map(({ name }) => sql.identifier(name));
  const values = Object.keys(columns).map((key) => sql`value ->> ${sql.raw(`'${key}'`)}`);
  return sql`INSERT INTO ${sessions} (${sql.join(names, sql`, `)}, project_set_id)
    SELECT ${sql.join(values, sql`, `)}, (SELECT ${projectSets.id} FROM ${projectSets}
      WHERE ${projectSets.projectIds} = value ->> 'projectIds')
    FROM json_each(${rows})`;
}

function insertTags(rows: string): SQL {
  return sql`INSERT INTO ${sessionTags} (session_id, tag, tag_folded, position)
    SELECT row.value ->> 'id', tag.value ->> 0, tag.value ->> 1, tag.key
    FROM json_each(${rows}) AS row, json_each(row.value, '$.tags') AS tag`;
}

function insertDataStorages(rows: string): SQL {
  return sql`INSERT INTO ${sessionDataStorages} (id, session_id, data_storage_id, position)
    SELECT storage.value ->> 0, row.value ->> 'id', storage.value ->> 1, storage.key
    FROM json_each(${rows}) AS row, json_each(row.value, '$.dataStorages') AS storage`;
}

/** Those of the values that a column of the table holds already, as `value`. */
export function findTaken(column: "id" | "name", values: readonly string[]): readonly SQL[] {
  return chunksOf(values.map((value) => JSON.stringify(value))).map(
    (chunk) => sql`SELECT value FROM json_each(${chunk})
      WHERE EXISTS (SELECT 1 FROM ${sessions} WHERE ${sessions[column]} = value)`,
  );
}

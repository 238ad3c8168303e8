import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { columnNames } from "../../db/names.ts";
import {
  projectSets,
  sessionDataStorages,
  sessions,
  sessionTags,
} from "../../db/schema/sessions.ts";
import { selectList } from "../../db/typed-rows.ts";
import type { Cell, InputOf } from "../../model/field.ts";
import { chunksOf, newCells } from "../../model/rows.ts";
import { whileDeferred } from "../../model/search-index.ts";
import { foldCase } from "../../values/fold.ts";
import { session } from "./session.ts";

export type SessionInput = InputOf<(typeof session)["fields"]>;

/** A session to import, with the two values that clients of the API cannot write. */
export interface ImportedSession {
  readonly id: string;
  readonly nameUsedInStorage: string;
  readonly input: SessionInput;
}

/**
 * The statements that insert sessions with their projects, storages and tags: a few statements for some
 * hundred sessions, instead of four statements for each.
 */
export function insertSessions(imported: readonly ImportedSession[], now: string): readonly SQL[] {
  const [first] = imported;
  if (first === undefined) return [];
  const columns = cellsOfNew(first, now).map(([column]) => column);
  return chunksOf(imported.map((session) => JSON.stringify(rowOf(session, now)))).flatMap(
    (rows) => [
      ensureProjectSets(rows),
      ...whileDeferred(session.search, sql`SELECT value ->> 'id' FROM json_each(${rows})`, [
        insertRows(columns, rows),
        insertTags(rows),
        insertDataStorages(rows),
      ]),
    ],
  );
}

function cellsOfNew(
  { id, nameUsedInStorage, input }: ImportedSession,
  now: string,
): readonly Cell[] {
  // The statement for many sessions looks up the project sets.
  const { projects: _, ...own } = input;
  return [
    ...newCells(session, id, own, now),
    [sessions.nameUsedInStorage, nameUsedInStorage],
    [sessions.nameUsedInStorageFolded, foldCase(nameUsedInStorage)],
  ];
}

/** The values of one session: the cells of its row, and the values in other tables. */
function rowOf(session: ImportedSession, now: string) {
  const { id, input } = session;
  return {
    id,
    cells: cellsOfNew(session, now).map(([, value]) => value),
    // As JSON text, because a project set is stored and looked up in that form.
    projectIds: JSON.stringify(input.projects),
    tags: input.tags.map((tag) => [tag, foldCase(tag)]),
    dataStorages: input.datastorage.map((storage) => [crypto.randomUUID(), storage]),
  };
}

function ensureProjectSets(rows: string): SQL {
  return sql`INSERT INTO ${projectSets} (${columnNames([projectSets.projectIds])})
    SELECT DISTINCT value ->> 'projectIds' FROM json_each(${rows}) WHERE true
    ON CONFLICT DO NOTHING`;
}

function insertRows(columns: readonly SQLiteColumn[], rows: string): SQL {
  const names = columnNames([...columns, sessions.projectSetId]);
  const values = columns.map((_, index) => sql`value ->> ${sql.raw(`'$.cells[${index}]'`)}`);
  return sql`INSERT INTO ${sessions} (${names})
    SELECT ${sql.join(values, sql`, `)}, (SELECT ${projectSets.id} FROM ${projectSets}
      WHERE ${projectSets.projectIds} = value ->> 'projectIds')
    FROM json_each(${rows})`;
}

function insertTags(rows: string): SQL {
  const { sessionId, tag, tagFolded, position } = sessionTags;
  return sql`INSERT INTO ${sessionTags} (${columnNames([sessionId, tag, tagFolded, position])})
    SELECT row.value ->> 'id', tag.value ->> 0, tag.value ->> 1, tag.key
    FROM json_each(${rows}) AS row, json_each(row.value, '$.tags') AS tag`;
}

function insertDataStorages(rows: string): SQL {
  const { id, sessionId, dataStorageId, position } = sessionDataStorages;
  return sql`INSERT INTO ${sessionDataStorages} (${columnNames([id, sessionId, dataStorageId, position])})
    SELECT storage.value ->> 0, row.value ->> 'id', storage.value ->> 1, storage.key
    FROM json_each(${rows}) AS row, json_each(row.value, '$.dataStorages') AS storage`;
}

/** A list of ids as the right side of an `IN`. */
export function listed(ids: readonly string[]): SQL {
  return sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
}

/** The row of a value that a session already has. */
export const TAKEN = { value: sql<string>`value` };

/** Statements that return the values that a session already has, as rows of `TAKEN`. */
export function findTaken(column: "id" | "name", values: readonly string[]): readonly SQL[] {
  return chunksOf(values.map((value) => JSON.stringify(value))).map(
    (chunk) => sql`SELECT ${selectList(TAKEN)} FROM json_each(${chunk})
      WHERE EXISTS (SELECT 1 FROM ${sessions} WHERE ${sessions[column]} = value)`,
  );
}

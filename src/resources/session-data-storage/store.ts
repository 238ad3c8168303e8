import { type SQL, sql } from "../../db/sql.ts";
import { sessionDataStorages } from "../../db/tables.ts";
import type { NewAssociation } from "./schemas.ts";

/** A new association at the end of its session's. */
export function insertAssociation(id: string, { session, datastorage }: NewAssociation): SQL {
  return sql`INSERT INTO ${sessionDataStorages} (id, session_id, data_storage_id, position)
    SELECT ${id}, ${session}, ${datastorage}, coalesce(max(position) + 1, 0)
    FROM ${sessionDataStorages} WHERE session_id = ${session}`;
}

/** Moves an association to a place, counted from 0; past the end means the end. */
export function moveAssociation(id: string, order: number): SQL {
  // The others keep their order and are numbered without it; it takes the gap before its new place.
  return sql`UPDATE ${sessionDataStorages} SET position = ranked.place FROM (
      SELECT id, row_number() OVER (ORDER BY CASE id WHEN ${id} THEN ${order} - 0.5 ELSE place END) - 1 AS place
      FROM (
        SELECT id, row_number() OVER (ORDER BY id = ${id}, position, id) - 1 AS place
        FROM ${sessionDataStorages} WHERE session_id = ${sessionOf(id)}
      )
    ) AS ranked WHERE ${sessionDataStorages}.id = ranked.id`;
}

export function deleteAssociation(id: string): SQL {
  return sql`DELETE FROM ${sessionDataStorages} WHERE id = ${id}`;
}

/** Puts the associations of a session in the order of these storages. */
export function orderAssociations(session: string, dataStorageIds: readonly string[]): SQL {
  return sql`UPDATE ${sessionDataStorages} SET position = named.key
    FROM json_each(${JSON.stringify(dataStorageIds)}) AS named
    WHERE session_id = ${session} AND data_storage_id = named.value`;
}

/** The id of an association's session. */
export function sessionOf(id: string): SQL {
  return sql`(SELECT session_id FROM ${sessionDataStorages} WHERE id = ${id})`;
}

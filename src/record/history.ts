import { type SQL, sql } from "drizzle-orm";
import { callerTable, OPERATOR, type Viewer } from "../db/access.ts";
import { history } from "../db/schema/history.ts";
import { objectJson } from "../query/object.ts";
import type { Resource } from "../query/resource.ts";

/** What a write does to one record, for its history. */
export interface Deed {
  readonly action: "create" | "change" | "delete";
  readonly resource: Resource;
  /** The record's id, or an expression that finds it before the write. */
  readonly id: string | SQL;
}

const EVERYTHING = { include: [], exclude: [] };

/** The record as it is at this point of the batch, whoever asks: `{}` where there is none. */
function stateOf(resource: Resource, id: string | SQL): SQL {
  return sql`coalesce((SELECT ${objectJson(resource, OPERATOR, EVERYTHING)} FROM ${resource.table}
    WHERE ${resource.id} = ${id}), '{}')`;
}

function projectsOf(resource: Resource, id: string | SQL): SQL {
  if (resource.projectIds === undefined) return sql`'[]'`;
  return sql`coalesce((SELECT ${resource.projectIds} FROM ${resource.table}
    WHERE ${resource.id} = ${id}), '[]')`;
}

/**
 * The statements that write a deed down around those that do it: one before, which keeps the record as
 * it was, and one after, which leaves of that what has changed.
 */
export function writeDown(
  { action, resource, id }: Deed,
  viewer: Viewer,
  now: string,
): readonly [before: SQL, after: SQL] {
  const before = sql`WITH ${callerTable(viewer)}
    INSERT INTO ${history} (date_time, user_id, action, model, record_id, projects, changes)
    SELECT ${now}, (SELECT id FROM caller), ${action}, ${resource.name}, ${id},
      ${projectsOf(resource, id)}, ${stateOf(resource, id)}`;
  const recordId = sql`${history.recordId}`;
  // The last entry is this deed's: batches do not run side by side.
  const after = sql`UPDATE ${history} SET
      projects = CASE projects WHEN '[]' THEN ${projectsOf(resource, recordId)} ELSE projects END,
      changes = (
        WITH state AS MATERIALIZED (
          SELECT ${history.changes} AS old, ${stateOf(resource, recordId)} AS new)
        SELECT json_group_object(key, json_object('from', json(old -> key), 'to', json(new -> key)))
        FROM state, (
          SELECT key FROM state, json_each(old) UNION SELECT key FROM state, json_each(new))
        WHERE old -> key IS NOT new -> key)
    WHERE id = (SELECT max(id) FROM ${history})`;
  return [before, after];
}

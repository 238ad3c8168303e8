import { type SQL, sql } from "drizzle-orm";
import { callerTable, OPERATOR, type Viewer } from "../db/access.ts";
import { history } from "../db/schema/history.ts";
import { objectJson } from "../query/object.ts";
import type { Selection } from "../query/parse.ts";
import type { Resource } from "../query/resource.ts";

/** What a write does to one record, for its history. */
export interface Deed {
  readonly action: "create" | "change" | "delete";
  readonly resource: Resource;
  /** The record's id, or an expression that finds it before the write. */
  readonly id: string | SQL;
}

/** All that is a record's own: not the long lists of what belongs to it, which have histories of their own. */
function ownFields({ fields }: Resource): Selection {
  const others = Object.entries(fields).filter(([, field]) => field.omittedWhenIncluded);
  return { include: [], exclude: others.map(([name]) => name) };
}

/** The record as it is at this point of the batch, whoever asks: `{}` where there is none. */
function stateOf(resource: Resource, id: string | SQL): SQL {
  return sql`coalesce((SELECT ${objectJson(resource, OPERATOR, ownFields(resource))} FROM ${resource.table}
    WHERE ${resource.id} = ${id}), '{}')`;
}

function projectsOf(resource: Resource, id: string | SQL): SQL {
  if (resource.projectIds === undefined) return sql`'[]'`;
  return sql`coalesce((SELECT ${resource.projectIds} FROM ${resource.table}
    WHERE ${resource.id} = ${id}), '[]')`;
}

/**
 * The statements that write a deed down around those that do it. What is made is written down after, what
 * is deleted before; of what is changed the old state is kept before, and after it what has changed.
 */
export function writeDown(
  deed: Deed,
  viewer: Viewer,
  now: string,
): { readonly before: readonly SQL[]; readonly after: readonly SQL[] } {
  const state = stateOf(deed.resource, deed.id);
  const entry = (changes: SQL) => insertEntry(deed, viewer, now, changes);
  if (deed.action === "create") return { before: [], after: [entry(wholeState(state, "to"))] };
  if (deed.action === "delete") return { before: [entry(wholeState(state, "from"))], after: [] };
  return { before: [entry(state)], after: [reduceToChanges(deed.resource), dropIfUnchanged()] };
}

/** Writes down that records were made in numbers, on behalf of the operator. */
export function writeDownMany(resource: Resource, ids: readonly string[], now: string): SQL {
  const { table, id, projectIds = sql`'[]'` } = resource;
  const state = objectJson(resource, OPERATOR, ownFields(resource));
  return sql`INSERT INTO ${history} (date_time, action, model, record_id, projects, changes)
    SELECT ${now}, 'create', ${resource.name}, ${id}, ${projectIds}, ${wholeState(state, "to")}
    FROM ${table} WHERE ${id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))
    ORDER BY ${id}`;
}

function insertEntry(
  { action, resource, id }: Deed,
  viewer: Viewer,
  now: string,
  changes: SQL,
): SQL {
  return sql`WITH ${callerTable(viewer)}
    INSERT INTO ${history} (date_time, user_id, action, model, record_id, projects, changes)
    SELECT ${now}, (SELECT id FROM caller), ${action}, ${resource.name}, ${id},
      ${projectsOf(resource, id)}, ${changes}`;
}

/** Every field of a state as a change from nothing, or to nothing. */
function wholeState(state: SQL, side: "from" | "to"): SQL {
  const [from, to] = side === "from" ? [sql`old`, sql`NULL`] : [sql`NULL`, sql`old`];
  return sql`(SELECT json_group_object(key, json_object('from', ${jsonOf(from)}, 'to', ${jsonOf(to)}))
    FROM (SELECT ${state} AS old), json_each(old))`;
}

/** Leaves of the last entry, which holds the old state, the fields that are not what they were. */
function reduceToChanges(resource: Resource): SQL {
  // The last entry is this deed's: batches do not run side by side.
  return sql`UPDATE ${history} SET changes = (
      WITH state AS MATERIALIZED (
        SELECT ${history.changes} AS old, ${stateOf(resource, sql`${history.recordId}`)} AS new)
      SELECT json_group_object(key, json_object('from', json(old -> key), 'to', json(new -> key)))
      FROM state, json_each(new) WHERE old -> key IS NOT new -> key)
    WHERE id = (SELECT max(id) FROM ${history})`;
}

/** What was written and is as it was is no news. */
function dropIfUnchanged(): SQL {
  return sql`DELETE FROM ${history} WHERE id = (SELECT max(id) FROM ${history}) AND changes = '{}'`;
}

const jsonOf = (state: SQL) => sql`json(${state} -> key)`;

import { callerTable, OPERATOR, type Viewer } from "../db/access.ts";
import { type SQL, sql } from "../db/sql.ts";
import { history } from "../db/tables.ts";
import { appearanceJson, disappearanceJson, objectJson } from "../query/object.ts";
import type { Selection } from "../query/parse.ts";
import type { Resource } from "../query/resource.ts";

/** What a write does to a record, for its history. */
export interface Deed {
  readonly action: "create" | "change" | "delete";
  readonly resource: Resource;
  /**
   * The record's id, or the query in brackets that finds it before the write; of what is made or deleted, or
   * whose changes are given, it may find many.
   */
  readonly id: string | SQL;
  /** Of a change, what it changes, where that can be said before it happens (see `fieldChange`). */
  readonly changes?: SQL;
}

/** All that is a record's own: not the lists of other records, which have histories of their own. */
function ownFields(resource: Resource): Selection {
  const others = Object.entries(resource.fields()).filter(([, field]) => field.hasOwnHistory);
  return { include: [], exclude: others.map(([name]) => name) };
}

/** A record as it is at this point of the batch, whoever asks. */
function stateOf(resource: Resource): SQL {
  return objectJson(resource, OPERATOR, ownFields(resource));
}

/**
 * The statements that write deeds down around those that do them. What is made is written down after, what
 * is deleted before; of what is changed the old state is kept before, and after it what has changed. A write
 * has one deed of that last kind at most, whose entry stands last until then.
 */
export function writeDown(
  deeds: readonly Deed[],
  viewer: Viewer,
  now: string,
): { readonly before: readonly SQL[]; readonly after: readonly SQL[] } {
  const before: SQL[] = [];
  const kept: SQL[] = [];
  const reduction: SQL[] = [];
  const after: SQL[] = [];
  for (const deed of deeds) {
    const own = ownFields(deed.resource);
    const entries = (changes: SQL) => selectEntries(deed, now, changes);
    if (deed.changes !== undefined) {
      before.push(entries(deed.changes));
    } else if (deed.action === "create") {
      after.push(entries(appearanceJson(deed.resource, OPERATOR, own)));
    } else if (deed.action === "delete") {
      before.push(entries(disappearanceJson(deed.resource, OPERATOR, own)));
    } else {
      kept.push(entries(stateOf(deed.resource)));
      reduction.push(reduceToChanges(deed.resource), dropIfUnchanged());
    }
  }
  return {
    before: insertEntries([...before, ...kept], viewer),
    after: [...reduction, ...insertEntries(after, viewer)],
  };
}

/** The change of one field alone, from one JSON text to another. */
export function fieldChange(name: string, from: SQL, to: SQL): SQL {
  return sql`json_object(${name}, json_object('from', json(${from}), 'to', json(${to})))`;
}

function selectEntries({ action, resource, id }: Deed, now: string, changes: SQL): SQL {
  const { table, projectIds = sql`'[]'` } = resource;
  return sql`SELECT * FROM (
    SELECT ${now}, (SELECT id FROM caller), ${action}, ${resource.name}, ${resource.id},
      ${projectIds}, ${changes}
    FROM ${table} WHERE ${resource.id} IN ${typeof id === "string" ? sql`(${id})` : id}
    ORDER BY ${resource.id})`;
}

/** How many queries D1 unites. */
const MOST_UNITED = 5;

/** As few statements as D1 allows: each costs more than what it writes. */
function insertEntries(queries: readonly SQL[], viewer: Viewer): readonly SQL[] {
  if (queries.length === 0) return [];
  const first = sql.join(queries.slice(0, MOST_UNITED), sql` UNION ALL `);
  return [
    sql`WITH ${callerTable(viewer)}
      INSERT INTO ${history} (date_time, user_id, action, model, record_id, projects, changes) ${first}`,
    ...insertEntries(queries.slice(MOST_UNITED), viewer),
  ];
}

/** Leaves of the last entry, which holds the old state, the fields that are not what they were. */
function reduceToChanges(resource: Resource): SQL {
  // The last entry is this deed's: batches do not run side by side, and a guard has found the record.
  return sql`UPDATE ${history} SET changes = (
      WITH state AS MATERIALIZED (
        SELECT ${history.changes} AS old, ${stateOf(resource)} AS new
        FROM ${resource.table} WHERE ${resource.id} = ${history.recordId})
      SELECT json_group_object(key, json_object('from', json(old -> key), 'to', json(new -> key)))
      FROM state, json_each(new) WHERE old -> key IS NOT new -> key)
    WHERE id = (SELECT max(id) FROM ${history})`;
}

/** What was written and is as it was is no news. */
function dropIfUnchanged(): SQL {
  return sql`DELETE FROM ${history} WHERE id = (SELECT max(id) FROM ${history}) AND changes = '{}'`;
}

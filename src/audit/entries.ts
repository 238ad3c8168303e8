import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable, OPERATOR } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { bareName, columnNames } from "../db/names.ts";
import { history } from "../db/schema/history.ts";
import { appearanceJson, disappearanceJson, objectJson } from "../query/object.ts";
import type { Selection } from "../query/parse.ts";
import type { ReadModel } from "../query/resource.ts";

/** An entry of the history that a write will make: what it does to which record. */
export interface AuditDraft {
  readonly action: "create" | "change" | "delete";
  readonly model: ReadModel;
  /**
   * The record's id, or a query in brackets that finds it before the write. The query may find many records
   * for all but a change without `changes`.
   */
  readonly id: string | SQL;
  /** What a change changes, where that is known before it happens (see `fieldChange`). */
  readonly changes?: Expression;
}

/** All that is a record's own: not the lists of other records, which have histories of their own. */
function ownFields(model: ReadModel): Selection {
  const others = Object.entries(model.fields).filter(([, field]) => field.hasOwnHistory);
  return { include: [], exclude: others.map(([name]) => name) };
}

/** A record as it is at this point of the batch, whoever asks. */
function stateOf(model: ReadModel): SQL {
  return objectJson(model, OPERATOR, ownFields(model));
}

/**
 * The statements that write drafts down around those that do them. What is made is written down after, what
 * is deleted before; of what is changed the old state is kept before, and after it what has changed. A write
 * has one draft of that last kind at most, whose entry stands last until then.
 */
export function auditStatements(
  drafts: readonly AuditDraft[],
  caller: Caller,
  now: string,
): { readonly before: readonly SQL[]; readonly after: readonly SQL[] } {
  const before: SQL[] = [];
  const kept: SQL[] = [];
  const reduction: SQL[] = [];
  const after: SQL[] = [];
  for (const draft of drafts) {
    const own = ownFields(draft.model);
    const entries = (changes: Expression) => selectEntries(draft, now, changes);
    if (draft.changes !== undefined) {
      before.push(entries(draft.changes));
    } else if (draft.action === "create") {
      after.push(entries(appearanceJson(draft.model, OPERATOR, own)));
    } else if (draft.action === "delete") {
      before.push(entries(disappearanceJson(draft.model, OPERATOR, own)));
    } else {
      kept.push(entries(stateOf(draft.model)));
      reduction.push(reduceToChanges(draft.model), dropIfUnchanged());
    }
  }
  return {
    before: insertEntries([...before, ...kept], caller),
    after: [...reduction, ...insertEntries(after, caller)],
  };
}

/** The change of one field alone, from one JSON text to another. */
export function fieldChange(name: string, from: Expression, to: Expression): SQL {
  return sql`json_object(${name}, json_object('from', json(${from}), 'to', json(${to})))`;
}

function selectEntries({ action, model, id }: AuditDraft, now: string, changes: Expression): SQL {
  const { table, projectIds = sql`'[]'` } = model;
  return sql`SELECT * FROM (
    SELECT ${now}, (SELECT id FROM caller), ${action}, ${model.name}, ${model.id},
      ${projectIds}, ${changes}
    FROM ${table} WHERE ${model.id} IN ${typeof id === "string" ? sql`(${id})` : id}
    ORDER BY ${model.id})`;
}

/** How many queries D1 unites. */
const MAX_UNITED = 5;

const ENTRY_COLUMNS = columnNames([
  history.dateTime,
  history.userId,
  history.action,
  history.model,
  history.recordId,
  history.projects,
  history.changes,
]);

/** As few statements as D1 allows: each costs more than what it writes. */
function insertEntries(queries: readonly SQL[], caller: Caller): readonly SQL[] {
  if (queries.length === 0) return [];
  const first = sql.join(queries.slice(0, MAX_UNITED), sql` UNION ALL `);
  return [
    sql`WITH ${callerTable(caller)}
      INSERT INTO ${history} (${ENTRY_COLUMNS}) ${first}`,
    ...insertEntries(queries.slice(MAX_UNITED), caller),
  ];
}

const isLast = sql`${history.id} = (SELECT max(${history.id}) FROM ${history})`;

/** Leaves of the last entry, which holds the old state, the fields that are not what they were. */
function reduceToChanges(model: ReadModel): SQL {
  // The last entry is this draft's: batches do not run side by side, and a guard has found the record.
  return sql`UPDATE ${history} SET ${bareName(history.changes)} = (
      WITH state AS MATERIALIZED (
        SELECT ${history.changes} AS old, ${stateOf(model)} AS new
        FROM ${model.table} WHERE ${model.id} = ${history.recordId})
      SELECT json_group_object(key, json_object('from', json(old -> key), 'to', json(new -> key)))
      FROM state, json_each(new) WHERE old -> key IS NOT new -> key)
    WHERE ${isLast}`;
}

/** What was written and is as it was is no news. */
function dropIfUnchanged(): SQL {
  return sql`DELETE FROM ${history} WHERE ${isLast} AND ${history.changes} = '{}'`;
}

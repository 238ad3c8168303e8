import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable, OPERATOR } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { bareName, columnNames } from "../db/names.ts";
import { history } from "../db/schema/history.ts";
import { appearanceJson, disappearanceJson, objectJson } from "../query/object.ts";
import type { Selection } from "../query/parse.ts";
import type { ReadModel } from "../query/read-model.ts";

/** An audit entry that a write will insert: the action and the record. */
export type AuditDraft = OfRecord & (WithState | WithChanges);

interface OfRecord {
  /** The id of the user who does it, when that is not the caller: somebody who is signing in. */
  readonly by?: Expression;
  /**
   * The record's id, or a query in parentheses that finds it before the write. The query may find many
   * records, except for a change without `changes`.
   */
  readonly id: string | SQL;
}

/** An entry of the fields of the record, which are read before or after the write. */
interface WithState {
  readonly action: "create" | "change" | "delete";
  readonly model: ReadModel;
  readonly changes?: never;
}

/** An entry of changed fields that are known before the write (see `fieldChange`). */
interface WithChanges {
  readonly action: "change";
  readonly model: Recorded;
  readonly changes: Expression;
}

/** The part of a model that names its records in the history. */
type Recorded = Pick<ReadModel, "name" | "table" | "id" | "projectIds">;

/** The audit entries for the records that are deleted with another one: those that meet a condition. */
export const deletionOf = (model: ReadModel, condition: SQL): AuditDraft => ({
  action: "delete",
  model,
  id: sql`(SELECT ${model.id} FROM ${model.table} WHERE ${condition})`,
});

/** The fields of the record itself, without lists of other records, which have their own history. */
function ownFields(model: ReadModel): Selection {
  const others = Object.entries(model.fields).filter(([, field]) => field.hasOwnHistory);
  return { include: [], exclude: others.map(([name]) => name) };
}

/** A record as it is at this point of the batch, with the rights of the operator. */
function stateOf(model: ReadModel): SQL {
  return objectJson(model, OPERATOR, ownFields(model));
}

/**
 * The statements that insert the audit entries, before and after the statements of the write. The entry of a
 * created record is inserted after the write, and that of a deleted record before it. For a change, the old
 * state is inserted before the write and reduced to the changed fields after it. A write has at most one such
 * draft, because its entry must be the last one until it is reduced.
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
    const entries = (changes: Expression) => selectEntries(draft, now, changes);
    if (draft.changes !== undefined) {
      before.push(entries(draft.changes));
    } else if (draft.action === "create") {
      after.push(entries(appearanceJson(draft.model, OPERATOR, ownFields(draft.model))));
    } else if (draft.action === "delete") {
      before.push(entries(disappearanceJson(draft.model, OPERATOR, ownFields(draft.model))));
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

/** The change of a single field, from one JSON text to another. */
export function fieldChange(name: string, from: Expression, to: Expression): SQL {
  return sql`json_object(${name}, json_object('from', json(${from}), 'to', json(${to})))`;
}

function selectEntries(draft: AuditDraft, now: string, changes: Expression): SQL {
  const { action, model, id, by = sql`(SELECT id FROM caller)` } = draft;
  const { table, projectIds = sql`'[]'` } = model;
  return sql`SELECT * FROM (
    SELECT ${now}, ${by}, ${action}, ${model.name}, ${model.id},
      ${projectIds}, ${changes}
    FROM ${table} WHERE ${model.id} IN ${typeof id === "string" ? sql`(${id})` : id}
    ORDER BY ${model.id})`;
}

/** How many queries D1 allows in one UNION. */
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

/** Inserts with as few statements as D1 allows: a statement costs more than the rows that it writes. */
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

/** Reduces the last entry, which contains the old state, to the fields that changed. */
function reduceToChanges(model: ReadModel): SQL {
  // The last entry belongs to this draft: D1 runs batches one after the other, and a guard has checked that
  // the record exists.
  return sql`UPDATE ${history} SET ${bareName(history.changes)} = (
      WITH state AS MATERIALIZED (
        SELECT ${history.changes} AS old, ${stateOf(model)} AS new
        FROM ${model.table} WHERE ${model.id} = ${history.recordId})
      SELECT json_group_object(key, json_object('from', json(old -> key), 'to', json(new -> key)))
      FROM state, json_each(new) WHERE old -> key IS NOT new -> key)
    WHERE ${isLast}`;
}

/** A write that changes nothing leaves no audit entry. */
function dropIfUnchanged(): SQL {
  return sql`DELETE FROM ${history} WHERE ${isLast} AND ${history.changes} = '{}'`;
}

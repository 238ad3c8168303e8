import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable } from "../db/access.ts";
import { filterConditions, rowIsSeen } from "../query/conditions.ts";
import { MIN_WORD, NO_QUERY } from "../query/parse.ts";
import { ownField, type ReadModel } from "../query/read-model.ts";
import { findRows } from "../query/rows.ts";
import { foldCase } from "../values/fold.ts";
import type { Field } from "./field.ts";

// Records by the names that people know them by: what pages and forms show in place of ids.

/** How many records a form offers at once. */
export const MAX_OFFERED = 20;

/** How many records get a name on one page, for each field. */
export const MAX_NAMED = 200;

/** How many records at each end of a long list a form shows, with their names. */
export const AT_EACH_END = 50;

const NAMES = ["name", "email", "type"];

/** The field by which people know a record; undefined for a record that has only an id. */
export function nameFieldOf(model: ReadModel): string | undefined {
  return NAMES.find((name) => ownField(model, name) !== undefined);
}

function nameOf(model: ReadModel, caller: Caller): SQL {
  const name = ownField(model, nameFieldOf(model) ?? "id")?.json?.(caller) ?? model.id;
  return sql`((${name}) ->> '$')`;
}

/** Whether the caller may see a row of the model's table. */
const isSeen = (model: ReadModel, caller: Caller) =>
  model.scope === undefined
    ? (model.visible?.(caller) ?? sql`true`)
    : rowIsSeen(model, model.scope, caller, []);

/** The ids that a field of one record names, as JSON text: an expression for `namesOf`. */
export function idsIn(model: ReadModel, field: string, caller: Caller, id: string): SQL {
  return sql`(SELECT ${ownField(model, field)?.json?.(caller) ?? sql`'[]'`}
    FROM ${model.table} WHERE ${model.id} = ${id})`;
}

/**
 * The names of records, as rows of `id` and `name`. The name is null for a record that the caller may not read.
 *
 * @param ids one id or a list of ids, as JSON text
 * @param which of a long list the first ones, or those at both ends
 */
export function namesOf(
  model: ReadModel,
  caller: Caller,
  ids: SQL | string,
  which: "first" | "ends" = "first",
): SQL {
  // A single id has no place in a list.
  const place = sql`coalesce(named.key, 0)`;
  const isNamed =
    which === "first"
      ? sql`${place} < ${MAX_NAMED}`
      : sql`${place} < ${AT_EACH_END} OR ${place} >= json_array_length(asked.list) - ${AT_EACH_END}`;
  return sql`WITH ${callerTable(caller)}, asked AS MATERIALIZED (SELECT ${ids} AS list)
    SELECT named.value AS id,
      (SELECT CASE WHEN ${model.readable(caller)} THEN ${nameOf(model, caller)} END
        FROM ${model.table} WHERE ${model.id} = named.value) AS name
    FROM asked CROSS JOIN json_each(asked.list) AS named WHERE ${isNamed}`;
}

/** What a form offers for a field that names other records. */
export interface Offer {
  /** A part of the name, in any case; empty for all names. */
  readonly search: string;
  /** The id of the session whose records are offered, as an expression; absent for all that the caller may use. */
  readonly session?: SQL | string;
  /** How many are offered; `MAX_OFFERED` when absent. */
  readonly limit?: number;
}

/**
 * The records that the caller may name in another record, by name, as rows of `id` and `name`: one more than
 * the limit when there are more.
 */
export function offeredRecords(
  model: ReadModel,
  caller: Caller,
  { search, session, limit = MAX_OFFERED }: Offer,
): SQL {
  if (search !== "" && model.search?.index !== undefined) {
    return foundRecords(model, caller, search, limit);
  }
  const name = nameFieldOf(model);
  const filters =
    search === "" || name === undefined
      ? []
      : [{ path: name, operator: "icontains", negated: false, values: [search] }];
  const ofSession = ownField(model, "session")?.filters?.[""];
  const conditions = [
    isSeen(model, caller),
    ...filterConditions(model, caller, filters),
    model.usable?.(caller) ?? sql`true`,
    session === undefined || ofSession === undefined
      ? sql`true`
      : ofSession.where((target) => sql`${target.column} = ${session}`, caller, model.id),
  ];
  // A model with scopes can have very many records. Only those of one session are sorted.
  const order =
    model.scope === undefined || session !== undefined
      ? sql`ORDER BY ${sql.join([...model.defaultOrder], sql`, `)}`
      : sql``;
  return sql`WITH ${callerTable(caller)} SELECT ${model.id} AS id, ${nameOf(model, caller)} AS name
    FROM ${model.table} WHERE ${sql.join(conditions, sql` AND `)} ${order} LIMIT ${limit + 1}`;
}

/** The records that a search finds, the best match first. Words that are too short to be found find nothing. */
function foundRecords(model: ReadModel, caller: Caller, search: string, limit: number): SQL {
  const words = foldCase(search)
    .split(/\s+/)
    .filter((word) => [...word].length >= MIN_WORD);
  if (words.length === 0) return sql`SELECT NULL AS id, NULL AS name WHERE 0`;
  const { tables } = findRows(model, caller, { ...NO_QUERY, words, limit });
  return sql`WITH ${callerTable(caller)}, ${tables}
    SELECT ${model.id} AS id, ${nameOf(model, caller)} AS name
    FROM page CROSS JOIN json_each(page.list) AS found
    CROSS JOIN ${model.table} ON ${model.table}.rowid = found.value
    WHERE ${model.usable?.(caller) ?? sql`true`} ORDER BY found.key`;
}

/** How many tags a form proposes at once. */
const MAX_PROPOSED = 12;

/**
 * The tags of records that the caller may see and in which a text occurs in any case, as rows of `value`: those
 * that begin with it first.
 */
export function proposedTags(
  model: ReadModel,
  { vocabulary }: Pick<Field, "vocabulary">,
  caller: Caller,
  part: string,
): SQL {
  const found = vocabulary?.(part);
  if (found === undefined) return sql`SELECT NULL AS value WHERE 0`;
  return sql`WITH ${callerTable(caller)} SELECT value FROM (${found.values}) AS proposed
    WHERE EXISTS (SELECT 1 FROM (${found.records(sql`proposed.value`)}) AS having_it
      JOIN ${model.table} ON ${model.id} = having_it.id WHERE ${isSeen(model, caller)})
    ORDER BY rank, value LIMIT ${MAX_PROPOSED}`;
}

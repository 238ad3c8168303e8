import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import type { Caller } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { IDS_SCHEMA, jsonList, onIndexedColumn, quoteId, referenceField } from "../query/field.ts";
import type { Target } from "../query/operators.ts";
import type { Filter, Field as ReadField } from "../query/read-model.ts";
import { writeJson } from "../values/json.ts";
import type { About, WritableField, Target as Written } from "./field.ts";
import type { Precondition, RecordTable } from "./precondition.ts";
import { one, type Related } from "./relations.ts";
import { orNull, someUuids, uuid, uuids } from "./schemas.ts";

// Records that another record names without belonging to them: the animals of a behavior, the setup of it, the
// equipment of a recording. Whoever writes the record must be able to read what it newly names. Ids that the record
// has already stay, also those of nothing here: they were stored before the service had these models, or what
// they name was deleted since.

/** What a mention refers to: the model, and the name by which queries can filter. */
interface Mentioned {
  readonly model: () => Related;
  readonly table: RecordTable;
  readonly name?: Target;
}

/** The id of one record. */
export function mention(
  column: SQLiteColumn,
  { help, label, ...to }: Mentioned & About,
): WritableField<string> {
  return {
    ...mentionOf(column, to),
    ...words({ help, label }),
    write: writingOne(column, to, uuid),
  };
}

/** As `mention`, or null. */
export function mentionOrNull(
  column: SQLiteColumn,
  { help, label, ...to }: Mentioned & About,
): WritableField<string | null> {
  const field = mentionOf(column, to);
  const schema = { anyOf: [field.schema, { type: "null" }] };
  const write = writingOne(column, to, z._default(orNull(uuid), null));
  return {
    ...field,
    schema,
    json: () => sql`coalesce(${quoteId(column)}, 'null')`,
    ...words({ help, label }),
    write,
  };
}

const words = ({ help, label }: { help: string; label: string | undefined }) => ({
  help,
  ...(label !== undefined && { label }),
  input: "reference" as const,
});

function mentionOf(column: SQLiteColumn, to: Mentioned) {
  const { model, table, name } = to;
  const { id } = column.table as RecordTable;
  const onId = onIndexedColumn("id", { column }, id);
  return {
    ...referenceField(column),
    refersTo: table,
    include: one(column, model),
    filters: { "": onId, id: onId, ...(name && { name: onName(column, to, name, id) }) },
  } satisfies ReadField & { refersTo: SQLiteTable };
}

function onName(column: SQLiteColumn, to: Mentioned, name: Target, id: SQLiteColumn): Filter {
  const passes = namePasses(to, name);
  return {
    type: "text",
    related: true,
    cost: 1,
    where: (test, caller) => passes(column, test, caller),
    candidates: (test, caller) => sql`SELECT ${id} FROM ${column.table}
      WHERE ${passes(column, test, caller)}`,
  };
}

/**
 * The ids of the records that pass a test and that the caller may read: the right side of an `IN`. It does not
 * depend on the row that names them, so that SQLite finds them once for a statement.
 */
function readableWith(
  { model, table }: Pick<Mentioned, "model" | "table">,
  test: SQL,
  caller: Caller,
): SQL {
  return sql`(SELECT ${table.id} FROM ${table} WHERE ${test} AND ${model().readable(caller)})`;
}

function writingOne<Value extends string | null>(
  column: SQLiteColumn,
  to: Mentioned,
  schema: z.core.$ZodType<Value>,
): WritableField<Value>["write"] {
  const { id } = column.table as RecordTable;
  return {
    schema,
    preconditions: (value, target, name) =>
      value === null
        ? []
        : namesReadable(
            to,
            name,
            [value],
            target,
            sql`SELECT ${column} AS value FROM ${column.table}
            WHERE ${id} = ${target.id}`,
          ),
    cells: (value) => [[column, value]],
  };
}

/** A table that finds the records by what they name (`mentionTable` in `db/schema`). */
export type MentionTable = SQLiteTable & Readonly<Record<"recordId" | "mentionedId", SQLiteColumn>>;

/** Whether an id that a record names passes the test of a filter. */
export type NamedTest = (id: Expression, test: (target: Target) => SQL, caller: Caller) => SQL;

/** A filter by the id itself. */
export const idPasses: NamedTest = (id, test) => test({ column: id });

/** A filter by the name of what the id names. It looks at records that the caller may read alone. */
export function namePasses(to: Pick<Mentioned, "model" | "table">, name: Target): NamedTest {
  return (id, test, caller) => sql`${id} IN ${readableWith(to, test(name), caller)}`;
}

/** The ids of several records in their order, as a JSON list in one column. */
export function mentions(
  column: SQLiteColumn,
  index: MentionTable,
  { isRequired, help, label, ...to }: Mentioned & About & { readonly isRequired?: true },
): WritableField<string[]> {
  const { model, name } = to;
  const { id } = column.table as RecordTable;
  // The sign keeps SQLite from a look at each of the records that pass the test for each row.
  const filterOn = (type: Filter["type"], passes: NamedTest): Filter => ({
    type,
    related: true,
    cost: 3,
    where: (test, caller) => sql`EXISTS (SELECT 1 FROM ${index}
      WHERE ${index.recordId} = ${id} AND ${passes(sql`+${index.mentionedId}`, test, caller)})`,
    candidates: (test, caller) => sql`SELECT ${index.recordId} FROM ${index}
      WHERE ${passes(index.mentionedId, test, caller)}`,
  });
  const onId = filterOn("id", idPasses);
  return {
    help,
    ...(label !== undefined && { label }),
    input: "references",
    schema: IDS_SCHEMA,
    json: () => column,
    filters: { "": onId, id: onId, ...(name && { name: filterOn("text", namePasses(to, name)) }) },
    include: {
      model,
      list: (each) =>
        jsonList(
          sql`CASE WHEN ${model().id} IS NULL THEN '{"id":' || ${quoteId(sql`named.value`)} || '}'
            ELSE ${each} END`,
          sql`named.key`,
          sql`json_each(${column}) AS named
            LEFT JOIN ${model().table} ON ${model().id} = named.value`,
        ),
    },
    write: {
      schema: isRequired ? someUuids() : z._default(uuids(), []),
      preconditions: (ids, target, field) =>
        ids.length === 0
          ? []
          : namesReadable(
              to,
              field,
              ids,
              target,
              sql`SELECT kept.value AS value
              FROM ${column.table} CROSS JOIN json_each(${column}) AS kept WHERE ${id} = ${target.id}`,
            ),
      cells: (ids) => [[column, writeJson(ids)]],
    },
  };
}

/** The ids that a record newly names exist, and the caller may read the records. */
function namesReadable(
  { model, table }: Mentioned,
  field: string,
  ids: readonly string[],
  { isNew }: Written,
  stored: SQL,
): readonly Precondition[] {
  const isKept = isNew ? sql`0` : sql`(value IN (${stored}))`;
  const named = sql`FROM json_each(${JSON.stringify(ids)}) WHERE ${isKept} IS NOT TRUE`;
  return [
    () => sql`SELECT json_object('kind', 'missing', 'field', ${field}, 'id', value) AS violation ${named}
      AND NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table.id} = value)`,
    (caller) => sql`SELECT json_object('kind', 'denied', 'permission', ${model().viewPermission},
        'id', value, 'model', ${model().title}) AS violation ${named}
      AND EXISTS (SELECT 1 FROM ${table} WHERE ${table.id} = value AND NOT ${model().readable(caller)})`,
  ];
}

import { type SQL, sql } from "drizzle-orm";
import { getTableConfig, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import type { Expression } from "../db/expression.ts";
import { columnNames } from "../db/names.ts";
import { sessions } from "../db/schema/sessions.ts";
import {
  IDS_SCHEMA,
  indexedReferenceField,
  jsonList,
  jsonValues,
  quoteId,
  TAGS_SCHEMA,
} from "../query/field.ts";
import type { Target } from "../query/operators.ts";
import type { Filter, Inclusion, Field as ReadField, ReadModel } from "../query/read-model.ts";
import { foldCase } from "../values/fold.ts";
import type { About, Field, WritableField } from "./field.ts";
import { readOnly } from "./fields.ts";
import type { Belonging } from "./in-parent.ts";
import { orderInSession, type RecordsOfSession, toSession } from "./in-session.ts";
import { idsExist, type RecordTable } from "./precondition.ts";
import { projectSetIn } from "./project-set.ts";
import { tags as tagsValue, uuid, uuids } from "./schemas.ts";

// The kinds of fields whose value is in other tables or refers to them.

/**
 * The target of a reference: the table of the records, the name by which queries can filter, and the model for
 * `include[]`.
 */
interface Referenced {
  readonly table: RecordTable;
  readonly name?: Target & { readonly column: SQLiteColumn };
  readonly model?: () => Related;
}

/** The id of one other record, which must exist at the time of the write. */
export function reference(
  column: SQLiteColumn,
  { help, label, ...to }: Referenced & About,
): WritableField<string> {
  return {
    ...referenceTo(column, to),
    help,
    ...(label && { label }),
    input: "reference",
    refersTo: to.table,
    write: {
      schema: uuid,
      preconditions: (id, _target, name) => [idsExist(name, to.table, [id])],
      cells: (id) => [[column, id]],
    },
  };
}

/**
 * The session, the subject or the procedure that a record belongs to. A caller who sees the record also sees that,
 * and may filter by its name. The access `throughParent` checks that it exists.
 */
export function parentReference(
  { table, name: field, parentId, parent }: Belonging,
  to: Pick<Referenced, "name" | "model"> = {},
): WritableField<string> {
  return {
    ...referenceTo(parentId, { ...to, table: parent }),
    help: `The ${field} that the record belongs to; it cannot be changed later.`,
    input: "reference",
    refersTo: parent,
    write: {
      schema: uuid,
      cells: (id) => [
        [parentId, id],
        [table.projectSetId, projectSetIn(parent, sql`${id}`)],
      ],
    },
  };
}

/** The session that a record belongs to. */
export const sessionReference = (table: Parameters<typeof toSession>[0]): WritableField<string> =>
  parentReference(toSession(table), {
    name: { column: sessions.name, folded: sessions.nameFolded },
  });

/** The table of a reference has an index on it, in which deletions look it up. */
function referenceTo(column: SQLiteColumn, { table, name, model }: Referenced): ReadField {
  const { id } = column.table as RecordTable;
  const field = {
    ...indexedReferenceField(column, id),
    ...(model && { include: one(column, model) }),
  };
  if (name === undefined) return field;
  const onName: Filter = {
    type: "text",
    cost: 1,
    where: (test) => sql`EXISTS (SELECT 1 FROM ${table}
      WHERE ${table.id} = ${column} AND ${test(name)})`,
    candidates: (test) => sql`SELECT ${id} FROM ${column.table}
      WHERE ${column} IN (SELECT ${table.id} FROM ${table} WHERE ${test(name)})`,
  };
  return {
    ...field,
    filters: { ...field.filters, name: onName },
    named: namedRecord(column, table, name.column),
  };
}

/** The include of a reference: the record, or its id alone where there is no such record here. */
export const one = (column: SQLiteColumn, model: () => Related): Inclusion => ({
  model,
  isOne: true,
  list: (each) => sql`CASE WHEN ${column} IS NULL THEN 'null' ELSE coalesce(
    (SELECT ${each} FROM ${model().table} WHERE ${model().id} = ${column}),
    '{"id":' || ${quoteId(column)} || '}') END`,
});

/** The id and the name of a record that whoever sees the reference may see too. */
export const namedRecord = (id: SQLiteColumn, table: RecordTable, name: SQLiteColumn): SQL =>
  sql`json_object('id', ${id}, 'name',
    (SELECT ${name} FROM ${table} WHERE ${table.id} = ${id}))`;

/** A table that links records to records of another model, in an order. */
export interface LinkTable {
  readonly table: SQLiteTable & Record<"position", SQLiteColumn>;
  /** The columns that refer to the record with the field, and to the related record. */
  readonly recordId: SQLiteColumn;
  readonly relatedId: SQLiteColumn;
  /** The record's own id. */
  readonly id: SQLiteColumn;
}

interface ManyToManyOptions {
  /**
   * Set when the model itself checks which records may be named. Otherwise every existing record may be
   * named.
   */
  readonly isCheckedByModel?: true;
  /** The most records that may be named. */
  readonly max?: number;
  /** Set for a list that can be long (see `Field.omittedWhenIncluded`). */
  readonly omittedWhenIncluded?: true;
  /**
   * About how many rows a whole related record reads, for a list that can be long. The table then has an index on
   * the record and the position.
   */
  readonly readForEach?: number;
}

/** Records of another model that a record refers to, in the order in which the client sent them. */
export function manyToMany(
  { table, recordId, relatedId, id }: LinkTable,
  model: () => Related,
  { isCheckedByModel, max, readForEach, ...rest }: ManyToManyOptions & About,
): WritableField<string[]> {
  const ofRecord = sql`${recordId} = ${id}`;
  // Positions begin at 0, and a record that is deleted leaves its own unused: the last one tells how many there are.
  const cost =
    readForEach &&
    sql`coalesce((SELECT max(${table.position}) + 1 FROM ${table} WHERE ${ofRecord}), 0)
      * ${sql.raw(String(readForEach))}`;
  const onId: Filter = {
    type: "id",
    related: true,
    cost: 2,
    where: (test) => sql`EXISTS (SELECT 1 FROM ${table}
      WHERE ${ofRecord} AND ${test({ column: relatedId })})`,
    candidates: (test) => sql`SELECT ${recordId} FROM ${table}
      WHERE ${test({ column: relatedId })}`,
  };
  return {
    ...rest,
    input: "references",
    schema: IDS_SCHEMA,
    json: () => jsonValues(relatedId, table.position, sql`${table} WHERE ${ofRecord}`),
    filters: { "": onId, id: onId },
    include: {
      model,
      list: (each) =>
        jsonList(
          each,
          table.position,
          sql`${table} JOIN ${model().table} ON ${model().id} = ${relatedId} WHERE ${ofRecord}`,
        ),
      ...(cost && { cost }),
    },
    write: {
      schema: z._default(uuids(max), []),
      preconditions: (ids, _target, name) =>
        isCheckedByModel || ids.length === 0 ? [] : [idsExist(name, model().table, ids)],
      after: (ids, { id: record, isNew }) => [
        ...(isNew ? [] : [sql`DELETE FROM ${table} WHERE ${recordId} = ${record}`]),
        ...(ids.length === 0
          ? []
          : [
              sql`INSERT INTO ${table} (${columnNames([recordId, relatedId, table.position])})
                SELECT ${record}, value, key FROM json_each(${JSON.stringify(ids)})`,
            ]),
      ],
    },
  };
}

/** The part of a model that a relation to it needs. */
export type Related = ReadModel & { readonly table: RecordTable };

/** The records of one model that belong to a session, in their order. */
export const recordsOfSession = (
  table: RecordsOfSession,
  model: () => ReadModel,
  about: About,
): Field => recordsOf(toSession(table), orderInSession(table), model, about);

/** The records of one model that belong to a record, in this order. They have their own writes. */
export function recordsOf(
  { table, parentId, parent }: Belonging,
  place: readonly Expression[],
  model: () => ReadModel,
  about: About,
): Field {
  const order = sql.join([...place], sql`, `);
  const ofParent = sql`${table} WHERE ${parentId} = ${parent.id}`;
  const onId: Filter = {
    type: "id",
    related: true,
    cost: 2,
    where: (test) => sql`EXISTS (SELECT 1 FROM ${ofParent} AND ${test({ column: table.id })})`,
    candidates: (test) => sql`SELECT ${parentId} FROM ${table}
      WHERE ${test({ column: table.id })}`,
  };
  return readOnly(
    {
      schema: IDS_SCHEMA,
      json: () => jsonValues(table.id, order, ofParent),
      filters: { "": onId, id: onId },
      include: { model, list: (each) => jsonList(each, order, ofParent) },
      hasOwnHistory: true,
    },
    about,
  );
}

/**
 * How much is looked at to propose tags: different tags of an index, or rows of a table without one; of these as
 * many matching ones as are worth a closer look, and of each as many records.
 */
const LOOKED_AT = { tags: 2_000, rows: 5_000, matching: 40, records: 50 } as const;

/** A table of tags: one row for each tag of a record, in their order. */
export interface TagTable {
  readonly table: SQLiteTable & Record<"tag" | "tagFolded" | "position", SQLiteColumn>;
  /** The column that refers to the record, and the record's own id. */
  readonly recordId: SQLiteColumn;
  readonly id: SQLiteColumn;
}

/** Labels in their order. */
export function tags({ table, recordId, id }: TagTable): WritableField<string[]> {
  const target = { column: table.tag, folded: table.tagFolded };
  return {
    help: "Labels by which to find the record, such as pilot or CA1: at most 100, each of at most 100 characters.",
    input: "tags",
    vocabulary: (part) => ({
      values: tagsWith(table, part),
      records: (tag) => sql`SELECT ${recordId} AS id FROM ${table}
        WHERE ${table.tag} = ${tag} LIMIT ${LOOKED_AT.records}`,
    }),
    schema: TAGS_SCHEMA,
    json: () => jsonValues(table.tag, table.position, sql`${table} WHERE ${recordId} = ${id}`),
    filters: {
      "": {
        type: "text",
        related: true,
        cost: 2,
        where: (test) => sql`EXISTS (SELECT 1 FROM ${table}
          WHERE ${recordId} = ${id} AND ${test(target)})`,
        candidates: (test) => sql`SELECT ${recordId} FROM ${table} WHERE ${test(target)}`,
      },
    },
    write: {
      schema: z._default(tagsValue, []),
      after: (value, { id: record, isNew }) => [
        ...(isNew ? [] : [sql`DELETE FROM ${table} WHERE ${recordId} = ${record}`]),
        ...(value.length === 0 ? [] : [insertTags(table, recordId, record, value)]),
      ],
    },
  };
}

/**
 * The tags in which a text occurs in any case, those that begin with it first: rows of `value` and `rank`. An index
 * on the tags is read from one tag to the next, past all records with the same.
 */
function tagsWith(table: TagTable["table"], part: string): SQL {
  const { indexes } = getTableConfig(table);
  const isIndexed = indexes.some(({ config: { columns } }) => columns[0] === table.tag);
  const folded = foldCase(part);
  const different = isIndexed
    ? sql`WITH RECURSIVE each_tag(tag) AS (SELECT min(${table.tag}) FROM ${table}
        UNION ALL SELECT (SELECT min(${table.tag}) FROM ${table} WHERE ${table.tag} > each_tag.tag)
        FROM each_tag WHERE each_tag.tag IS NOT NULL LIMIT ${LOOKED_AT.tags})
      SELECT tag, (SELECT ${table.tagFolded} FROM ${table} WHERE ${table.tag} = each_tag.tag) AS folded
        FROM each_tag WHERE tag IS NOT NULL`
    : sql`SELECT DISTINCT tag, folded FROM (SELECT ${table.tag} AS tag, ${table.tagFolded} AS folded
        FROM ${table} LIMIT ${LOOKED_AT.rows})`;
  return sql`SELECT tag AS value, instr(folded, ${folded}) > 1 AS rank FROM (${different})
    WHERE ${folded} = '' OR instr(folded, ${folded}) > 0
    ORDER BY rank, value LIMIT ${LOOKED_AT.matching}`;
}

function insertTags(
  table: TagTable["table"],
  recordId: SQLiteColumn,
  record: string,
  tags: readonly string[],
): SQL {
  const rows = JSON.stringify(tags.map((tag) => [tag, foldCase(tag)]));
  const columns = columnNames([recordId, table.tag, table.tagFolded, table.position]);
  return sql`INSERT INTO ${table} (${columns})
    SELECT ${record}, value ->> 0, value ->> 1, key FROM json_each(${rows})`;
}

import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import { columnNames } from "../db/names.ts";
import { sessions } from "../db/schema/sessions.ts";
import { foldCase } from "../domain/fold.ts";
import { IDS_SCHEMA, jsonList, jsonValues, referenceField, TAGS_SCHEMA } from "../query/field.ts";
import type { Filter, Resource } from "../query/resource.ts";
import type { Field, WritableField } from "./field.ts";
import { placeInSession, type RecordsOfSession } from "./in-session.ts";
import { tags as tagsValue, uuid } from "./values.ts";

// The kinds of fields whose value lies in other tables, or leads to them.

/** The session of a record. Whoever sees the record sees the session, and may ask for its name. */
export function sessionReference(sessionId: SQLiteColumn): WritableField<string> {
  const reference = referenceField(sessionId);
  const name = { column: sessions.name, folded: sessions.nameFolded };
  return {
    ...reference,
    filters: {
      ...reference.filters,
      name: {
        type: "text",
        where: (test) => sql`EXISTS (SELECT 1 FROM ${sessions}
          WHERE ${sessions.id} = ${sessionId} AND ${test(name)})`,
      },
    },
    write: { schema: uuid, cells: (value) => [[sessionId, value]] },
  };
}

/** The records of one model that belong to a session, in their order; they are written by themselves. */
export function recordsOfSession(table: RecordsOfSession, model: () => Resource): Field {
  const order = sql.join([...placeInSession(table)], sql`, `);
  const ofSession = sql`${table} WHERE ${table.sessionId} = ${sessions.id}`;
  const onId: Filter = {
    type: "id",
    related: true,
    where: (test) => sql`${sessions.id} IN (SELECT ${table.sessionId} FROM ${table}
      WHERE ${test({ column: table.id })})`,
  };
  return {
    schema: IDS_SCHEMA,
    json: () => jsonValues(table.id, order, ofSession),
    filters: { "": onId, id: onId },
    include: { resource: model, list: (each) => jsonList(each, order, ofSession) },
    hasOwnHistory: true,
  };
}

/** A table of tags: one row for each tag of a record, in their order. */
export interface TagTable {
  readonly table: SQLiteTable & Record<"tag" | "tagFolded" | "position", SQLiteColumn>;
  /** The column that leads to the record, and the record's own id. */
  readonly recordId: SQLiteColumn;
  readonly id: SQLiteColumn;
}

/** Labels in their order. */
export function tags({ table, recordId, id }: TagTable): WritableField<string[]> {
  const target = { column: table.tag, folded: table.tagFolded };
  return {
    schema: TAGS_SCHEMA,
    json: () => jsonValues(table.tag, table.position, sql`${table} WHERE ${recordId} = ${id}`),
    filters: {
      "": {
        type: "text",
        related: true,
        where: (test) => sql`${id} IN (SELECT ${recordId} FROM ${table} WHERE ${test(target)})`,
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

import { type SQL, sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";

/** A UUID in its 36-character lower-case form. */
export const id = () => text("id").primaryKey();

/**
 * An instant in UTC as `YYYY-MM-DDThh:mm:ss[.ffffff]`, with microseconds only when they are not zero. Without
 * the closing `Z` the text order is the order in time, so an index on the column serves ranges and sorts.
 */
export const instant = (name: string) => text(name);

const now = sql`(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000')`;

/** A day of the calendar as `YYYY-MM-DD`. Its text order is the order in time. */
export const day = (name: string) => text(name);

export const createdDate = () => instant("created_date").notNull().default(now);
export const updatedDate = () => instant("updated_date").notNull().default(now);

export const flag = (name: string) => integer(name, { mode: "boolean" }).notNull().default(false);

export const checkUuid = (name: string, column: AnySQLiteColumn) =>
  check(name, sql`length(${column}) = 36 AND ${column} = lower(${column})`);

export const checkFlag = (name: string, column: AnySQLiteColumn) =>
  check(name, sql`${column} IN (0, 1)`);

export const checkLength = (name: string, column: AnySQLiteColumn, least: number, most: number) =>
  check(name, sql`length(${column}) BETWEEN ${sql.raw(`${least} AND ${most}`)}`);

/** The column contains a JSON object, a JSON list, or one of both when no type is given. */
export const checkJson = (name: string, column: AnySQLiteColumn, type?: "object" | "array") =>
  check(
    name,
    sql`json_valid(${column}) AND json_type(${column}) ${sql.raw(type === undefined ? "IN ('object', 'array')" : `= '${type}'`)}`,
  );

/** The number of rows of another table that belong to a row; triggers keep it. */
export const rowCount = (name: string) => integer(name).notNull().default(0);

/** The four permission levels of `values/permission.ts`, lowest first. */
export const level = () => integer("level").notNull();

export const checkLevel = (name: string, column: AnySQLiteColumn, levels: SQL) =>
  check(name, sql`${column} IN (${levels})`);

/**
 * The indexes for a sort by `key`; the id breaks ties, in the direction of the sort. The first one serves a
 * caller who sees few of the rows, the second one a caller who sees many.
 */
export const sortIndexes = (
  table: string,
  scope: AnySQLiteColumn,
  key: AnySQLiteColumn,
  id: AnySQLiteColumn,
) => [
  index(`${table}_project_set_${key.name}`).on(scope, key, id),
  index(`${table}_${key.name}`).on(key, id),
];

type Sorted = Readonly<Record<"id" | "createdDate" | "updatedDate", AnySQLiteColumn>>;

/**
 * The indexes for the lists of records that belong to one other record, such as the collections of a project:
 * for each order, one over the records of a parent and one over all.
 */
export const parentIndexes = (name: string, parent: AnySQLiteColumn, table: Sorted) => [
  index(`${name}_parent_id`).on(parent, table.id),
  index(`${name}_parent_created_date`).on(parent, table.createdDate, table.id),
  index(`${name}_created_date`).on(table.createdDate, table.id),
  index(`${name}_parent_updated_date`).on(parent, table.updatedDate, table.id),
  index(`${name}_updated_date`).on(table.updatedDate, table.id),
];

/**
 * The tags of the records of one model: one row for each tag of a record, in their order.
 *
 * @param record the name of the records: `subject` gives the table `subject_tags`
 */
export const tagTable = (record: string, ofRecord: () => AnySQLiteColumn) =>
  sqliteTable(
    `${record}_tags`,
    {
      recordId: text(`${record}_id`).notNull().references(ofRecord, { onDelete: "cascade" }),
      tag: text("tag").notNull(),
      tagFolded: text("tag_folded").notNull(),
      position: integer("position").notNull(),
    },
    (table) => [
      primaryKey({ columns: [table.recordId, table.tag] }),
      // Serves the filter on a tag.
      index(`${record}_tags_tag`).on(table.tag, table.recordId),
      checkLength(`${record}_tags_tag_length`, table.tag, 1, 100),
    ],
  );

/**
 * Which records name which others in a column that holds a list of ids as JSON. The list is what counts; triggers
 * keep this table beside it, so that a filter finds the records that name a given one. An id may be that of a
 * record outside this service.
 *
 * @param name the name of the table
 */
export const mentionTable = (name: string, ofRecord: () => AnySQLiteColumn) =>
  sqliteTable(
    name,
    {
      recordId: text("record_id").notNull().references(ofRecord, { onDelete: "cascade" }),
      mentionedId: text("mentioned_id").notNull(),
    },
    (table) => [
      primaryKey({ columns: [table.recordId, table.mentionedId] }),
      index(`${name}_mentioned_id`).on(table.mentionedId, table.recordId),
    ],
  );

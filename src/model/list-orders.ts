import { getTableName, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Expression } from "../db/expression.ts";
import type { OrderIndexes, Scope } from "../query/read-model.ts";
import type { InProjectSet } from "./project-set.ts";

// The orders of the lists of records with a project set. The indexes (`db/schema`) and the blocks (the migrations) of
// an order are named after its table and its key.

/** A table of such records that have the dates of their creation and of their last change. */
export type Dated = InProjectSet & Readonly<Record<"createdDate" | "updatedDate", SQLiteColumn>>;

/** The order by a column; the id breaks ties. */
export function sortedBy(table: InProjectSet, column: SQLiteColumn): OrderIndexes {
  return {
    ...indexesOf(table, column.name),
    blocks: { list: listOf(table, column.name), keys: [column, table.id], id: table.id },
  };
}

/** The order by the id alone. */
export function sortedById(table: InProjectSet): OrderIndexes {
  return {
    ofScope: `${getTableName(table)}_project_set_id`,
    ofAll: `sqlite_autoindex_${getTableName(table)}_1`,
    blocks: { list: listOf(table, "id"), keys: [table.id] },
  };
}

/** The order by the name, which is unique. */
export function sortedByName(
  table: InProjectSet & Readonly<Record<"name", SQLiteColumn>>,
): OrderIndexes {
  return {
    ofScope: `${getTableName(table)}_project_set_name`,
    ofAll: `${getTableName(table)}_name_project_set`,
    blocks: { list: listOf(table, "name"), keys: [table.name] },
  };
}

/** The orders that all these lists have. */
export function commonOrders(table: Dated): Scope["orders"] {
  return {
    id: sortedById(table),
    created_date: sortedBy(table, table.createdDate),
    updated_date: sortedBy(table, table.updatedDate),
  };
}

/** The order of records within the record that they belong to. */
export interface Place {
  readonly keys: readonly Expression[];
  /** A text of the keys that sorts as they do, as the migrations write it. */
  readonly text: SQL;
}

/** The order by the record that others belong to, and by their place within it. */
export function sortedByPlace(
  table: InProjectSet,
  parentId: SQLiteColumn,
  { keys, text }: Place,
): OrderIndexes {
  return {
    ...indexesOf(table, "place"),
    blocks: { list: listOf(table, "place"), keys: [parentId, ...keys], id: text },
  };
}

/** The records of one other record in the order of their creation. */
export const byCreation = ({ createdDate, id }: Dated): Place => ({
  keys: [createdDate, id],
  text: sql`${createdDate} || ' ' || ${id}`,
});

const indexesOf = (table: InProjectSet, key: string) => ({
  ofScope: `${getTableName(table)}_project_set_${key}`,
  ofAll: `${getTableName(table)}_${key}`,
});

const listOf = (table: InProjectSet, key: string) => `${getTableName(table)}.${key}`;

import { sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Target } from "../query/operators.ts";
import type { Filter } from "../query/read-model.ts";
import type { About, Field } from "./field.ts";
import { readOnly } from "./fields.ts";
import { namePasses } from "./mentions.ts";
import type { RecordTable } from "./precondition.ts";
import type { LinkTable, Related } from "./relations.ts";

/** Lists of records, such as collections, and where they keep what is in them. */
interface Lists {
  readonly links: Pick<LinkTable, "table" | "recordId" | "relatedId">;
  readonly table: RecordTable;
  readonly name: Target;
  readonly model: () => Related;
}

/**
 * The lists in which a record stands, for filters: the other side of `manyToMany`. No answer shows them, and a filter
 * looks only at lists that the caller may read, because a list may belong to a project that the caller does not see.
 *
 * @param id the record's own id
 */
export function listedIn(id: SQLiteColumn, lists: Lists, about: About): Field {
  const { table, recordId, relatedId } = lists.links;
  const on = (type: Filter["type"], target: Target): Filter => {
    const passes = namePasses(lists, target);
    return {
      type,
      related: true,
      cost: 2,
      where: (test, caller) => sql`EXISTS (SELECT 1 FROM ${table}
        WHERE ${relatedId} = ${id} AND ${passes(sql`+${recordId}`, test, caller)})`,
      candidates: (test, caller) => sql`SELECT ${relatedId} FROM ${table}
        WHERE ${passes(recordId, test, caller)}`,
    };
  };
  const onId = on("id", { column: lists.table.id });
  return {
    ...readOnly({ filters: { "": onId, id: onId, name: on("text", lists.name) } }, about),
    refersTo: lists.table,
  };
}

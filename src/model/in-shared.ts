import { getTableName, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { levelOn, readableIds } from "../db/access.ts";
import { SHARED_TABLES } from "../db/shared-tables.ts";
import type { OrderIndexes, Scope } from "../query/read-model.ts";
import type { SharedKind } from "../values/permission.ts";
import { type Access, type Accessed, projectIdsOf } from "./access.ts";
import { holdsOn, holdsOnAll, type Precondition, targetIsVisible } from "./precondition.ts";

/** How the records of a table belong to one record that is shared with members: to a project, a setup or an inventory. */
interface InShared<Name extends string> {
  /** The field that names the shared record. */
  readonly name: Name;
  readonly kind: SharedKind;
  /** The column of that field. */
  readonly id: SQLiteColumn;
  /** The column of the shared record that counts the records of each; triggers keep it. */
  readonly count: SQLiteColumn;
  /** The indexes of orders beside those that all these tables have (`parentIndexes` in `db/schema`). */
  readonly orders: Scope["orders"];
}

/**
 * The access through one shared record: its members read a record that belongs to it, and callers with the change
 * permission on it write the record. Moving a record to another one requires that permission on both.
 */
export function throughShared<Name extends string>({
  name,
  kind,
  id: sharedId,
  count,
  orders,
}: InShared<Name>): Access<Readonly<Record<Name, string>>> {
  const mayChange = (model: Accessed, id: string): readonly Precondition[] => [
    targetIsVisible(model, id),
    holdsOnAll(
      "change",
      kind,
      sql`SELECT ${sharedId} AS value FROM ${model.table} WHERE ${model.id} = ${id}`,
    ),
  ];
  const mayUse = (input: Partial<Readonly<Record<Name, string>>>) => {
    const used: string | undefined = input[name];
    return used === undefined ? [] : [holdsOn("change", kind, [used])];
  };
  const { table } = sharedId;
  const { records: shared } = SHARED_TABLES[kind];
  return {
    read: {
      viewPermission: `view_${kind}`,
      scope: {
        ofRow: sharedId,
        table: shared,
        ofScope: shared.id,
        count,
        visible: (caller) => sql`${shared.id} IN ${readableIds(caller, kind)}`,
        orders: {
          id: {
            ofScope: `${getTableName(table)}_parent_id`,
            ofAll: `sqlite_autoindex_${getTableName(table)}_1`,
          },
          created_date: sortedWithin(sharedId, "created_date"),
          updated_date: sortedWithin(sharedId, "updated_date"),
          ...orders,
        },
      },
      readable: (caller) => sql`${levelOn(caller, kind, sharedId)} > 0`,
      ...projectIdsOf(kind, sharedId),
    },
    create: mayUse,
    change: (model, id, input) => [...mayChange(model, id), ...mayUse(input)],
    remove: mayChange,
  };
}

/** The names of the indexes of one order, of a table whose records belong to one shared record. */
export function sortedWithin(sharedId: SQLiteColumn, key: string): OrderIndexes {
  const name = getTableName(sharedId.table);
  return { ofScope: `${name}_parent_${key}`, ofAll: `${name}_${key}` };
}

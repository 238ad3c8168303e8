import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { DEFAULT_ORDER, type Scope } from "../query/read-model.ts";
import type { Access, Accessed } from "./access.ts";
import { commonOrders, type Dated, type Place, sortedByPlace } from "./list-orders.ts";
import {
  changesProjectsOf,
  conflictWhere,
  idsExist,
  type Precondition,
  targetIsVisible,
} from "./precondition.ts";
import {
  type InProjectSet,
  projectSetIn,
  projectSetScope,
  readThroughProjectSet,
} from "./project-set.ts";

// Records that belong to one session, subject or procedure: a caller who may read it may read them, and a caller
// who may change it may write them.

/** How the records of a table belong to a parent. */
export interface Belonging<
  Name extends string = string,
  Table extends InProjectSet = InProjectSet,
> {
  readonly table: Table;
  /** The field that names the parent, and the parent's name in messages: `subject`. */
  readonly name: Name;
  /** The column of that field. */
  readonly parentId: SQLiteColumn;
  /** The table of the parents. */
  readonly parent: InProjectSet;
}

/** The parent that a body names exists, and the caller has `change_project` on every project of it. */
export function mayChangeParent(
  { name, parent }: Pick<Belonging, "name" | "parent">,
  id: string,
): readonly Precondition[] {
  return [idsExist(name, parent, [id]), changesProjectsOf(projectSetIn(parent, sql`${id}`))];
}

/** The parent of one record. */
export function parentOf({ table, parentId }: Belonging, id: string): SQL {
  return sql`(SELECT ${parentId} FROM ${table} WHERE ${table.id} = ${id})`;
}

/**
 * The access through the parent: a write requires `change_project` on every project of it, and the parent of a
 * record cannot change. The table has an index for each order (see `listIndexes` in `db/schema`).
 *
 * @param count the column that counts the records of a project set
 * @param place the order of the records within their parent
 * @param further orders beside those that all these tables have
 */
export function throughParent<Name extends string>(
  belonging: Belonging<Name, Dated>,
  count: SQLiteColumn,
  place: Place,
  further: Scope["orders"] = {},
): Access<Readonly<Record<Name, string>>> {
  const { table, name: field, parentId } = belonging;
  const mayChange = (model: Accessed, id: string) => [
    targetIsVisible(model, id),
    changesProjectsOf(projectSetIn(belonging.parent, parentOf(belonging, id))),
  ];
  const orders = {
    [DEFAULT_ORDER]: sortedByPlace(table, parentId, place),
    ...commonOrders(table),
    ...further,
  };
  return {
    read: readThroughProjectSet(projectSetScope(table.projectSetId, count, orders)),
    create: (input) => {
      const id: string | undefined = input[field];
      return id === undefined ? [] : mayChangeParent(belonging, id);
    },
    change: (model, id, input) => {
      const parent: string | undefined = input[field];
      return [
        ...mayChange(model, id),
        ...(parent === undefined ? [] : [staysWithParent(model, belonging, id, parent)]),
      ];
    },
    remove: mayChange,
  };
}

function staysWithParent(
  { title }: Accessed,
  belonging: Belonging,
  id: string,
  parent: string,
): Precondition {
  const { name } = belonging;
  return conflictWhere(
    name,
    `The ${name} of a record does not change: delete this ${title} and add another.`,
    sql`${parentOf(belonging, id)} <> ${parent}`,
  );
}

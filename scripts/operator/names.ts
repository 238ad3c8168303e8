import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Connection } from "../../src/db/connection.ts";
import type { Model } from "../../src/model/define.ts";
import { findHidden } from "../../src/model/schemas.ts";
import { dataStorage } from "../../src/models/data-storage.ts";
import { group } from "../../src/models/group.ts";
import { project } from "../../src/models/project.ts";
import { session } from "../../src/models/session/session.ts";

/** A stored name that the current rule refuses, and its first invisible character with its position. */
export interface HiddenName {
  readonly model: string;
  readonly id: string;
  readonly name: string;
  readonly hidden: string;
}

/** The models whose names may not contain invisible characters. */
const NAMED = [project, dataStorage, group, session] as const;

/** How many names are read at once. */
const PAGE = 5_000;

/** Finds the stored names that are older than the rule for names and break it. It changes none of them. */
export async function findHiddenNames(connection: Connection): Promise<readonly HiddenName[]> {
  const found: HiddenName[] = [];
  for (const model of NAMED) {
    for await (const { id, name } of namesOf(connection, model)) {
      const hidden = findHidden(name);
      if (hidden !== undefined) found.push({ model: model.title, id, name, hidden });
    }
  }
  return found;
}

type Named = Model & { readonly table: SQLiteTable & { readonly name: SQLiteColumn } };

async function* namesOf(connection: Connection, model: Model) {
  // Each of these models has a column `name`.
  const { table, id } = model as Named;
  let last = "";
  for (;;) {
    const [rows = []] = await connection.batch([pageAfter(table, id, last)]);
    for (const row of rows) yield { id: String(row.id), name: String(row.name) };
    if (rows.length < PAGE) return;
    last = String(rows.at(-1)?.id);
  }
}

function pageAfter(table: Named["table"], id: SQLiteColumn, last: string): SQL {
  return sql`SELECT ${id} AS id, ${table.name} AS name FROM ${table}
    WHERE ${id} > ${last} ORDER BY ${id} LIMIT ${PAGE}`;
}

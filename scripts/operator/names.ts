import { sql } from "drizzle-orm";
import type { Connection } from "../../src/db/connection.ts";
import { dataStorages } from "../../src/db/schema/data-storages.ts";
import { groups } from "../../src/db/schema/groups.ts";
import { projects } from "../../src/db/schema/projects.ts";
import { sessions } from "../../src/db/schema/sessions.ts";
import { selectList, typedRows } from "../../src/db/typed-rows.ts";
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
const NAMED = [
  { model: project, table: projects },
  { model: dataStorage, table: dataStorages },
  { model: group, table: groups },
  { model: session, table: sessions },
] as const;

/** How many names are read at once. */
const PAGE = 5_000;

/** Finds the stored names that are older than the rule for names and break it. It changes none of them. */
export async function findHiddenNames(connection: Connection): Promise<readonly HiddenName[]> {
  const found: HiddenName[] = [];
  for (const { model, table } of NAMED) {
    for await (const { id, name } of namesOf(connection, table)) {
      const hidden = findHidden(name);
      if (hidden !== undefined) found.push({ model: model.title, id, name, hidden });
    }
  }
  return found;
}

async function* namesOf(connection: Connection, table: (typeof NAMED)[number]["table"]) {
  const { id, name } = table;
  let last = "";
  for (;;) {
    const [rows] = await connection.batch([
      sql`SELECT ${selectList({ id, name })} FROM ${table}
        WHERE ${id} > ${last} ORDER BY ${id} LIMIT ${PAGE}`,
    ]);
    const found = typedRows({ id, name }, rows);
    yield* found;
    if (found.length < PAGE) return;
    last = found.at(-1)?.id ?? last;
  }
}

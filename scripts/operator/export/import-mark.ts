import { lte, type SQL, sql } from "drizzle-orm";
import { builder } from "../../../src/db/builder.ts";
import type { Connection, Row } from "../../../src/db/connection.ts";
import { raise, readWriteFailure } from "../../../src/db/constraint-error.ts";
import { columnNames } from "../../../src/db/names.ts";
import { imports } from "../../../src/db/schema/imports.ts";
import { selectList, typedRows } from "../../../src/db/typed-rows.ts";
import { ConflictError } from "../../../src/values/errors.ts";
import { EXPORTED_TABLES } from "./exported-tables.ts";

// The mark of an import. While it exists, the service answers no request and the administrator's commands
// refuse. So all rows of a marked database come from the import, and can be deleted when it fails.

/** After this time without a write, in seconds, an import is dead: no part of an import takes so long. */
const SILENT_SECONDS = 30;

/** The clock of the database, in the stored form, because the clocks of two machines may differ. */
const now = (shift = "+0 seconds") => sql`strftime('%Y-%m-%dT%H:%M:%f', 'now', ${shift}) || '000'`;

const MARK = {
  run: imports.run,
  startedDate: imports.startedDate,
  isAlive: sql<0 | 1>`${imports.aliveDate} > ${now(`-${SILENT_SECONDS} seconds`)}`,
};

/** What an import finds in the database when it starts. */
export type Beginning =
  | { readonly found: "empty" }
  | { readonly found: "rows"; readonly tables: readonly string[] }
  | { readonly found: "import"; readonly startedDate: string; readonly isAlive: boolean };

/** Marks an empty database for an import. The same transaction checks that it is empty. */
export async function beginImport(connection: Connection, run: string): Promise<Beginning> {
  const columns = columnNames([imports.id, imports.run, imports.startedDate, imports.aliveDate]);
  const filled = EXPORTED_TABLES.map(({ table }) => sql`EXISTS (SELECT 1 FROM ${table})`);
  const [, answers, ...tables] = await connection.batch([
    sql`INSERT INTO ${imports} (${columns}) SELECT 1, ${run}, ${now()}, ${now()}
      WHERE NOT EXISTS (SELECT 1 FROM ${imports}) AND NOT (${sql.join(filled, sql` OR `)})`,
    sql`SELECT ${selectList(MARK)} FROM ${imports}`,
    ...EXPORTED_TABLES.map(({ table }) => sql`SELECT EXISTS (SELECT 1 FROM ${table}) AS filled`),
  ]);
  const [mark] = typedRows(MARK, answers);
  if (mark?.run === run) return { found: "empty" };
  if (mark === undefined) {
    const names = EXPORTED_TABLES.filter((_, index) => tables[index]?.[0]?.filled === 1);
    return { found: "rows", tables: names.map(({ name }) => name) };
  }
  return {
    found: "import",
    startedDate: `${mark.startedDate}Z`,
    isAlive: mark.isAlive === 1,
  };
}

/** Transfers the mark of a dead import to another import. */
export async function takeOver(connection: Connection, run: string): Promise<void> {
  const [, rows = []] = await connection.batch([
    builder
      .update(imports)
      .set({ run, aliveDate: now() })
      .where(lte(imports.aliveDate, now(`-${SILENT_SECONDS} seconds`)))
      .getSQL(),
    sql`SELECT 1 FROM ${imports} WHERE ${imports.run} = ${run}`,
  ]);
  if (rows.length === 0) throw new ConflictError(isRunning);
}

/** Another import has taken over because this one was silent. All rows now belong to the other import. */
export class TakenOverError extends ConflictError {
  constructor() {
    super("Another import has taken over this database, because this one was silent for too long.");
  }
}

export const isRunning = `An import into this database is under way. One that has died is known by its silence of ${SILENT_SECONDS} seconds: try again then.`;

/**
 * The statements at the start of each transaction of an import. They fail when another import has taken over,
 * and store that this import is alive.
 */
function stayAlive(run: string): readonly SQL[] {
  return [
    raise(sql`SELECT '{"kind":"taken-over"}'
      WHERE NOT EXISTS (SELECT 1 FROM ${imports} WHERE ${imports.run} = ${run})`),
    builder.update(imports).set({ aliveDate: now() }).getSQL(),
  ];
}

/**
 * Runs a transaction of an import.
 *
 * @throws TakenOverError when another import has taken over
 */
export async function batchOf(
  connection: Connection,
  run: string,
  statements: readonly SQL[],
): Promise<readonly (readonly Row[])[]> {
  const alive = stayAlive(run);
  try {
    return (await connection.batch([...alive, ...statements])).slice(alive.length);
  } catch (error) {
    throw readWriteFailure(error).kind === "violation" ? new TakenOverError() : error;
  }
}

/** Removes the mark. The service answers from then on. */
export async function endImport(connection: Connection, run: string): Promise<void> {
  await batchOf(connection, run, [builder.delete(imports).getSQL()]);
}

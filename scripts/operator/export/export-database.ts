import { type SQL, sql } from "drizzle-orm";
import type { Connection, Row } from "../../../src/db/connection.ts";
import { findMigrations } from "../../../src/db/migrations.ts";
import { selectList, typedRows } from "../../../src/db/typed-rows.ts";
import { BadRequestError, ConflictError } from "../../../src/values/errors.ts";
import { EXPORTED_TABLES, type ExportedTable } from "./exported-tables.ts";
import { VERSION, writeHeader, writeRecord } from "./lines.ts";

/** The size of a page: about so many bytes of text, and at most so many rows. */
const PAGE = { bytes: 1_000_000, rows: 2_000 };

const COUNT = { rows: sql<number>`count(*)` };

/** Receives the number of processed records and the total. */
export type OnRecords = (done: number, total: number) => void;

/**
 * Reads the whole database page by page: table by table, in the order of the primary keys.
 *
 * @returns the text of the export in parts
 * @throws ConflictError when the database changed during the export, so that the parts are of different
 * states
 */
export async function* exportDatabase(
  connection: Connection,
  onRecords: OnRecords = () => {},
): AsyncGenerator<string, void, undefined> {
  const schema = (await findMigrations(connection)).at(-1);
  if (schema === undefined) throw new BadRequestError("The database has no tables.");
  const counts = await countRows(connection);
  const total = counts.reduce((sum, count) => sum + count, 0);
  yield writeHeader({ version: VERSION, schema, records: total });
  let done = 0;
  for (const [index, table] of EXPORTED_TABLES.entries()) {
    for await (const rows of pagesOf(connection, table, counts[index] ?? 0)) {
      yield rows.map((row) => writeRecord(table.name, row)).join("");
      done += rows.length;
      onRecords(done, total);
    }
  }
  if (done !== total || String(await countRows(connection)) !== String(counts)) {
    throw new ConflictError("Somebody wrote to the database meanwhile: export it again.");
  }
}

/**
 * How many rows each table has. A change that adds no row elsewhere adds one to the history, so every change
 * shows.
 */
async function countRows(connection: Connection): Promise<readonly number[]> {
  const answers = await connection.batch(
    EXPORTED_TABLES.map(({ table }) => sql`SELECT ${selectList(COUNT)} FROM ${table}`),
  );
  return answers.map((rows) => typedRows(COUNT, rows)[0]?.rows ?? 0);
}

async function* pagesOf(
  connection: Connection,
  table: ExportedTable,
  count: number,
): AsyncGenerator<readonly Row[], void, undefined> {
  let last: Row | undefined;
  for (let read = 0; read < count; ) {
    const [rows = []] = await connection.batch([selectPage(table, last)]);
    // Rows were deleted after the count.
    if (rows.length === 0) return;
    yield rows;
    read += rows.length;
    last = rows.at(-1);
  }
}

/** The statement for the rows after the last one: as many as one page holds, and at least one. */
function selectPage({ table, key, kept }: ExportedTable, last: Row | undefined): SQL {
  const follows = last === undefined ? sql`1` : sql`(${names(key)}) > (${valuesOf(key, last)})`;
  const inOrder = sql`FROM ${table} WHERE ${follows} ORDER BY ${names(key)}`;
  const bytes = kept.map((column) => sql`coalesce(octet_length(${named(column)}), 0)`);
  const sizes = sql`SELECT ${names(key)}, ${sql.join(bytes, sql` + `)} AS bytes
    ${inOrder} LIMIT ${sql.raw(String(PAGE.rows))}`;
  const fitting = sql`SELECT count(*) FROM (
    SELECT sum(bytes) OVER (ORDER BY ${names(key)}) AS sum FROM (${sizes})
  ) WHERE sum < ${sql.raw(String(PAGE.bytes))}`;
  return sql`SELECT ${names(kept)} ${inOrder} LIMIT max(1, (${fitting}))`;
}

const named = (column: ExportedTable["kept"][number]) => sql.identifier(column.name);

const names = (columns: ExportedTable["kept"]) => sql.join(columns.map(named), sql`, `);

function valuesOf(columns: ExportedTable["key"], row: Row): SQL {
  const values = columns.map((column) => sql`${row[column.name] ?? null}`);
  return sql.join(values, sql`, `);
}

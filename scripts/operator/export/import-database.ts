import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "../../../src/db/connection.ts";
import { findMigrations } from "../../../src/db/migrations.ts";
import {
  BadRequestError,
  ConflictError,
  DatabaseUnavailableError,
} from "../../../src/values/errors.ts";
import { fillSearchIndexes } from "../search-index.ts";
import type { OnRecords } from "./export-database.ts";
import { EXPORTED_TABLES, type ExportedTable } from "./exported-tables.ts";
import {
  batchOf,
  beginImport,
  endImport,
  isRunning,
  TakenOverError,
  takeOver,
} from "./import-mark.ts";
import { type Header, readHeader, readRecord, VERSION } from "./lines.ts";
import { type Cells, readCells } from "./row.ts";

/**
 * How much JSON one transaction and one statement bind, in UTF-16 units. D1 binds text of at most 2,000,000
 * bytes.
 */
const MAX_TEXT = { transaction: 4_000_000, statement: 500_000 };

/** How many rows one statement deletes. */
const ROWS_DELETED = 5_000;

/** A parsed line of the file. */
interface ReadLine {
  readonly line: number;
  readonly table: ExportedTable;
  readonly cells: Cells;
  /** The cells as JSON text. */
  readonly text: string;
}

/**
 * Fills an empty database from the lines of an export. The database is marked during the import, so that no
 * one else reads or writes it. After a failure, exactly what the import wrote is therefore deleted. The rows
 * that a dead import left are deleted first.
 *
 * @returns the number of written records
 * @throws an ApiError, which names the line for an error in the file
 */
export async function importDatabase(
  connection: Connection,
  lines: AsyncIterable<string>,
  onRecords: OnRecords = () => {},
): Promise<number> {
  const run = crypto.randomUUID();
  await claim(connection, run);
  try {
    const written = await writeAll(connection, run, lines, onRecords);
    // The triggers index nothing during an import: each row of a session would index it again.
    await fillSearchIndexes((statements) => batchOf(connection, run, statements));
    await endImport(connection, run);
    return written;
  } catch (error) {
    if (!(error instanceof TakenOverError)) await undo(connection, run, error);
    throw error;
  }
}

/**
 * Deletes the rows and the mark that a dead import left.
 *
 * @throws ConflictError when no import has died
 */
export async function discardImport(connection: Connection): Promise<void> {
  const run = crypto.randomUUID();
  const beginning = await beginImport(connection, run);
  if (beginning.found === "rows") {
    throw new ConflictError(
      "No import has died here: there is nothing to discard. Nothing was changed.",
    );
  }
  if (beginning.found === "import") await takeOverFrom(connection, run, beginning.isAlive);
  await endImport(connection, run);
}

/**
 * Marks the database for this import, if it is empty or a dead import left it.
 *
 * @throws ConflictError when it has other rows, or another import is running
 */
async function claim(connection: Connection, run: string): Promise<void> {
  const beginning = await beginImport(connection, run);
  if (beginning.found === "import") await takeOverFrom(connection, run, beginning.isAlive);
  if (beginning.found !== "rows") return;
  throw new ConflictError(
    `An import goes into an empty database, and this one has rows in ${beginning.tables.join(", ")}. Nothing was changed.`,
  );
}

async function takeOverFrom(connection: Connection, run: string, isAlive: boolean): Promise<void> {
  if (isAlive) throw new ConflictError(isRunning);
  await takeOver(connection, run);
  await emptyAll(connection, run);
}

async function writeAll(
  connection: Connection,
  run: string,
  lines: AsyncIterable<string>,
  onRecords: OnRecords,
): Promise<number> {
  const rest = lines[Symbol.asyncIterator]();
  const { records } = await requireHeader(connection, rest);
  let written = 0;
  for await (const part of partsOf(readLines(rest, records))) {
    await writeLines(connection, run, part);
    written += part.length;
    onRecords(written, records);
  }
  return written;
}

async function requireHeader(
  connection: Connection,
  lines: AsyncIterator<string>,
): Promise<Header> {
  const first = await lines.next();
  const header = first.done ? undefined : readHeader(first.value);
  if (header === undefined) throw faultAt(1, "this is not an export of the Session API.");
  if (header.version !== VERSION) {
    throw faultAt(1, `the export is of version ${header.version}, and version ${VERSION} is read.`);
  }
  const schema = (await findMigrations(connection)).at(-1);
  if (header.schema !== schema) {
    throw faultAt(
      1,
      `the export has the schema ${header.schema}, and the database ${schema}. Import it with the version of the service that has this schema, and then bring the database up to date.`,
    );
  }
  return header;
}

const faultAt = (line: number, sentence: string) =>
  new BadRequestError(`Line ${line}: ${sentence}`);

/** Reads the lines after the first, and checks that none is missing. */
async function* readLines(
  lines: AsyncIterator<string>,
  expected: number,
): AsyncGenerator<ReadLine, void, undefined> {
  let line = 1;
  let place = 0;
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    line += 1;
    const record = readRecord(next.value);
    if (record === undefined) throw faultAt(line, 'this is not {"table": ..., "row": {...}}.');
    const found = EXPORTED_TABLES.findIndex(({ name }) => name === record.table);
    const table = EXPORTED_TABLES[found];
    if (table === undefined) throw faultAt(line, `there is no table ${record.table} in an export.`);
    if (found < place) {
      throw faultAt(line, `${record.table} comes before ${EXPORTED_TABLES[place]?.name}.`);
    }
    place = found;
    const cells = readCells(table, record.row);
    if (typeof cells === "string") throw faultAt(line, `${record.table}: ${cells}`);
    yield { line, table, cells, text: JSON.stringify(cells) };
  }
  if (line - 1 !== expected) {
    throw new BadRequestError(
      `The first line promises ${expected} records, and ${line - 1} follow: the file is not whole.`,
    );
  }
}

/** Groups the lines into parts of one transaction each. */
async function* partsOf(
  lines: AsyncIterable<ReadLine>,
): AsyncGenerator<readonly ReadLine[], void, undefined> {
  let part: ReadLine[] = [];
  let length = 0;
  for await (const line of lines) {
    if (part.length > 0 && length + line.text.length > MAX_TEXT.transaction) {
      yield part;
      part = [];
      length = 0;
    }
    part.push(line);
    length += line.text.length;
  }
  if (part.length > 0) yield part;
}

/**
 * Writes the lines in one transaction. When that fails, it writes each half on its own until it finds the
 * invalid line.
 */
async function writeLines(
  connection: Connection,
  run: string,
  lines: readonly ReadLine[],
): Promise<void> {
  try {
    await batchOf(connection, run, runsOf(lines).map(insertRun));
  } catch (error) {
    if (error instanceof DatabaseUnavailableError || error instanceof TakenOverError) throw error;
    const [first] = lines;
    if (first !== undefined && lines.length === 1) {
      throw faultAt(first.line, `${first.table.name}: ${reasonOf(error)}`);
    }
    const half = lines.length >> 1;
    await writeLines(connection, run, lines.slice(0, half));
    await writeLines(connection, run, lines.slice(half));
  }
}

/** The message of SQLite without the text that D1 adds. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^D1_ERROR: /, "").replace(/: SQLITE_\w+( \(.*\))?$/s, ".");
}

/** Groups consecutive lines of one table, as many as fit into one statement. */
function runsOf(lines: readonly ReadLine[]): readonly (readonly ReadLine[])[] {
  const runs: ReadLine[][] = [];
  let length = 0;
  for (const line of lines) {
    const run = runs.at(-1);
    length += line.text.length;
    if (run?.[0]?.table === line.table && length <= MAX_TEXT.statement) {
      run.push(line);
    } else {
      runs.push([line]);
      length = line.text.length;
    }
  }
  return runs;
}

function insertRun(run: readonly ReadLine[]): SQL {
  const [first] = run;
  if (first === undefined) throw new Error("A run has a line");
  const { table, kept, folded } = first.table;
  const columns = [...kept, ...folded.map(({ column }) => column)];
  const names = columns.map(({ name }) => sql.identifier(name));
  const into = sql`INSERT INTO ${table} (${sql.join(names, sql`, `)})`;
  // A single row may be larger than one bound parameter, so each of its values is bound on its own.
  if (run.length === 1) {
    const values = first.cells.map((cell) => sql`${cell}`);
    return sql`${into} VALUES (${sql.join(values, sql`, `)})`;
  }
  const values = columns.map((_, index) => sql`value ->> ${sql.raw(String(index))}`);
  const rows = `[${run.map(({ text }) => text).join(",")}]`;
  return sql`${into} SELECT ${sql.join(values, sql`, `)} FROM json_each(${rows})`;
}

/**
 * Deletes what a failed import wrote, and its mark.
 *
 * @throws ConflictError when that fails too
 */
async function undo(connection: Connection, run: string, cause: unknown): Promise<void> {
  try {
    await emptyAll(connection, run);
    await endImport(connection, run);
  } catch {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ConflictError(
      `${message} What had been written could not be deleted, and nothing else is answered: import again, or run "import --discard".`,
      { cause },
    );
  }
}

async function emptyAll(connection: Connection, run: string): Promise<void> {
  for (const table of EXPORTED_TABLES.toReversed()) await emptyTable(connection, run, table);
}

async function emptyTable(
  connection: Connection,
  run: string,
  { table }: ExportedTable,
): Promise<void> {
  const some = sql.raw(String(ROWS_DELETED));
  const statements = [
    sql`DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} LIMIT ${some})`,
    sql`SELECT EXISTS (SELECT 1 FROM ${table}) AS filled`,
  ];
  for (let filled = true; filled; ) {
    const [, answer] = await batchOf(connection, run, statements);
    filled = answer?.[0]?.filled === 1;
  }
}

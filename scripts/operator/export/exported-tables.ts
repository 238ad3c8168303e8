import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { getTableColumns, getTableName, isTable } from "drizzle-orm";
import { getTableConfig, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { idempotencyKeys } from "../../../src/db/schema/history.ts";
import { imports } from "../../../src/db/schema/imports.ts";
import { sessionProjects, sessions } from "../../../src/db/schema/sessions.ts";
import {
  browserSessions,
  codeGuesses,
  deviceAuthorizations,
  signInLinks,
} from "../../../src/db/schema/sign-in.ts";
import { subjects } from "../../../src/db/schema/subjects.ts";
import { accessTokens } from "../../../src/db/schema/users.ts";
import { foldCase, foldValues } from "../../../src/values/fold.ts";
import { writeJson } from "../../../src/values/json.ts";
import { ROOT } from "../../platform/wrangler.ts";

/** A table of an export. */
export interface ExportedTable {
  readonly table: SQLiteTable;
  readonly name: string;
  /** The primary key, which gives the order of the rows. */
  readonly key: readonly SQLiteColumn[];
  /** The exported columns, in the order of the schema. */
  readonly kept: readonly SQLiteColumn[];
  /** The exported columns that contain JSON. */
  readonly json: ReadonlySet<SQLiteColumn>;
  /** The folded columns, which an import computes again. */
  readonly folded: readonly FoldedColumn[];
}

/** A column of folded text, which the application fills. */
export interface FoldedColumn {
  readonly column: SQLiteColumn;
  readonly source: SQLiteColumn;
  readonly fold: (text: string) => string;
}

/**
 * Whether the database fills a column: it computes it from the others, or triggers fill it with a count, or with the
 * project set of a record that belongs to another one. An export leaves these out.
 */
const isFilled = (column: SQLiteColumn) =>
  column.generated !== undefined ||
  column.name.endsWith("_count") ||
  (column.name === "project_set_id" && !column.notNull);

/**
 * What no export carries, beside the tables of mentions. Triggers fill `session_projects` from the project sets. No
 * client repeats a request to another database. The mark of an import belongs to one database. People sign in again to
 * a copy, because their browsers know it by another address.
 */
const NOT_EXPORTED: readonly SQLiteTable[] = [
  sessionProjects,
  idempotencyKeys,
  imports,
  browserSessions,
  signInLinks,
  deviceAuthorizations,
  codeGuesses,
];

/** The first files of the schema, in the order in which people read an export. The other files follow. */
const FIRST_FILES = [
  "users",
  "groups",
  "projects",
  "data-storages",
  "setups",
  "sessions",
  "subjects",
  "modules",
];

/**
 * The tables of an export, each after the tables that it refers to. The schema is read for them, so that a
 * new table needs no line here. The tokens come last: no caller can authenticate before all rows exist.
 */
export const EXPORTED_TABLES: readonly ExportedTable[] = inOrder(await schemaTables()).map(
  toExportedTable,
);

async function schemaTables(): Promise<readonly SQLiteTable[]> {
  const directory = join(ROOT, "src", "db", "schema");
  const names = (await readdir(directory)).map((file) => file.replace(/\.ts$/, ""));
  const rank = (name: string) => (FIRST_FILES.includes(name) ? FIRST_FILES.indexOf(name) : 99);
  const ordered = names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const last = ordered.filter((name) => name === "history");
  const tables: SQLiteTable[] = [];
  for (const name of [...ordered.filter((each) => each !== "history"), ...last]) {
    const exported: Record<string, unknown> = await import(join(directory, `${name}.ts`));
    // Sorted by name: a bundler may list the exports of a module in another order than Node.
    for (const key of Object.keys(exported).sort()) {
      const value = exported[key];
      if (isSqliteTable(value)) tables.push(value);
    }
  }
  return tables.filter((table) => !NOT_EXPORTED.includes(table) && !isOfMentions(table));
}

/** Whether `mentionTable` of the schema made a table. Triggers fill it from the lists in the records. */
function isOfMentions(table: SQLiteTable): boolean {
  return Object.hasOwn(getTableColumns(table), "mentionedId");
}

/** The schema is one of SQLite: each table in it is. */
function isSqliteTable(value: unknown): value is SQLiteTable {
  return isTable(value);
}

/** The tables with each after those that it refers to, otherwise in their order, and the tokens last. */
function inOrder(tables: readonly SQLiteTable[]): readonly SQLiteTable[] {
  const ordered = new Set<SQLiteTable>();
  const place = (table: SQLiteTable) => {
    for (const { reference } of getTableConfig(table).foreignKeys) {
      const { foreignTable } = reference();
      if (foreignTable !== table && tables.includes(foreignTable)) place(foreignTable);
    }
    ordered.add(table);
  };
  for (const table of tables) if (table !== accessTokens) place(table);
  return [...ordered, accessTokens];
}

function toExportedTable(table: SQLiteTable): ExportedTable {
  const name = getTableName(table);
  const columns: Readonly<Record<string, SQLiteColumn>> = getTableColumns(table);
  const folded = Object.entries(columns).flatMap(([key, column]) => {
    const source = key.endsWith("Folded") ? columns[key.slice(0, -"Folded".length)] : undefined;
    return source === undefined ? [] : [{ column, source, fold: foldOf(source) }];
  });
  const made = new Set(folded.map(({ column }) => column));
  return {
    table,
    name,
    key: keyOf(table),
    kept: Object.values(columns).filter((column) => !made.has(column) && !isFilled(column)),
    json: new Set(Object.values(columns).filter((column) => holdsJson(table, column))),
    folded,
  };
}

/** A column contains JSON if it has the constraint that `checkJson` names. */
function holdsJson(table: SQLiteTable, column: SQLiteColumn): boolean {
  const name = new RegExp(`_${column.name}_is_(object|array|json)$`);
  return getTableConfig(table).checks.some((check) => name.test(check.name));
}

function keyOf(table: SQLiteTable): readonly SQLiteColumn[] {
  const { columns, primaryKeys } = getTableConfig(table);
  return primaryKeys[0]?.columns ?? columns.filter((column) => column.primary);
}

function foldOf(source: SQLiteColumn): (text: string) => string {
  return source === sessions.extraFields || source === subjects.extraFields ? foldFields : foldCase;
}

/** Folds the texts in the JSON of extra fields. */
function foldFields(text: string): string {
  return writeJson(foldValues(JSON.parse(text)));
}

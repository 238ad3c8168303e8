import { getTableColumns, getTableName } from "drizzle-orm";
import { getTableConfig, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import {
  dataStorageGroups,
  dataStorages,
  dataStorageUsers,
} from "../../../src/db/schema/data-storages.ts";
import { groupMembers, groups } from "../../../src/db/schema/groups.ts";
import { history } from "../../../src/db/schema/history.ts";
import {
  behaviors,
  dataAcquisitions,
  epochBehaviors,
  epochDataAcquisitions,
  epochManipulations,
  epochs,
  manipulations,
} from "../../../src/db/schema/modules.ts";
import {
  projectGroups,
  projects,
  projectTags,
  projectUsers,
} from "../../../src/db/schema/projects.ts";
import {
  projectSets,
  sessionDataStorages,
  sessions,
  sessionTags,
} from "../../../src/db/schema/sessions.ts";
import { accessTokens, users } from "../../../src/db/schema/users.ts";
import { foldCase, foldValues } from "../../../src/values/fold.ts";
import { writeJson } from "../../../src/values/json.ts";

/** A table of an export. */
export interface DumpTable {
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

/** Columns that triggers fill, and that an export therefore leaves out. */
const COUNTED: readonly SQLiteColumn[] = [projectSets.sessionCount];

/**
 * The tables of an export, each after the tables that it refers to. The tokens come last, so that no caller
 * can authenticate before all other rows exist.
 *
 * Two tables are left out. Triggers fill `session_projects` from the project sets. `idempotency_keys` is
 * useless in another database, because no client repeats a request there.
 */
export const DUMP_TABLES: readonly DumpTable[] = [
  users,
  groups,
  groupMembers,
  projects,
  projectTags,
  projectUsers,
  projectGroups,
  dataStorages,
  dataStorageUsers,
  dataStorageGroups,
  projectSets,
  sessions,
  sessionTags,
  sessionDataStorages,
  dataAcquisitions,
  behaviors,
  manipulations,
  epochs,
  epochDataAcquisitions,
  epochBehaviors,
  epochManipulations,
  history,
  accessTokens,
].map(toDumpTable);

function toDumpTable(table: SQLiteTable): DumpTable {
  const name = getTableName(table);
  const columns: Readonly<Record<string, SQLiteColumn>> = getTableColumns(table);
  const folded = Object.entries(columns).flatMap(([key, column]) => {
    const source = key.endsWith("Folded") ? columns[key.slice(0, -"Folded".length)] : undefined;
    return source === undefined ? [] : [{ column, source, fold: foldOf(source) }];
  });
  const made = new Set([...folded.map(({ column }) => column), ...COUNTED]);
  return {
    table,
    name,
    key: keyOf(table),
    kept: Object.values(columns).filter((column) => !made.has(column)),
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
  return source === sessions.extraFields ? foldFields : foldCase;
}

/** Folds the texts in the JSON of a session's extra fields. */
function foldFields(text: string): string {
  return writeJson(foldValues(JSON.parse(text)));
}

import type { Table as DrizzleTable } from "drizzle-orm";
import type * as dataStorageTables from "./schema/data-storages.ts";
import type * as groupTables from "./schema/groups.ts";
import type * as historyTables from "./schema/history.ts";
import type * as moduleTables from "./schema/modules.ts";
import type * as projectTables from "./schema/projects.ts";
import type * as sessionTables from "./schema/sessions.ts";
import type * as userTables from "./schema/users.ts";
import { quoteName, SQL } from "./sql.ts";

// The tables of the Drizzle schema as statements need them: by their names. The schema itself, with its
// types, defaults, checks and indexes, stays where migrations are made: the Worker needs none of that, and
// would have to build it anew in each isolate.

/** A table, by its name or by its alias in a statement. */
export class Table extends SQL {
  /** Without it any piece of SQL would pass for a table. */
  readonly kind = "table";

  constructor(name: string) {
    super(quoteName(name), []);
  }
}

/** A column, by its own name and that of its table. */
export class Column extends SQL {
  readonly table: Table;
  readonly name: string;

  constructor(table: Table, name: string) {
    super(`${table.text}.${quoteName(name)}`, []);
    this.table = table;
    this.name = name;
  }
}

/** A table with its columns, under the keys that the schema gives them. */
type NamesOf<Declared extends DrizzleTable> = Table & {
  readonly [Key in keyof Declared["_"]["columns"]]: Column;
};

/** The key `dateTime` stands for the column `date_time`. */
const columnName = (key: string) =>
  key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The names of a table that the schema declares. */
function named<Declared extends DrizzleTable>(name: Declared["_"]["name"]): NamesOf<Declared> {
  // Which keys there are is what the schema's own type says.
  return withColumns(name) as NamesOf<Declared>;
}

/** The same table under another name, for a statement in which it stands more than once. */
export function alias<Names extends Table>(_table: Names, name: string): Names {
  return withColumns(name) as Names;
}

/** A table that makes each of its columns when it is first asked for. */
function withColumns(name: string): Table {
  const columns = new Map<string, Column>();
  const table: Table = new Proxy(new Table(name), {
    get(own, key) {
      if (typeof key === "symbol" || key in own) return Reflect.get(own, key);
      const known = columns.get(key);
      if (known !== undefined) return known;
      const column = new Column(table, columnName(key));
      columns.set(key, column);
      return column;
    },
  });
  return table;
}

export const users = named<typeof userTables.users>("users");
export const accessTokens = named<typeof userTables.accessTokens>("access_tokens");

export const groups = named<typeof groupTables.groups>("groups");
export const groupMembers = named<typeof groupTables.groupMembers>("group_members");

export const projects = named<typeof projectTables.projects>("projects");
export const projectTags = named<typeof projectTables.projectTags>("project_tags");
export const projectUsers = named<typeof projectTables.projectUsers>("project_users");
export const projectGroups = named<typeof projectTables.projectGroups>("project_groups");

export const dataStorages = named<typeof dataStorageTables.dataStorages>("data_storages");
export const dataStorageUsers =
  named<typeof dataStorageTables.dataStorageUsers>("data_storage_users");
export const dataStorageGroups =
  named<typeof dataStorageTables.dataStorageGroups>("data_storage_groups");

export const projectSets = named<typeof sessionTables.projectSets>("project_sets");
export const sessionProjects = named<typeof sessionTables.sessionProjects>("session_projects");
export const sessions = named<typeof sessionTables.sessions>("sessions");
export const sessionTags = named<typeof sessionTables.sessionTags>("session_tags");
export const sessionDataStorages =
  named<typeof sessionTables.sessionDataStorages>("session_data_storages");

export const dataAcquisitions = named<typeof moduleTables.dataAcquisitions>("data_acquisitions");
export const behaviors = named<typeof moduleTables.behaviors>("behaviors");
export const manipulations = named<typeof moduleTables.manipulations>("manipulations");
export const epochs = named<typeof moduleTables.epochs>("epochs");
export const epochDataAcquisitions =
  named<typeof moduleTables.epochDataAcquisitions>("epoch_data_acquisitions");
export const epochBehaviors = named<typeof moduleTables.epochBehaviors>("epoch_behaviors");
export const epochManipulations =
  named<typeof moduleTables.epochManipulations>("epoch_manipulations");

export const history = named<typeof historyTables.history>("history");
export const idempotencyKeys = named<typeof historyTables.idempotencyKeys>("idempotency_keys");

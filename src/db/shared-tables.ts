import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { SharedWithGroups } from "../values/permission.ts";
import { dataStorageGroups, dataStorages, dataStorageUsers } from "./schema/data-storages.ts";
import { groupMembers, groups } from "./schema/groups.ts";
import { projectGroups, projects, projectUsers } from "./schema/projects.ts";
import {
  behavioralAssayGroups,
  behavioralAssays,
  behavioralAssayUsers,
  inventories,
  inventoryGroups,
  inventoryUsers,
  setupGroups,
  setups,
  setupUsers,
} from "./schema/setups.ts";

type Columns<Names extends string> = SQLiteTable & Readonly<Record<Names, SQLiteColumn>>;

/** A table of the levels of users or of groups on the records of a kind, as `schema/levels.ts` makes them. */
export type LevelTable<Member extends "userId" | "groupId"> = Columns<
  "recordId" | "level" | Member
>;

/** The tables of one kind: its records, and the levels of users and of groups on them. */
interface SharedTables {
  readonly records: Columns<"id" | "name"> & { readonly isPublic?: SQLiteColumn };
  readonly users: LevelTable<"userId">;
  readonly groups?: LevelTable<"groupId">;
}

interface TablesWithGroups extends SharedTables {
  readonly records: Columns<"id" | "name" | "isPublic">;
  readonly groups: LevelTable<"groupId">;
}

/** The tables of every kind of records that are shared with members. */
export const SHARED_TABLES: Readonly<
  Record<SharedWithGroups, TablesWithGroups> & Record<"group", SharedTables>
> = {
  project: { records: projects, users: projectUsers, groups: projectGroups },
  datastorage: { records: dataStorages, users: dataStorageUsers, groups: dataStorageGroups },
  setup: { records: setups, users: setupUsers, groups: setupGroups },
  behavioralassay: {
    records: behavioralAssays,
    users: behavioralAssayUsers,
    groups: behavioralAssayGroups,
  },
  inventory: { records: inventories, users: inventoryUsers, groups: inventoryGroups },
  group: { records: groups, users: groupMembers },
};

import { sql } from "drizzle-orm";
import { index, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  checkFlag,
  checkJson,
  checkLength,
  checkLevel,
  checkUuid,
  createdDate,
  flag,
  id,
  level,
  tagTable,
  updatedDate,
} from "./columns.ts";
import { groups } from "./groups.ts";
import { users } from "./users.ts";

/** Where data is stored: a server, a disk or a bucket, and the protocols that give access to it. */
export const dataStorages = sqliteTable(
  "data_storages",
  {
    id: id(),
    name: text("name").notNull().unique(),
    nameFolded: text("name_folded").notNull(),
    location: text("location").notNull().default(""),
    locationFolded: text("location_folded").notNull().default(""),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    dataOrganization: text("data_organization").notNull().default("[]"),
    dataProtocols: text("data_protocols").notNull().default("[]"),
    isPublic: flag("is_public"),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("data_storages_id_is_uuid", table.id),
    checkLength("data_storages_name_length", table.name, 1, 100),
    checkJson("data_storages_organization_is_array", table.dataOrganization, "array"),
    checkJson("data_storages_protocols_is_array", table.dataProtocols, "array"),
    checkFlag("data_storages_is_public_is_flag", table.isPublic),
    index("data_storages_is_public").on(table.isPublic),
  ],
);

/** What a user may do with a data storage, at one of the four permission levels. */
export const dataStorageUsers = sqliteTable(
  "data_storage_users",
  {
    dataStorageId: text("data_storage_id")
      .notNull()
      .references(() => dataStorages.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    level: level(),
  },
  (table) => [
    primaryKey({ columns: [table.dataStorageId, table.userId] }),
    index("data_storage_users_user_id").on(table.userId, table.dataStorageId, table.level),
    checkLevel("data_storage_users_level", table.level, sql`1, 2, 3, 4`),
  ],
);

/** BrainSTEM calls these a storage's authenticated groups. */
export const dataStorageGroups = sqliteTable(
  "data_storage_groups",
  {
    dataStorageId: text("data_storage_id")
      .notNull()
      .references(() => dataStorages.id, { onDelete: "cascade" }),
    groupId: text("group_id")
      .notNull()
      .references(() => groups.id, { onDelete: "cascade" }),
    level: level(),
  },
  (table) => [
    primaryKey({ columns: [table.dataStorageId, table.groupId] }),
    index("data_storage_groups_group_id").on(table.groupId, table.dataStorageId, table.level),
    checkLevel("data_storage_groups_level", table.level, sql`1, 2, 3, 4`),
  ],
);

export const dataStorageTags = tagTable("data_storage", () => dataStorages.id);

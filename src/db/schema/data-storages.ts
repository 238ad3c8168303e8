import { index, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  checkFlag,
  checkJson,
  checkLength,
  checkUuid,
  createdDate,
  flag,
  id,
  tagTable,
  updatedDate,
} from "./columns.ts";
import { groupLevels, userLevels } from "./levels.ts";

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

export const dataStorageUsers = userLevels("data_storage", () => dataStorages.id);
export const dataStorageGroups = groupLevels("data_storage", () => dataStorages.id);
export const dataStorageTags = tagTable("data_storage", () => dataStorages.id);

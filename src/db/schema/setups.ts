import { index, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  checkFlag,
  checkJson,
  checkLength,
  checkUuid,
  createdDate,
  day,
  flag,
  id,
  instant,
  parentIndexes,
  rowCount,
  tagTable,
  updatedDate,
} from "./columns.ts";
import { groupLevels, userLevels } from "./levels.ts";

// What a lab owns beside its data storages, and shares with users and groups as it does those.

/** A rig, a maze or another apparatus in a place. */
export const setups = sqliteTable(
  "setups",
  {
    id: id(),
    name: text("name").notNull(),
    nameFolded: text("name_folded").notNull(),
    location: text("location").notNull().default(""),
    locationFolded: text("location_folded").notNull().default(""),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    setupType: text("setup_type").notNull(),
    specifications: text("specifications").notNull().default("[]"),
    image: text("image"),
    isPublic: flag("is_public"),
    equipmentCount: rowCount("equipment_count"),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("setups_id_is_uuid", table.id),
    checkLength("setups_name_length", table.name, 1, 50),
    checkJson("setups_specifications_is_json", table.specifications),
    checkFlag("setups_is_public_is_flag", table.isPublic),
    index("setups_name").on(table.name, table.id),
    index("setups_is_public").on(table.isPublic),
  ],
);

export const setupUsers = userLevels("setup", () => setups.id);
export const setupGroups = groupLevels("setup", () => setups.id);
export const setupTags = tagTable("setup", () => setups.id);

/** How a lab runs a task or a test. */
export const behavioralAssays = sqliteTable(
  "behavioral_assays",
  {
    id: id(),
    name: text("name").notNull(),
    nameFolded: text("name_folded").notNull(),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    setupType: text("setup_type").notNull(),
    behavioralParadigm: text("behavioral_paradigm").notNull(),
    licenses: text("licenses").notNull().default("[]"),
    isPublic: flag("is_public"),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("behavioral_assays_id_is_uuid", table.id),
    checkLength("behavioral_assays_name_length", table.name, 1, 50),
    checkJson("behavioral_assays_licenses_is_array", table.licenses, "array"),
    checkFlag("behavioral_assays_is_public_is_flag", table.isPublic),
    index("behavioral_assays_name").on(table.name, table.id),
    index("behavioral_assays_is_public").on(table.isPublic),
  ],
);

export const behavioralAssayUsers = userLevels("behavioral_assay", () => behavioralAssays.id);
export const behavioralAssayGroups = groupLevels("behavioral_assay", () => behavioralAssays.id);
export const behavioralAssayTags = tagTable("behavioral_assay", () => behavioralAssays.id);

/** A store of consumables. */
export const inventories = sqliteTable(
  "inventories",
  {
    id: id(),
    name: text("name").notNull(),
    nameFolded: text("name_folded").notNull(),
    location: text("location").notNull().default(""),
    locationFolded: text("location_folded").notNull().default(""),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    isPublic: flag("is_public"),
    consumableStockCount: rowCount("consumable_stock_count"),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("inventories_id_is_uuid", table.id),
    checkLength("inventories_name_length", table.name, 1, 50),
    checkFlag("inventories_is_public_is_flag", table.isPublic),
    index("inventories_name").on(table.name, table.id),
    index("inventories_is_public").on(table.isPublic),
  ],
);

export const inventoryUsers = userLevels("inventory", () => inventories.id);
export const inventoryGroups = groupLevels("inventory", () => inventories.id);
export const inventoryTags = tagTable("inventory", () => inventories.id);

/** A device at a setup. */
export const equipment = sqliteTable(
  "equipment",
  {
    id: id(),
    name: text("name").notNull().default(""),
    nameFolded: text("name_folded").notNull().default(""),
    type: text("type").notNull(),
    notes: text("notes").notNull().default(""),
    notesFolded: text("notes_folded").notNull().default(""),
    setupId: text("setup_id")
      .notNull()
      .references(() => setups.id, { onDelete: "cascade" }),
    dateTime: instant("date_time"),
    consumable: text("consumable"),
    hardwareDevice: text("hardwaredevice"),
    details: text("details").notNull().default("{}"),
    typeSchemaVersion: text("type_schema_version").notNull().default(""),
    coordinatesSystem: text("coordinates_system").notNull(),
    coordinatesDetails: text("coordinates_details").notNull().default("{}"),
    coordinatesSchemaVersion: text("coordinates_schema_version").notNull().default(""),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    ...parentIndexes("equipment", table.setupId, table),
    checkUuid("equipment_id_is_uuid", table.id),
    checkLength("equipment_name_length", table.name, 0, 100),
    checkLength("equipment_notes_length", table.notes, 0, 500),
    checkJson("equipment_details_is_object", table.details, "object"),
    checkJson("equipment_coordinates_details_is_object", table.coordinatesDetails, "object"),
  ],
);

export const equipmentTags = tagTable("equipment", () => equipment.id);

/** A stock of one consumable in an inventory. */
export const consumableStocks = sqliteTable(
  "consumable_stocks",
  {
    id: id(),
    type: text("type").notNull(),
    status: text("status").notNull(),
    notes: text("notes").notNull().default(""),
    notesFolded: text("notes_folded").notNull().default(""),
    inventoryId: text("inventory_id")
      .notNull()
      .references(() => inventories.id, { onDelete: "cascade" }),
    acquisitionDate: day("acquisition_date"),
    expirationDate: day("expiration_date"),
    storageLocation: text("storage_location").notNull().default(""),
    storageLocationFolded: text("storage_location_folded").notNull().default(""),
    storageConditions: text("storage_conditions").notNull().default(""),
    storageConditionsFolded: text("storage_conditions_folded").notNull().default(""),
    intendedUse: text("intended_use").notNull().default(""),
    intendedUseFolded: text("intended_use_folded").notNull().default(""),
    cost: text("cost").notNull().default(""),
    costFolded: text("cost_folded").notNull().default(""),
    consumable: text("consumable"),
    details: text("details").notNull().default("{}"),
    typeSchemaVersion: text("type_schema_version").notNull().default(""),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    ...parentIndexes("consumable_stocks", table.inventoryId, table),
    checkUuid("consumable_stocks_id_is_uuid", table.id),
    checkLength("consumable_stocks_notes_length", table.notes, 0, 500),
    checkJson("consumable_stocks_details_is_object", table.details, "object"),
  ],
);

export const consumableStockTags = tagTable("consumable_stock", () => consumableStocks.id);

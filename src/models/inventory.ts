import { sql } from "drizzle-orm";
import { type AuditDraft, deletionOf } from "../audit/entries.ts";
import { consumableStocks, inventories, inventoryTags } from "../db/schema/setups.ts";
import { defineModel } from "../model/define.ts";
import * as field from "../model/fields.ts";
import { tags } from "../model/relations.ts";
import {
  groupsWithAccess,
  publicFlag,
  sharedWithMembers,
  usersWithAccess,
} from "../model/shared-with-members.ts";
import { consumableStock } from "./consumable-stock.ts";

/** An inventory: a store of consumables. */
export const inventory = defineModel({
  name: "inventory",
  plural: "inventories",
  titles: "inventories",
  help: "A store of consumables, such as the probes or the viruses of a lab.",
  path: "/personal_attributes/inventory",
  table: inventories,
  access: sharedWithMembers("inventory"),
  order: [inventories.name, inventories.id],
  search: { fields: ["name", "tags", "location", "description"] },
  fields: {
    id: field.id(inventories.id),
    name: field.name(inventories.name, inventories.nameFolded, {
      max: 50,
      help: "What the inventory is called, such as Probe inventory.",
    }),
    location: field.text(inventories.location, inventories.locationFolded, {
      max: 100,
      help: "Where the inventory is, such as a building and a room.",
    }),
    description: field.text(inventories.description, inventories.descriptionFolded, {
      max: 500,
      help: "What the inventory holds, and whom to ask about it.",
    }),
    is_public: publicFlag("inventory", {
      label: "Public",
      help: "Whether anyone may see the inventory without a token; only an owner changes it.",
    }),
    tags: tags({ table: inventoryTags, recordId: inventoryTags.recordId, id: inventories.id }),
    users: usersWithAccess("inventory"),
    authenticated_groups: groupsWithAccess("inventory"),
    created_date: field.createdDate(inventories.createdDate),
    updated_date: field.updatedDate(inventories.updatedDate),
  },
  removal: {
    audit: (id): readonly AuditDraft[] => [
      deletionOf(consumableStock, sql`${consumableStocks.inventoryId} = ${id}`),
    ],
  },
});

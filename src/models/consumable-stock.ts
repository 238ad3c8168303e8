import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import { type Caller, projectSetIsVisible } from "../db/access.ts";
import { consumableStocks, consumableStockTags, inventories } from "../db/schema/setups.ts";
import { procedures } from "../db/schema/subjects.ts";
import { defineModel } from "../model/define.ts";
import { objectDetails } from "../model/details.ts";
import * as field from "../model/fields.ts";
import { idBehind } from "../model/filter-only.ts";
import { sortedWithin, throughShared } from "../model/in-shared.ts";
import { type Related, reference, tags } from "../model/relations.ts";
import { OBJECT_SCHEMA } from "../query/field.ts";
import { DEFAULT_ORDER } from "../query/read-model.ts";
import { inventory } from "./inventory.ts";

/** The types of consumables for which BrainSTEM has schemas. */
const TYPES = [
  "ChemicalReagent",
  "ConsumableDevice",
  "ImmunoReagent",
  "ImplantMaterial",
  "OpticFiber",
  "OpticalComponent",
  "PharmacologicalAgent",
  "PhysiologicalSolution",
  "SiliconProbe",
  "SingleWireElectrode",
  "SurgicalDisposable",
  "TracerDye",
  "VirusSolution",
] as const;

/** Whether a stock can be used. */
const STATUSES = ["AVAILABLE", "RESERVED", "DEPLETED"] as const;

/** The procedures that used a stock, as far as the caller may see them. */
const usedIn = (caller: Caller, test: SQL) => sql`${procedures}
  WHERE ${test} AND ${projectSetIsVisible(caller, procedures.projectSetId)}`;

const usedOnSubject = idBehind(
  {
    cost: 6,
    where: (test, caller) =>
      sql`EXISTS (SELECT 1 FROM ${usedIn(
        caller,
        sql`${procedures.consumableStock} = ${consumableStocks.id} AND ${test({ column: procedures.subjectId })}`,
      )})`,
    candidates: (test, caller) => sql`SELECT ${procedures.consumableStock}
      FROM ${usedIn(caller, test({ column: procedures.subjectId }))}`,
  },
  { help: "A subject on which the stock was used, by one of its procedures." },
);

/** A consumable stock: what an inventory has of one consumable. */
export const consumableStock = defineModel({
  // The names have a space in the public API, and clients look for them.
  name: "consumable stock",
  plural: "consumable stocks",
  help: "What an inventory has of one consumable, such as probes, fibers or a virus.",
  path: "/modules/consumablestock",
  table: consumableStocks,
  access: throughShared({
    name: "inventory",
    kind: "inventory",
    id: consumableStocks.inventoryId,
    count: inventories.consumableStockCount,
    orders: { [DEFAULT_ORDER]: sortedWithin(consumableStocks.inventoryId, "created_date") },
  }),
  order: [consumableStocks.createdDate, consumableStocks.id],
  search: { fields: ["notes", "tags", "storage_location", "intended_use"] },
  fields: {
    id: field.id(consumableStocks.id),
    type: field.choice(consumableStocks.type, TYPES, {
      help: "The kind of consumable, such as SiliconProbe.",
    }),
    status: field.choiceOr(consumableStocks.status, STATUSES, {
      absent: "AVAILABLE",
      help: "Whether the stock can be used: AVAILABLE when absent, RESERVED or DEPLETED.",
    }),
    notes: field.text(consumableStocks.notes, consumableStocks.notesFolded, {
      max: 500,
      help: "Anything a reader should know of the stock, such as a batch number.",
    }),
    inventory: reference(consumableStocks.inventoryId, {
      table: inventories,
      name: { column: inventories.name, folded: inventories.nameFolded },
      model: (): Related => inventory,
      help: "The inventory that the stock belongs to; it says who may read and change the record.",
    }),
    acquisition_date: field.day(consumableStocks.acquisitionDate, {
      help: "The day when the stock was acquired; null when it is unknown.",
    }),
    expiration_date: field.day(consumableStocks.expirationDate, {
      help: "The day after which the stock must not be used; null when there is none.",
    }),
    storage_location: field.text(
      consumableStocks.storageLocation,
      consumableStocks.storageLocationFolded,
      {
        max: 100,
        help: "Where the stock is, such as a room, a cabinet and a shelf.",
      },
    ),
    storage_conditions: field.text(
      consumableStocks.storageConditions,
      consumableStocks.storageConditionsFolded,
      {
        max: 100,
        help: "How the stock must be kept, such as dry at 4 °C.",
      },
    ),
    intended_use: field.text(consumableStocks.intendedUse, consumableStocks.intendedUseFolded, {
      max: 100,
      help: "What the stock is for, such as acute recordings.",
    }),
    cost: field.text(consumableStocks.cost, consumableStocks.costFolded, {
      max: 100,
      help: "What the stock cost, with the currency, such as 500 USD.",
    }),
    consumable: field.outsideIdOrNull(consumableStocks.consumable, {
      help: "The BrainSTEM id of the consumable; null when it is unknown.",
    }),
    details: field.json(consumableStocks.details, z._default(objectDetails, {}), {
      shown: OBJECT_SCHEMA,
      help: "The parameters of this type of consumable as a JSON object, such as the quantity.",
    }),
    type_schema_version: field.version(consumableStocks.typeSchemaVersion, { current: "" }),
    tags: tags({
      table: consumableStockTags,
      recordId: consumableStockTags.recordId,
      id: consumableStocks.id,
    }),
    subject: usedOnSubject,
    created_date: field.createdDate(consumableStocks.createdDate),
    updated_date: field.updatedDate(consumableStocks.updatedDate),
  },
});

import { behavioralAssay } from "../../../src/models/behavioral-assay.ts";
import { consumableStock } from "../../../src/models/consumable-stock.ts";
import { equipment } from "../../../src/models/equipment.ts";
import { inventory } from "../../../src/models/inventory.ts";
import { setup } from "../../../src/models/setup.ts";
import {
  buildAssay,
  buildEquipment,
  buildInventory,
  buildSetup,
  buildStock,
  ELSEWHERE,
  unique,
} from "../builders.ts";
import { type Fixture, needsOf } from "./fixture.ts";

// Setups, assays and inventories are shared as data storages are; equipment and stocks belong to one of them.

const SHARED = { create: "anyone", remove: "owner" } as const;

export const setupFixture: Fixture = {
  needs: needsOf(setup, SHARED),
  build: async (sharing) => {
    const whole = { name: unique("written"), setup_type: ELSEWHERE };
    return {
      id: (await buildSetup(sharing)).id,
      bodies: {
        "POST /personal_attributes/setup": whole,
        "PUT /personal_attributes/setup/:id": whole,
        "PATCH /personal_attributes/setup/:id": { description: "changed" },
      },
    };
  },
};

export const behavioralAssayFixture: Fixture = {
  needs: needsOf(behavioralAssay, SHARED),
  build: async (sharing) => {
    const whole = {
      name: unique("written"),
      setup_type: ELSEWHERE,
      behavioral_paradigm: ELSEWHERE,
    };
    return {
      id: (await buildAssay(sharing)).id,
      bodies: {
        "POST /personal_attributes/behavioralassay": whole,
        "PUT /personal_attributes/behavioralassay/:id": whole,
        "PATCH /personal_attributes/behavioralassay/:id": { description: "changed" },
      },
    };
  },
};

export const inventoryFixture: Fixture = {
  needs: needsOf(inventory, SHARED),
  build: async (sharing) => ({
    id: (await buildInventory(sharing)).id,
    bodies: {
      "POST /personal_attributes/inventory": { name: unique("written") },
      "PUT /personal_attributes/inventory/:id": { name: unique("written") },
      "PATCH /personal_attributes/inventory/:id": { description: "changed" },
    },
  }),
};

export const equipmentFixture: Fixture = {
  needs: needsOf(equipment),
  build: async (sharing) => {
    const setup = await buildSetup(sharing);
    const whole = {
      type: "Camera",
      setup: setup.id,
      coordinates_system: "External_XYZ_Absolute",
    };
    return {
      id: (await buildEquipment(setup)).id,
      bodies: {
        "POST /modules/equipment": whole,
        "PUT /modules/equipment/:id": whole,
        "PATCH /modules/equipment/:id": { notes: "changed" },
      },
    };
  },
};

export const consumableStockFixture: Fixture = {
  needs: needsOf(consumableStock),
  build: async (sharing) => {
    const inventory = await buildInventory(sharing);
    const whole = { type: "OpticFiber", inventory: inventory.id };
    return {
      id: (await buildStock(inventory)).id,
      bodies: {
        "POST /modules/consumablestock": whole,
        "PUT /modules/consumablestock/:id": whole,
        "PATCH /modules/consumablestock/:id": { notes: "changed" },
      },
    };
  },
};

import { dataStorage as model } from "../../../src/models/data-storage.ts";
import { buildDataStorage, unique } from "../builders.ts";
import { type Fixture, needsOf } from "./fixture.ts";

export const dataStorageFixture: Fixture = {
  needs: needsOf(model, { create: "anyone", remove: "owner" }),
  build: async (sharing) => ({
    id: (await buildDataStorage(sharing)).id,
    bodies: {
      "POST /personal_attributes/datastorage": { name: unique("written") },
      "PUT /personal_attributes/datastorage/:id": { name: unique("written") },
      "PATCH /personal_attributes/datastorage/:id": { description: "changed" },
    },
  }),
};

import { buildDataStorage, unique } from "../builders.ts";
import type { Fixture } from "./fixture.ts";

export const dataStorageFixture: Fixture = {
  needs: {
    "GET /personal_attributes/datastorage": "anyone",
    "POST /personal_attributes/datastorage": "anyone",
    "GET /personal_attributes/datastorage/:id": "member",
    "PUT /personal_attributes/datastorage/:id": "contributor",
    "PATCH /personal_attributes/datastorage/:id": "contributor",
    "DELETE /personal_attributes/datastorage/:id": "owner",
  },
  build: async (held) => ({
    id: (await buildDataStorage(held)).id,
    bodies: {
      "POST /personal_attributes/datastorage": { name: unique("written") },
      "PUT /personal_attributes/datastorage/:id": { name: unique("written") },
      "PATCH /personal_attributes/datastorage/:id": { description: "changed" },
    },
  }),
};

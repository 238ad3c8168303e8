import { buildProject, unique } from "../builders.ts";
import type { Fixture } from "./fixture.ts";

export const projectFixture: Fixture = {
  needs: {
    "GET /stem/project": "anyone",
    "POST /stem/project": "anyone",
    "GET /stem/project/:id": "member",
    "PUT /stem/project/:id": "contributor",
    "PATCH /stem/project/:id": "contributor",
    "DELETE /stem/project/:id": "owner",
  },
  build: async (held) => ({
    id: (await buildProject(held)).id,
    bodies: {
      "POST /stem/project": { name: unique("written") },
      "PUT /stem/project/:id": { name: unique("written") },
      "PATCH /stem/project/:id": { description: "changed" },
    },
  }),
};

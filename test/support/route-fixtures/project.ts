import { project as model } from "../../../src/models/project.ts";
import { buildProject, unique } from "../builders.ts";
import { type Fixture, needsOf } from "./fixture.ts";

export const projectFixture: Fixture = {
  needs: needsOf(model, { create: "anyone", remove: "owner" }),
  build: async (sharing) => ({
    id: (await buildProject(sharing)).id,
    bodies: {
      "POST /stem/project": { name: unique("written") },
      "PUT /stem/project/:id": { name: unique("written") },
      "PATCH /stem/project/:id": { description: "changed" },
    },
  }),
};

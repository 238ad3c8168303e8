import { session as model } from "../../../src/models/session/session.ts";
import { buildDataStorage, buildProject, buildSession, unique } from "../builders.ts";
import { type Fixture, needsOf } from "./fixture.ts";

export const sessionFixture: Fixture = {
  needs: needsOf(model),
  build: async (sharing) => {
    const project = await buildProject(sharing);
    const storage = await buildDataStorage(sharing);
    const session = await buildSession({ projects: [project], dataStorages: [storage] });
    const whole = { name: unique("written"), projects: [project.id], datastorage: [storage.id] };
    return {
      id: session.id,
      bodies: {
        "POST /stem/session": whole,
        "PUT /stem/session/:id": whole,
        "PATCH /stem/session/:id": { description: "changed" },
      },
    };
  },
};

/** The sessions of a project: what stands for `:id` is the project's. */
export const sessionsOfProjectFixture: Fixture = {
  needs: { "GET /stem/project/:id/sessions": "member" },
  build: async (sharing) => {
    const project = await buildProject(sharing);
    await buildSession({ projects: [project] });
    return { id: project.id, bodies: {} };
  },
};

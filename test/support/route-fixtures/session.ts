import { buildDataStorage, buildProject, buildSession, unique } from "../builders.ts";
import type { Fixture } from "./fixture.ts";

export const sessionFixture: Fixture = {
  needs: {
    "GET /stem/session": "anyone",
    "POST /stem/session": "contributor",
    "GET /stem/session/:id": "member",
    "PUT /stem/session/:id": "contributor",
    "PATCH /stem/session/:id": "contributor",
    "DELETE /stem/session/:id": "contributor",
  },
  build: async (held) => {
    const project = await buildProject(held);
    const storage = await buildDataStorage(held);
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
  build: async (held) => {
    const project = await buildProject(held);
    await buildSession({ projects: [project] });
    return { id: project.id, bodies: {} };
  },
};

import { buildProject, buildSession } from "../builders.ts";
import type { Fixture } from "./fixture.ts";

export const historyFixture: Fixture = {
  needs: { "GET /stem/session/:id/history": "manager" },
  build: async (sharing) => {
    const project = await buildProject(sharing);
    const { id } = await buildSession({ projects: [project] });
    return { id, bodies: {} };
  },
};

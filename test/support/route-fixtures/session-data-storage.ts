import { buildDataStorage, buildProject, buildSession } from "../builders.ts";
import type { Fixture } from "./fixture.ts";

export const sessionDataStorageFixture: Fixture = {
  needs: {
    "GET /stem/sessiondatastorage": "anyone",
    "POST /stem/sessiondatastorage": "contributor",
    "POST /stem/sessiondatastorage/reorder": "contributor",
    "GET /stem/sessiondatastorage/:id": "member",
    "PATCH /stem/sessiondatastorage/:id": "contributor",
    "DELETE /stem/sessiondatastorage/:id": "contributor",
  },
  build: async (sharing) => {
    const project = await buildProject(sharing);
    const first = await buildDataStorage(sharing);
    const second = await buildDataStorage(sharing);
    const other = await buildDataStorage(sharing);
    const session = await buildSession({ projects: [project], dataStorages: [first, second] });
    return {
      id: session.associationIds[0] ?? "",
      bodies: {
        "POST /stem/sessiondatastorage": { session: session.id, datastorage: other.id },
        "POST /stem/sessiondatastorage/reorder": {
          session: session.id,
          datastorage: [second.id, first.id],
        },
        "PATCH /stem/sessiondatastorage/:id": { order: 1 },
      },
    };
  },
};

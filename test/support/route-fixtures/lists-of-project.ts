import { cohort } from "../../../src/models/cohort.ts";
import { collection } from "../../../src/models/collection.ts";
import {
  buildListOfProject,
  buildProject,
  buildSession,
  buildSubject,
  unique,
} from "../builders.ts";
import { type Fixture, needsOf } from "./fixture.ts";

export const collectionFixture: Fixture = {
  needs: needsOf(collection),
  build: async (sharing) => {
    const project = await buildProject(sharing);
    const session = await buildSession({ projects: [project] });
    const whole = { name: unique("written"), project: project.id, sessions: [session.id] };
    return {
      id: (await buildListOfProject("collections", project)).id,
      bodies: {
        "POST /stem/collection": whole,
        "PUT /stem/collection/:id": whole,
        "PATCH /stem/collection/:id": { description: "changed" },
      },
    };
  },
};

export const cohortFixture: Fixture = {
  needs: needsOf(cohort),
  build: async (sharing) => {
    const project = await buildProject(sharing);
    const subject = await buildSubject({ projects: [project] });
    const whole = { name: unique("written"), project: project.id, subjects: [subject.id] };
    return {
      id: (await buildListOfProject("cohorts", project)).id,
      bodies: {
        "POST /stem/cohort": whole,
        "PUT /stem/cohort/:id": whole,
        "PATCH /stem/cohort/:id": { description: "changed" },
      },
    };
  },
};

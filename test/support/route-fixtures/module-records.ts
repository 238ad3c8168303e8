import { buildProject, buildSession } from "../builders.ts";
import { buildNamed, buildRecord, RECORD_MODELS, type RecordModel } from "../module-records.ts";
import type { Fixture } from "./fixture.ts";

/** A record of a session asks what its session asks. */
function fixtureOf(model: RecordModel): Fixture {
  const { path, required } = model;
  return {
    needs: {
      [`GET ${path}` as const]: "anyone",
      [`POST ${path}` as const]: "contributor",
      [`GET ${path}/:id` as const]: "member",
      [`PUT ${path}/:id` as const]: "contributor",
      [`PATCH ${path}/:id` as const]: "contributor",
      [`DELETE ${path}/:id` as const]: "contributor",
    },
    build: async (sharing) => {
      const project = await buildProject(sharing);
      await buildNamed(sharing);
      const session = await buildSession({ projects: [project] });
      const record = await buildRecord(model, session);
      const whole = { session: session.id, ...required };
      return {
        id: record.id,
        bodies: {
          [`POST ${path}` as const]: whole,
          [`PUT ${path}/:id` as const]: { ...whole, notes: "replaced" },
          [`PATCH ${path}/:id` as const]: { notes: "changed" },
        },
      };
    },
  };
}

/** The fixtures of all records that belong to a session, by the name of their model. */
export const moduleRecordFixtures: Readonly<Record<string, Fixture>> = Object.fromEntries(
  RECORD_MODELS.map((model) => [model.one, fixtureOf(model)]),
);

import { once } from "../../domain/once.ts";
import { objectOrListDetails, schemaVersion } from "../../record/details.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import { readOnlyOfSession, shapeOfSession } from "../../record/of-session-write.ts";
import { choice, orElse, someUuids, uuids } from "../../record/values.ts";

/** The kinds of manipulations that BrainSTEM has schemas for. */
const MANIPULATION_TYPES = [
  "AuditoryStimulation",
  "DeepBrainStimulation",
  "ElectricalStimulation",
  "ElectromagneticFieldStimulation",
  "LiquidPerturbation",
  "Microperfusion",
  "MultisensoryStimulation",
  "OdorStimulation",
  "OptogeneticStimulation",
  "PharmacologicalInhalation",
  "PharmacologicalInjection",
  "PharmacologicalSuperfusion",
  "TactileStimulation",
  "ThermalPerturbation",
  "TranscranialElectricalStimulation",
  "TranscranialMagneticStimulation",
  "UltrasoundStimulation",
  "VisualStimulation",
] as const;

/** What a client writes of a manipulation; procedures and equipment live outside this service. */
export const manipulationInput = {
  shape: {
    ...shapeOfSession,
    type: once(() => choice(MANIPULATION_TYPES)),
    procedures: someUuids,
    equipment: orElse(uuids, []),
    details: orElse(objectOrListDetails, []),
    type_schema_version: schemaVersion,
  },
  readOnly: readOnlyOfSession,
} as const satisfies InputDeclaration;

export type ManipulationInput = InputOf<typeof manipulationInput>;

import { once } from "../../domain/once.ts";
import { objectDetails, schemaVersion } from "../../record/details.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import { readOnlyOfSession, shapeOfSession } from "../../record/of-session-write.ts";
import { choice, orElse, uuids } from "../../record/values.ts";

/** The kinds of recordings that BrainSTEM has schemas for. */
const DATA_ACQUISITION_TYPES = [
  "Audio",
  "BehavioralTracking",
  "ComputedTomography",
  "ConfocalMicroscopy",
  "Electroencephalography",
  "Electroneurogram",
  "ExtracellularEphys",
  "FiberPhotometry",
  "FunctionalMagneticResonanceImaging",
  "FunctionalUltrasoundImaging",
  "GeneralTimeSeries",
  "IntracellularEphys",
  "LightFieldMicroscopy",
  "MagneticResonanceImaging",
  "Magnetoencephalography",
  "Miniscope",
  "OpticalCoherenceTomography",
  "PositronEmissionTomography",
  "SinglePhotonEmissionComputedTomography",
  "SinglePhotonMicroscopy",
  "ThreePhotonMicroscopy",
  "TwoPhotonMicroscopy",
  "VideoTracking",
] as const;

/** What a client writes of a data acquisition; procedures and equipment live outside this service. */
export const dataAcquisitionInput = {
  shape: {
    ...shapeOfSession,
    type: once(() => choice(DATA_ACQUISITION_TYPES)),
    procedures: orElse(uuids, []),
    equipment: orElse(uuids, []),
    details: orElse(objectDetails, {}),
    type_schema_version: schemaVersion,
  },
  readOnly: [...readOnlyOfSession, "image"],
} as const satisfies InputDeclaration;

export type DataAcquisitionInput = InputOf<typeof dataAcquisitionInput>;

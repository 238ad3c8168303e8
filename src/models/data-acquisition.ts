import * as z from "zod/mini";
import { dataAcquisitions, epochDataAcquisitions } from "../db/schema/modules.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import { defineModel } from "../model/define.ts";
import { objectDetails } from "../model/details.ts";
import * as field from "../model/fields.ts";
import { datesInSession, placeInSession, throughSession } from "../model/in-session.ts";
import { sessionReference } from "../model/relations.ts";
import { OBJECT_SCHEMA } from "../query/field.ts";

/** The types of recordings for which BrainSTEM has schemas. */
const TYPES = [
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

/** A data acquisition: what one device or probe recorded in a session. */
export const dataAcquisition = defineModel({
  name: "data_acquisition",
  plural: "data_acquisitions",
  title: "data acquisition",
  path: "/modules/dataacquisition",
  table: dataAcquisitions,
  access: throughSession(
    dataAcquisitions,
    sessionProjects.dataAcquisitionCount,
    epochDataAcquisitions.dataAcquisitionId,
  ),
  order: [dataAcquisitions.sessionId, ...placeInSession(dataAcquisitions)],
  fields: {
    id: field.id(dataAcquisitions.id),
    type: field.choice(dataAcquisitions.type, TYPES),
    notes: field.text(dataAcquisitions.notes, dataAcquisitions.notesFolded, { max: 500 }),
    session: sessionReference(dataAcquisitions),
    procedures: field.outsideIds(dataAcquisitions.procedures),
    equipment: field.outsideIds(dataAcquisitions.equipment),
    details: field.json(dataAcquisitions.details, z._default(objectDetails, {}), OBJECT_SCHEMA),
    type_schema_version: field.version(dataAcquisitions.typeSchemaVersion),
    image: field.readOnlyTerm(dataAcquisitions.image),
    order: field.place(dataAcquisitions.position),
    ...datesInSession(dataAcquisitions),
  },
});

import * as z from "zod/mini";
import {
  dataAcquisitionEquipment,
  dataAcquisitionProcedures,
  dataAcquisitions,
  dataAcquisitionTags,
  epochDataAcquisitions,
} from "../db/schema/modules.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import { equipment as equipmentTable } from "../db/schema/setups.ts";
import { procedures } from "../db/schema/subjects.ts";
import { defineModel } from "../model/define.ts";
import { objectDetails } from "../model/details.ts";
import * as field from "../model/fields.ts";
import { datesInSession, throughSession } from "../model/in-session.ts";
import { mentions } from "../model/mentions.ts";
import { type Related, sessionReference, tags } from "../model/relations.ts";
import { OBJECT_SCHEMA } from "../query/field.ts";
import { equipment } from "./equipment.ts";
import { procedure } from "./procedure.ts";

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
  help: "What one device or probe recorded in a session.",
  path: "/modules/dataacquisition",
  table: dataAcquisitions,
  access: throughSession(
    dataAcquisitions,
    sessionProjects.dataAcquisitionCount,
    epochDataAcquisitions.dataAcquisitionId,
  ),
  order: [dataAcquisitions.sessionId, dataAcquisitions.place],
  fields: {
    id: field.id(dataAcquisitions.id),
    type: field.choice(dataAcquisitions.type, TYPES, {
      help: "The kind of recording, such as ExtracellularEphys.",
    }),
    notes: field.text(dataAcquisitions.notes, dataAcquisitions.notesFolded, {
      max: 500,
      help: "Anything a reader should know of the recording, such as a broken shank.",
    }),
    session: sessionReference(dataAcquisitions),
    procedures: mentions(dataAcquisitions.procedures, dataAcquisitionProcedures, {
      model: (): Related => procedure,
      table: procedures,
      help: "The procedures that made the recording possible, such as an implantation.",
    }),
    equipment: mentions(dataAcquisitions.equipment, dataAcquisitionEquipment, {
      model: (): Related => equipment,
      table: equipmentTable,
      name: { column: equipmentTable.name, folded: equipmentTable.nameFolded },
      help: "The devices that recorded.",
    }),
    details: field.json(dataAcquisitions.details, z._default(objectDetails, {}), {
      shown: OBJECT_SCHEMA,
      help: "The parameters of this type of recording as a JSON object, such as the sampling rate in Hz.",
    }),
    type_schema_version: field.version(dataAcquisitions.typeSchemaVersion),
    image: field.readOnlyTerm(dataAcquisitions.image, {
      help: "The address of a picture of the recording, when BrainSTEM has one; null otherwise.",
    }),
    order: field.place(dataAcquisitions.position),
    tags: tags({
      table: dataAcquisitionTags,
      recordId: dataAcquisitionTags.recordId,
      id: dataAcquisitions.id,
    }),
    ...datesInSession(dataAcquisitions),
  },
});

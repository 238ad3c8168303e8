import * as z from "zod/mini";
import {
  epochManipulations,
  manipulationEquipment,
  manipulationProcedures,
  manipulations,
  manipulationTags,
} from "../db/schema/modules.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import { equipment as equipmentTable } from "../db/schema/setups.ts";
import { procedures } from "../db/schema/subjects.ts";
import { defineModel } from "../model/define.ts";
import { objectOrListDetails } from "../model/details.ts";
import * as field from "../model/fields.ts";
import { datesInSession, throughSession } from "../model/in-session.ts";
import { mentions } from "../model/mentions.ts";
import { type Related, sessionReference, tags } from "../model/relations.ts";
import { equipment } from "./equipment.ts";
import { procedure } from "./procedure.ts";

/** The types of manipulations for which BrainSTEM has schemas. */
const TYPES = [
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

/** A manipulation: what was done to the subjects in a session. */
export const manipulation = defineModel({
  name: "manipulation",
  plural: "manipulations",
  help: "What was done to the subjects in a session, such as a stimulation or an injection.",
  path: "/modules/manipulation",
  table: manipulations,
  access: throughSession(
    manipulations,
    sessionProjects.manipulationCount,
    epochManipulations.manipulationId,
  ),
  order: [manipulations.sessionId, manipulations.place],
  fields: {
    id: field.id(manipulations.id),
    type: field.choice(manipulations.type, TYPES, {
      help: "The kind of manipulation, such as OptogeneticStimulation.",
    }),
    notes: field.text(manipulations.notes, manipulations.notesFolded, {
      max: 500,
      help: "Anything a reader should know of the manipulation, such as a dose that was changed.",
    }),
    procedures: mentions(manipulations.procedures, manipulationProcedures, {
      isRequired: true,
      model: (): Related => procedure,
      table: procedures,
      help: "The procedures that were applied; at least one.",
    }),
    session: sessionReference(manipulations),
    equipment: mentions(manipulations.equipment, manipulationEquipment, {
      model: (): Related => equipment,
      table: equipmentTable,
      name: { column: equipmentTable.name, folded: equipmentTable.nameFolded },
      help: "The devices that were used, such as a laser.",
    }),
    details: field.json(manipulations.details, z._default(objectOrListDetails, []), {
      shown: { type: ["object", "array"] },
      help: "The parameters of this type of manipulation as a JSON object or list, such as the wavelength in nm.",
    }),
    type_schema_version: field.version(manipulations.typeSchemaVersion),
    order: field.place(manipulations.position),
    tags: tags({
      table: manipulationTags,
      recordId: manipulationTags.recordId,
      id: manipulations.id,
    }),
    ...datesInSession(manipulations),
  },
});

import { sql } from "drizzle-orm";
import * as z from "zod/mini";
import { type AuditDraft, deletionOf } from "../audit/entries.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import { consumableStocks, equipment as equipmentTable } from "../db/schema/setups.ts";
import {
  procedureEquipment,
  procedureLogs,
  procedures,
  procedureTags,
  subjects,
} from "../db/schema/subjects.ts";
import { defineModel } from "../model/define.ts";
import { objectDetails } from "../model/details.ts";
import * as field from "../model/fields.ts";
import { throughParent } from "../model/in-parent.ts";
import { toSubject } from "../model/in-subject.ts";
import { byCreation, sortedBy } from "../model/list-orders.ts";
import { mentionOrNull, mentions } from "../model/mentions.ts";
import { parentReference, type Related, tags } from "../model/relations.ts";
import { instantField, OBJECT_SCHEMA } from "../query/field.ts";
import { consumableStock } from "./consumable-stock.ts";
import { coordinates } from "./coordinates.ts";
import { equipment } from "./equipment.ts";
import { historyOf } from "./history-entry.ts";
import { procedureLog } from "./procedure-log.ts";
import { subject } from "./subject.ts";

/** The types of procedures for which BrainSTEM has schemas. */
const TYPES = [
  "Anesthesia",
  "AuditoryStimulation",
  "BarbiturateInjection",
  "BehavioralTracking",
  "BloodPressureSensorImplant",
  "BrainExtraction",
  "BrainLesion",
  "BrainSlice",
  "BreathingSensorImplant",
  "BurrHole",
  "CatheterImplant",
  "CervicalDislocation",
  "Co2ChamberEuthanasia",
  "CranialWindow",
  "Craniectomy",
  "Craniotomy",
  "Cryosectioning",
  "Decapitation",
  "EcgImplant",
  "EegImplant",
  "EmgImplant",
  "GenericImplant",
  "GrinLensImplant",
  "HeadFixation",
  "Headcap",
  "Headpost",
  "InhalantOverdose",
  "Injection",
  "NerveCuffImplant",
  "OdorStimulation",
  "OpticFiberImplant",
  "PerfusionFixation",
  "PrismImplant",
  "ReferenceElectrodeImplant",
  "SiliconProbeImplant",
  "SingleWireElectrodeImplant",
  "TactileStimulation",
  "TemperatureSensorImplant",
  "TetrodeWireElectrodeImplant",
  "TissueClearing",
  "VibratomeSectioning",
  "VirusInjection",
  "VisualStimulation",
] as const;

/** A procedure: a surgery, an injection or another intervention on a subject. */
const PLACE = byCreation(procedures);

export const procedure = defineModel({
  name: "procedure",
  plural: "procedures",
  help: "A surgery, an injection or another intervention on a subject.",
  path: "/modules/procedure",
  table: procedures,
  access: throughParent(toSubject(procedures), sessionProjects.procedureCount, PLACE, {
    date_time: sortedBy(procedures, procedures.dateTime),
  }),
  order: [procedures.subjectId, ...PLACE.keys],
  search: { fields: ["notes", "tags", "subject.name"] },
  fields: {
    id: field.id(procedures.id),
    type: field.choice(procedures.type, TYPES, {
      help: "The kind of procedure, such as SiliconProbeImplant.",
    }),
    notes: field.text(procedures.notes, procedures.notesFolded, {
      max: 500,
      help: "Anything a reader should know of the procedure, such as a complication.",
    }),
    subject: parentReference(toSubject(procedures), {
      name: { column: subjects.name, folded: subjects.nameFolded },
      model: (): Related => subject,
    }),
    date_time: field.instant(procedures.dateTime, {
      label: "Date and time",
      help: "When the procedure was done; null when it is unknown.",
    }),
    consumablestock: mentionOrNull(procedures.consumableStock, {
      model: (): Related => consumableStock,
      table: consumableStocks,
      label: "Consumable stock",
      help: "The stock that was used, such as that of the implanted probe; null for none.",
    }),
    equipment: mentions(procedures.equipment, procedureEquipment, {
      model: (): Related => equipment,
      table: equipmentTable,
      name: { column: equipmentTable.name, folded: equipmentTable.nameFolded },
      help: "The devices that were used.",
    }),
    brain_region: field.outsideIdOrNull(procedures.brainRegion, {
      help: "The BrainSTEM id of the brain region that was aimed at; null for none.",
    }),
    licenses: field.outsideIds(procedures.licenses, {
      help: "The BrainSTEM ids of the licenses that allow the procedure.",
    }),
    details: field.json(procedures.details, z._default(objectDetails, {}), {
      shown: OBJECT_SCHEMA,
      help: "The parameters of this type of procedure as a JSON object, such as the id of the probe.",
    }),
    type_schema_version: field.version(procedures.typeSchemaVersion, { current: "" }),
    ...coordinates(procedures),
    tags: tags({ table: procedureTags, recordId: procedureTags.recordId, id: procedures.id }),
    created_at: field.readOnly(instantField(procedures.createdDate), {
      help: "When the record was created, in UTC.",
    }),
    updated_at: field.readOnly(instantField(procedures.updatedDate), {
      help: "When the record was last changed, in UTC.",
    }),
    created_date: field.createdDate(procedures.createdDate),
    updated_date: field.updatedDate(procedures.updatedDate),
  },
  removal: {
    audit: (id): readonly AuditDraft[] => [
      deletionOf(procedureLog, sql`${procedureLogs.procedureId} = ${id}`),
    ],
  },
  subLists: [historyOf("procedure")],
});

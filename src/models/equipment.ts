import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import { type Caller, projectSetIsVisible } from "../db/access.ts";
import {
  dataAcquisitionEquipment,
  dataAcquisitions,
  manipulationEquipment,
  manipulations,
} from "../db/schema/modules.ts";
import { equipmentTags, setups, equipment as table } from "../db/schema/setups.ts";
import { defineModel } from "../model/define.ts";
import { objectDetails } from "../model/details.ts";
import * as field from "../model/fields.ts";
import { idBehind } from "../model/filter-only.ts";
import { sortedWithin, throughShared } from "../model/in-shared.ts";
import { type Related, reference, tags } from "../model/relations.ts";
import { OBJECT_SCHEMA } from "../query/field.ts";
import type { Target } from "../query/operators.ts";
import { DEFAULT_ORDER } from "../query/read-model.ts";
import { coordinates } from "./coordinates.ts";
import { setup } from "./setup.ts";

/** The types of equipment for which BrainSTEM has schemas. */
const TYPES = [
  "Amplifier",
  "AnesthesiaSystem",
  "AntiVibrationTable",
  "BehaviorRig",
  "BiosafetyCabinet",
  "Camera",
  "Computer",
  "DataAcquisitionSystem",
  "DrugDeliverySystem",
  "ElectroencephalographySystem",
  "ElectromyographyMachine",
  "ElectronicComponent",
  "EphysRig",
  "FiberPhotometrySystem",
  "FloatingAirPlatform",
  "ForcePlate",
  "FumeHood",
  "GlassMicropipettePuller",
  "HumidityController",
  "HumiditySensor",
  "InjectionSystem",
  "IontophoresisStimulator",
  "Laser",
  "LedDriver",
  "LightEmitter",
  "LightSensor",
  "MagneticResonanceImagingSystem",
  "MagnetoencephalographySystem",
  "Magnetometer",
  "Microcontroller",
  "Micromanipulator",
  "Microphone",
  "Microscope",
  "Miniscope",
  "Monitor",
  "MotionTrackingSystem",
  "NoiseIsolationChamber",
  "OnePhotonMicroscope",
  "OphysRig",
  "OpticalCoherenceTomography",
  "Oscilloscope",
  "PerfusionSystem",
  "Photodetector",
  "PressureSensor",
  "RunningWheel",
  "SignalProcessingUnit",
  "SingleBoardComputer",
  "SinglePhotonEmissionComputedTomography",
  "Speaker",
  "StereotaxicFrame",
  "StimulationDevice",
  "SurgicalPowerTool",
  "TemperatureSensor",
  "ThermalController",
  "ThreePhotonMicroscopy",
  "Treadmill",
  "TwoPhotonMicroscope",
  "UltrasoundImagingSystem",
] as const;

/** The records of sessions that name equipment, and the tables that find them. */
const USERS = [
  [dataAcquisitions, dataAcquisitionEquipment],
  [manipulations, manipulationEquipment],
] as const;

/** The ids of the equipment that sessions name which pass a test and that the caller may see. */
const namedBy = (caller: Caller, test: (target: Target) => SQL) =>
  sql.join(
    USERS.map(
      ([records, mentions]) => sql`SELECT ${mentions.mentionedId} FROM ${records}
        JOIN ${mentions} ON ${mentions.recordId} = ${records.id}
        WHERE ${test({ column: records.sessionId })}
        AND ${projectSetIsVisible(caller, records.projectSetId)}`,
    ),
    sql` UNION ALL `,
  );

/** The same, for one device: it reads the records that name the device, and no others. */
const isNamedBy = (caller: Caller, test: (target: Target) => SQL) =>
  sql.join(
    USERS.map(
      ([records, mentions]) => sql`EXISTS (SELECT 1 FROM ${mentions}
        CROSS JOIN ${records} ON ${records.id} = ${mentions.recordId}
        WHERE ${mentions.mentionedId} = ${table.id} AND ${test({ column: records.sessionId })}
        AND ${projectSetIsVisible(caller, records.projectSetId)})`,
    ),
    sql` OR `,
  );

const usedInSession = idBehind(
  {
    cost: 10,
    where: (test, caller) => sql`(${isNamedBy(caller, test)})`,
    candidates: (test, caller) => namedBy(caller, test),
  },
  { help: "A session whose data acquisitions or manipulations name the device." },
);

/** Equipment: a device at a setup. */
export const equipment = defineModel({
  name: "equipment",
  plural: "equipment",
  titles: "equipment",
  help: "A device at a setup, such as an amplifier or a camera.",
  path: "/modules/equipment",
  table,
  access: throughShared({
    name: "setup",
    kind: "setup",
    id: table.setupId,
    count: setups.equipmentCount,
    orders: { [DEFAULT_ORDER]: sortedWithin(table.setupId, "created_date") },
  }),
  order: [table.createdDate, table.id],
  search: { fields: ["name", "tags", "notes"] },
  fields: {
    id: field.id(table.id),
    name: field.text(table.name, table.nameFolded, {
      max: 100,
      help: "What the device is called, such as Headstage amplifier.",
    }),
    type: field.choice(table.type, TYPES, {
      help: "The kind of device, such as Amplifier.",
    }),
    notes: field.text(table.notes, table.notesFolded, {
      max: 500,
      help: "Anything a reader should know of the device, such as a repair.",
    }),
    setup: reference(table.setupId, {
      table: setups,
      name: { column: setups.name, folded: setups.nameFolded },
      model: (): Related => setup,
      help: "The setup that the device belongs to; it says who may read and change the record.",
    }),
    date_time: field.instant(table.dateTime, {
      label: "Date and time",
      help: "When the device was installed; null when it is unknown.",
    }),
    consumable: field.outsideIdOrNull(table.consumable, {
      help: "The BrainSTEM id of the consumable; null for none.",
    }),
    hardwaredevice: field.outsideIdOrNull(table.hardwareDevice, {
      label: "Hardware device",
      help: "The BrainSTEM id of the hardware device, which names its maker; null when it is unknown.",
    }),
    details: field.json(table.details, z._default(objectDetails, {}), {
      shown: OBJECT_SCHEMA,
      help: "The parameters of this type of device as a JSON object.",
    }),
    type_schema_version: field.version(table.typeSchemaVersion, { current: "1.0.0" }),
    ...coordinates(table),
    tags: tags({ table: equipmentTags, recordId: equipmentTags.recordId, id: table.id }),
    session: usedInSession,
    created_date: field.createdDate(table.createdDate),
    updated_date: field.updatedDate(table.updatedDate),
  },
});

import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import { objectDetails } from "../model/details.ts";
import * as field from "../model/fields.ts";
import { OBJECT_SCHEMA } from "../query/field.ts";

/** The coordinate systems for which BrainSTEM has schemas. */
const SYSTEMS = [
  "CCF_XYZ_Absolute",
  "External_XYZ_Absolute",
  "Stereotaxic_BregmaAbsolute",
  "Stereotaxic_BregmaBrainSurface",
  "Stereotaxic_LambdaAbsolute",
  "Stereotaxic_LambdaBrainSurface",
] as const;

/** Where something is: the coordinate system, the coordinates in it, and the version of their schema. */
export const coordinates = (
  table: Readonly<
    Record<"coordinatesSystem" | "coordinatesDetails" | "coordinatesSchemaVersion", SQLiteColumn>
  >,
) => ({
  coordinates_system: field.choice(table.coordinatesSystem, SYSTEMS, {
    help: "The system of the coordinates, such as Stereotaxic_BregmaAbsolute.",
  }),
  coordinates_details: field.json(table.coordinatesDetails, z._default(objectDetails, {}), {
    shown: OBJECT_SCHEMA,
    label: "Coordinates",
    help: "The coordinates as a JSON object, in mm and degrees, such as apCoordinate and apAngle.",
  }),
  coordinates_schema_version: field.version(table.coordinatesSchemaVersion, { of: "coordinates" }),
});

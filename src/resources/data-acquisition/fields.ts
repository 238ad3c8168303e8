import { sql } from "drizzle-orm";
import { dataAcquisitions } from "../../db/schema/modules.ts";
import {
  askedInstant,
  IDS_SCHEMA,
  idField,
  jsonField,
  numberField,
  OBJECT_SCHEMA,
  plainTextField,
  referenceField,
  textField,
} from "../../query/field.ts";
import type { Resource } from "../../query/resource.ts";
import { seenWithSession } from "../../record/of-session.ts";

/** A data acquisition: what one device or probe recorded in a session. */
export const dataAcquisition: Resource = {
  name: "dataacquisition",
  listName: "data_acquisitions",
  title: "data acquisition",
  viewPermission: "view_project",
  table: sql`${dataAcquisitions}`,
  id: sql`${dataAcquisitions.id}`,
  fields: {
    id: idField(dataAcquisitions.id),
    session: referenceField(dataAcquisitions.sessionId),
    type: plainTextField(dataAcquisitions.type),
    notes: textField(dataAcquisitions.notes, dataAcquisitions.notesFolded),
    procedures: jsonField(dataAcquisitions.procedures, IDS_SCHEMA),
    equipment: jsonField(dataAcquisitions.equipment, IDS_SCHEMA),
    details: jsonField(dataAcquisitions.details, OBJECT_SCHEMA),
    type_schema_version: plainTextField(dataAcquisitions.typeSchemaVersion),
    image: plainTextField(dataAcquisitions.image),
    order: numberField(dataAcquisitions.position, "integer"),
    created_date: askedInstant(dataAcquisitions.createdDate),
    updated_date: askedInstant(dataAcquisitions.updatedDate),
  },
  defaultOrder: [
    sql`${dataAcquisitions.sessionId}`,
    sql`${dataAcquisitions.position}`,
    sql`${dataAcquisitions.id}`,
  ],
  ...seenWithSession(dataAcquisitions.sessionId),
};

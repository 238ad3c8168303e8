import { sql } from "drizzle-orm";
import { dataAcquisitions } from "../../db/schema/modules.ts";
import {
  askedInstant,
  idField,
  jsonField,
  numberField,
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
    procedures: jsonField(dataAcquisitions.procedures),
    equipment: jsonField(dataAcquisitions.equipment),
    details: jsonField(dataAcquisitions.details),
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

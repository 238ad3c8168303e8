import { dataAcquisitions } from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import {
  askedInstant,
  idField,
  jsonField,
  numberField,
  OBJECT_SCHEMA,
  outsideIdsField,
  plainTextField,
  textField,
} from "../../query/field.ts";
import type { Resource } from "../../query/resource.ts";
import { resourceOfSession, sessionField } from "../../record/of-session.ts";

/** A data acquisition: what one device or probe recorded in a session. */
export const dataAcquisition: Resource = resourceOfSession(dataAcquisitions, {
  name: "data_acquisition",
  listName: "data_acquisitions",
  title: "data acquisition",
  fields: once(() => ({
    id: idField(dataAcquisitions.id),
    type: plainTextField(dataAcquisitions.type),
    notes: textField(dataAcquisitions.notes, dataAcquisitions.notesFolded),
    session: sessionField(dataAcquisitions.sessionId),
    procedures: outsideIdsField(dataAcquisitions.procedures),
    equipment: outsideIdsField(dataAcquisitions.equipment),
    details: jsonField(dataAcquisitions.details, OBJECT_SCHEMA),
    type_schema_version: plainTextField(dataAcquisitions.typeSchemaVersion),
    image: plainTextField(dataAcquisitions.image),
    order: numberField(dataAcquisitions.position, "integer"),
    created_date: askedInstant(dataAcquisitions.createdDate),
    updated_date: askedInstant(dataAcquisitions.updatedDate),
  })),
});

import { sql } from "drizzle-orm";
import { manipulations } from "../../db/schema/modules.ts";
import {
  askedInstant,
  IDS_SCHEMA,
  idField,
  jsonField,
  numberField,
  plainTextField,
  referenceField,
  textField,
} from "../../query/field.ts";
import type { Resource } from "../../query/resource.ts";
import { seenWithSession } from "../../record/of-session.ts";

/** A manipulation: what was done to the subjects in a session. */
export const manipulation: Resource = {
  name: "manipulation",
  listName: "manipulations",
  title: "manipulation",
  viewPermission: "view_project",
  table: sql`${manipulations}`,
  id: sql`${manipulations.id}`,
  fields: {
    id: idField(manipulations.id),
    session: referenceField(manipulations.sessionId),
    type: plainTextField(manipulations.type),
    notes: textField(manipulations.notes, manipulations.notesFolded),
    procedures: jsonField(manipulations.procedures, IDS_SCHEMA),
    equipment: jsonField(manipulations.equipment, IDS_SCHEMA),
    details: jsonField(manipulations.details, { type: ["object", "array"] }),
    type_schema_version: plainTextField(manipulations.typeSchemaVersion),
    order: numberField(manipulations.position, "integer"),
    created_date: askedInstant(manipulations.createdDate),
    updated_date: askedInstant(manipulations.updatedDate),
  },
  defaultOrder: [
    sql`${manipulations.sessionId}`,
    sql`${manipulations.position}`,
    sql`${manipulations.id}`,
  ],
  ...seenWithSession(manipulations.sessionId),
};

import { manipulations } from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import {
  askedInstant,
  idField,
  jsonField,
  numberField,
  outsideIdsField,
  plainTextField,
  textField,
} from "../../query/field.ts";
import type { Resource } from "../../query/resource.ts";
import { resourceOfSession, sessionField } from "../../record/of-session.ts";

/** A manipulation: what was done to the subjects in a session. */
export const manipulation: Resource = resourceOfSession(manipulations, {
  name: "manipulation",
  listName: "manipulations",
  title: "manipulation",
  fields: once(() => ({
    id: idField(manipulations.id),
    type: plainTextField(manipulations.type),
    notes: textField(manipulations.notes, manipulations.notesFolded),
    procedures: outsideIdsField(manipulations.procedures),
    session: sessionField(manipulations.sessionId),
    equipment: outsideIdsField(manipulations.equipment),
    details: jsonField(manipulations.details, { type: ["object", "array"] }),
    type_schema_version: plainTextField(manipulations.typeSchemaVersion),
    order: numberField(manipulations.position, "integer"),
    created_date: askedInstant(manipulations.createdDate),
    updated_date: askedInstant(manipulations.updatedDate),
  })),
});

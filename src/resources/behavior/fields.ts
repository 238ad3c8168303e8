import { behaviors } from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import {
  askedInstant,
  idField,
  numberField,
  outsideIdsField,
  referenceField,
  textField,
} from "../../query/field.ts";
import type { Resource } from "../../query/resource.ts";
import { resourceOfSession, sessionField } from "../../record/of-session.ts";

/** A behavior: what the subjects did in a session. */
export const behavior: Resource = resourceOfSession(behaviors, {
  name: "behavior",
  listName: "behaviors",
  title: "behavior",
  fields: once(() => ({
    id: idField(behaviors.id),
    session: sessionField(behaviors.sessionId),
    subjects: outsideIdsField(behaviors.subjects),
    setup: referenceField(behaviors.setup),
    behavioralassay: referenceField(behaviors.behavioralassay),
    notes: textField(behaviors.notes, behaviors.notesFolded),
    order: numberField(behaviors.position, "integer"),
    created_date: askedInstant(behaviors.createdDate),
    updated_date: askedInstant(behaviors.updatedDate),
  })),
});

import { sql } from "drizzle-orm";
import { behaviors } from "../../db/schema/modules.ts";
import {
  askedInstant,
  IDS_SCHEMA,
  idField,
  jsonField,
  numberField,
  referenceField,
  textField,
} from "../../query/field.ts";
import type { Resource } from "../../query/resource.ts";
import { seenWithSession } from "../../record/of-session.ts";

/** A behavior: what the subjects did in a session. */
export const behavior: Resource = {
  name: "behavior",
  listName: "behaviors",
  title: "behavior",
  viewPermission: "view_project",
  table: sql`${behaviors}`,
  id: sql`${behaviors.id}`,
  fields: {
    id: idField(behaviors.id),
    session: referenceField(behaviors.sessionId),
    subjects: jsonField(behaviors.subjects, IDS_SCHEMA),
    setup: referenceField(behaviors.setup),
    behavioralassay: referenceField(behaviors.behavioralAssay),
    notes: textField(behaviors.notes, behaviors.notesFolded),
    order: numberField(behaviors.position, "integer"),
    created_date: askedInstant(behaviors.createdDate),
    updated_date: askedInstant(behaviors.updatedDate),
  },
  defaultOrder: [sql`${behaviors.sessionId}`, sql`${behaviors.position}`, sql`${behaviors.id}`],
  ...seenWithSession(behaviors.sessionId),
};

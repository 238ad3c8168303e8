import { sql } from "drizzle-orm";
import { epochs } from "../../db/schema/modules.ts";
import {
  askedInstant,
  idField,
  numberField,
  referenceField,
  textField,
} from "../../query/field.ts";
import type { Resource } from "../../query/resource.ts";
import { seenWithSession } from "../../record/of-session.ts";

/** An epoch: a stretch of a session, in seconds from its start. */
export const epoch: Resource = {
  name: "epoch",
  listName: "epochs",
  title: "epoch",
  viewPermission: "view_project",
  table: sql`${epochs}`,
  id: sql`${epochs.id}`,
  fields: {
    id: idField(epochs.id),
    session: referenceField(epochs.sessionId),
    name: textField(epochs.name, epochs.nameFolded),
    start: numberField(epochs.start, "number"),
    end: numberField(epochs.end, "number"),
    notes: textField(epochs.notes, epochs.notesFolded),
    order: numberField(epochs.position, "integer"),
    created_date: askedInstant(epochs.createdDate),
    updated_date: askedInstant(epochs.updatedDate),
  },
  defaultOrder: [sql`${epochs.sessionId}`, sql`${epochs.position}`, sql`${epochs.id}`],
  ...seenWithSession(epochs.sessionId),
};

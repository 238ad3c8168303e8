import { levelOn, type Viewer } from "../../db/access.ts";
import { sql } from "../../db/sql.ts";
import { history, users } from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import { LEVEL_FOR } from "../../domain/permission.ts";
import {
  idOfNumber,
  instantField,
  jsonField,
  onColumn,
  plainTextField,
} from "../../query/field.ts";
import type { Field, Resource } from "../../query/resource.ts";

/** The email of whoever did it, null for the administrator's command. */
const userField = (): Field => ({
  schema: { type: ["string", "null"] },
  json: () => sql`json_quote((SELECT ${users.email} FROM ${users}
    WHERE ${users.id} = ${history.userId}))`,
});

/** The viewer manages one of the projects that the record was in at the time. */
const managed = (viewer: Viewer) => sql`EXISTS (
  SELECT 1 FROM json_each(${history.projects}) AS of_record
  WHERE ${levelOn(viewer, "project", sql`of_record.value`)} >= ${sql.raw(String(LEVEL_FOR.manage))})`;

/** One entry of a record's history: who did what to it, when, and what of it changed. */
export const historyEntry: Resource = {
  name: "history_entry",
  listName: "history",
  title: "history entry",
  viewPermission: "manage_project",
  table: history,
  id: history.id,
  fields: once(() => ({
    id: idOfNumber(history.id),
    date_time: instantField(history.dateTime),
    user: userField(),
    action: plainTextField(history.action),
    model: plainTextField(history.model),
    record: {
      schema: { type: "string", format: "uuid" },
      json: () => sql`json_quote(${history.recordId})`,
      filters: { "": onColumn("id", { column: history.recordId }) },
    },
    changes: jsonField(history.changes, { type: "object" }),
  })),
  defaultOrder: [history.id],
  visible: managed,
  readable: managed,
};

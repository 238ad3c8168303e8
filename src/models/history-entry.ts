import { sql } from "drizzle-orm";
import { type Caller, levelOn } from "../db/access.ts";
import { history } from "../db/schema/history.ts";
import { users } from "../db/schema/users.ts";
import { readOnly as readOnlyAccess } from "../model/access.ts";
import { defineModel, type SubList } from "../model/define.ts";
import type { Field } from "../model/field.ts";
import { readOnly, readOnlyTerm } from "../model/fields.ts";
import type { Precondition } from "../model/precondition.ts";
import { idOfNumber, instantField, jsonField, onColumn } from "../query/field.ts";
import type { ReadModel } from "../query/read-model.ts";
import { LEVEL_FOR } from "../values/permission.ts";

const userField: Field = {
  help: "The email of the user who made the change; null when it was the administrator's command.",
  input: "read-only",
  schema: { type: ["string", "null"] },
  json: () => sql`json_quote((SELECT ${users.email} FROM ${users}
    WHERE ${users.id} = ${history.userId}))`,
};

/** The caller manages one of the projects that the record was in at the time of the entry. */
const managed = (caller: Caller) => sql`EXISTS (
  SELECT 1 FROM json_each(${history.projects}) AS of_record
  WHERE ${levelOn(caller, "project", sql`of_record.value`)} >= ${sql.raw(String(LEVEL_FOR.manage))})`;

/** One audit entry of a record: who did what, when, and which fields changed. */
export const historyEntry = defineModel({
  name: "history_entry",
  plural: "history",
  title: "history entry",
  titles: "history entries",
  help: "One change of a record: who did what, when, and which fields changed.",
  path: "/history",
  table: history,
  portals: ["private"],
  verbs: [],
  access: readOnlyAccess({ viewPermission: "manage_project", visible: managed, readable: managed }),
  order: [history.id],
  fields: {
    id: readOnly(idOfNumber(history.id), {
      label: "ID",
      help: "The number of the entry; later entries have higher ones.",
    }),
    date_time: readOnly(instantField(history.dateTime), {
      label: "Date and time",
      help: "When the change was made, in UTC.",
    }),
    user: userField,
    action: readOnlyTerm(history.action, {
      help: "What was done: create, change or delete.",
    }),
    model: readOnlyTerm(history.model, {
      help: "The model of the record, such as session or epoch.",
    }),
    record: {
      help: "The id of the record that was changed.",
      input: "read-only",
      schema: { type: "string", format: "uuid" },
      json: () => sql`json_quote(${history.recordId})`,
      filters: { "": onColumn("id", { column: history.recordId }) },
    },
    changes: readOnly(jsonField(history.changes, { type: "object" }), {
      help: "Each field that changed, with its value before and after.",
    }),
  },
});

/**
 * The history of one record of a model, oldest first. The caller sees the entries from the times when the
 * record was in a project that the caller manages now. The history remains when the record is deleted.
 */
export const historyOf = (title: string): SubList => ({
  path: "/:id/history",
  summary: `Read who created, changed and deleted a ${title}, and what of it`,
  portals: ["private"],
  model: () => historyEntry,
  filter: (id) => ({ path: "record", operator: "eq", negated: false, values: [id] }),
  precondition: historyIsOpen,
});

/** The caller manages a project that the record is in, or was in at some time in its history. */
function historyIsOpen(
  { table, id: recordId, projectIds = sql`'[]'` }: ReadModel,
  id: string,
): Precondition {
  const hidden = { kind: "hidden", model: "history", permission: "manage_project" };
  const entries = sql`${history} WHERE ${history.recordId} = ${id}`;
  const record = sql`${table} WHERE ${recordId} = ${id}`;
  return (caller) => {
    const managesOne = sql`${levelOn(caller, "project", sql`ids.value`)} >= ${LEVEL_FOR.manage}`;
    return sql`SELECT violation FROM (SELECT CASE
        WHEN EXISTS (SELECT 1 FROM (SELECT ${projectIds} AS list FROM ${record}), json_each(list) AS ids
          WHERE ${managesOne}) THEN NULL
        WHEN EXISTS (SELECT 1 FROM (SELECT ${history.projects} AS list FROM ${entries}),
          json_each(list) AS ids WHERE ${managesOne}) THEN NULL
        WHEN EXISTS (SELECT 1 FROM ${record}) OR EXISTS (SELECT 1 FROM ${entries})
          THEN ${JSON.stringify(hidden)}
        ELSE '{"kind":"absent"}' END AS violation) WHERE violation IS NOT NULL`;
  };
}

import { sql } from "../../db/sql.ts";
import { epochs } from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import {
  askedInstant,
  IDS_SCHEMA,
  idField,
  jsonList,
  jsonValues,
  numberField,
  textField,
} from "../../query/field.ts";
import type { Field, Filter, Resource } from "../../query/resource.ts";
import { resourceOfSession, sessionField } from "../../record/of-session.ts";
import { behavior } from "../behavior/fields.ts";
import { dataAcquisition } from "../data-acquisition/fields.ts";
import { manipulation } from "../manipulation/fields.ts";
import { LINKS, type Link } from "./links.ts";

/** The records of one kind that an epoch refers to, in the order in which they were given. */
function linkedField({ records, table, reference }: Link, resource: () => Resource): Field {
  const order = table.position;
  const ofEpoch = sql`${table.epochId} = ${epochs.id}`;
  const onId: Filter = {
    type: "id",
    related: true,
    where: (test) => sql`EXISTS (SELECT 1 FROM ${table}
      WHERE ${ofEpoch} AND ${test({ column: reference })})`,
  };
  const whole = sql`${table} JOIN ${records} ON ${records.id} = ${reference} WHERE ${ofEpoch}`;
  return {
    schema: IDS_SCHEMA,
    json: () => jsonValues(reference, order, sql`${table} WHERE ${ofEpoch}`),
    filters: { "": onId, id: onId },
    include: { resource, list: (each) => jsonList(each, order, whole) },
  };
}

/** An epoch: a stretch of a session, in seconds from its start. */
export const epoch: Resource = resourceOfSession(epochs, {
  name: "epoch",
  listName: "epochs",
  title: "epoch",
  fields: once(() => ({
    id: idField(epochs.id),
    session: sessionField(epochs.sessionId),
    name: textField(epochs.name, epochs.nameFolded),
    start: numberField(epochs.start, "number"),
    end: numberField(epochs.end, "number"),
    notes: textField(epochs.notes, epochs.notesFolded),
    order: numberField(epochs.position, "integer"),
    dataacquisition: linkedField(LINKS.dataacquisition, () => dataAcquisition),
    behaviors: linkedField(LINKS.behaviors, () => behavior),
    manipulations: linkedField(LINKS.manipulations, () => manipulation),
    created_date: askedInstant(epochs.createdDate),
    updated_date: askedInstant(epochs.updatedDate),
  })),
});

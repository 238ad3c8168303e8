import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import { projectSetIsVisible } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { columnNames } from "../db/names.ts";
import {
  behaviors,
  dataAcquisitions,
  epochBehaviors,
  epochDataAcquisitions,
  epochManipulations,
  epochs,
  manipulations,
} from "../db/schema/modules.ts";
import { defineModel, type Model } from "../model/define.ts";
import type { InputOf, WritableField } from "../model/field.ts";
import * as field from "../model/fields.ts";
import {
  datesInSession,
  placeInSession,
  projectSetOf,
  sessionOf,
  throughSession,
} from "../model/in-session.ts";
import { conflictWhere, type Precondition } from "../model/precondition.ts";
import { sessionReference } from "../model/relations.ts";
import { uuids } from "../model/values.ts";
import { IDS_SCHEMA, jsonList, jsonValues } from "../query/field.ts";
import type { Filter } from "../query/resource.ts";
import { behavior } from "./behavior.ts";
import { dataAcquisition } from "./data-acquisition.ts";
import { manipulation } from "./manipulation.ts";

/** A table that links epochs to records of one model. */
interface LinkTable {
  readonly table: SQLiteTable & Record<"epochId" | "position", SQLiteColumn>;
  /** The column that leads to the record. */
  readonly reference: SQLiteColumn;
}

/** The records of one model that an epoch refers to, in the order in which they were given. */
function linked(model: Model, { table, reference }: LinkTable): WritableField<string[]> {
  const ofEpoch = sql`${table.epochId} = ${epochs.id}`;
  const onId: Filter = {
    type: "id",
    related: true,
    where: (test) => sql`EXISTS (SELECT 1 FROM ${table}
      WHERE ${ofEpoch} AND ${test({ column: reference })})`,
  };
  const whole = sql`${table} JOIN ${model.table} ON ${model.id} = ${reference} WHERE ${ofEpoch}`;
  return {
    schema: IDS_SCHEMA,
    json: () => jsonValues(reference, table.position, sql`${table} WHERE ${ofEpoch}`),
    filters: { "": onId, id: onId },
    include: { resource: () => model, list: (each) => jsonList(each, table.position, whole) },
    write: {
      schema: z._default(uuids(), []),
      after: (ids, { id, isNew }) => [
        ...(isNew ? [] : [sql`DELETE FROM ${table} WHERE ${table.epochId} = ${id}`]),
        ...(ids.length === 0 ? [] : [insertLinks({ table, reference }, id, ids)]),
      ],
    },
  };
}

function insertLinks({ table, reference }: LinkTable, id: string, ids: readonly string[]): SQL {
  return sql`INSERT INTO ${table} (${columnNames([table.epochId, reference, table.position])})
    SELECT ${id}, value, key FROM json_each(${JSON.stringify(ids)})`;
}

const fields = {
  id: field.id(epochs.id),
  session: sessionReference(epochs.sessionId),
  name: field.name(epochs.name, epochs.nameFolded, { max: 100 }),
  // Seconds from the start of the session; null for a bound that is not known.
  start: field.number(epochs.start),
  // MATLAB cannot name a field by a word of its language.
  end: { ...field.number(epochs.end), alias: "xEnd" },
  notes: field.text(epochs.notes, epochs.notesFolded, { max: 500 }),
  order: field.place(epochs.position),
  dataacquisition: linked(dataAcquisition, {
    table: epochDataAcquisitions,
    reference: epochDataAcquisitions.dataAcquisitionId,
  }),
  behaviors: linked(behavior, { table: epochBehaviors, reference: epochBehaviors.behaviorId }),
  manipulations: linked(manipulation, {
    table: epochManipulations,
    reference: epochManipulations.manipulationId,
  }),
  ...datesInSession(epochs),
};

type Input = Partial<InputOf<typeof fields>>;

/** An epoch: a stretch of a session, in seconds from its start. */
export const epoch = defineModel({
  name: "epoch",
  plural: "epochs",
  path: "/stem/epoch",
  table: epochs,
  access: throughSession(epochs),
  order: [epochs.sessionId, ...placeInSession(epochs)],
  fields,
  preconditions: {
    create: (input) => rulesFor(input, sql`${input.session ?? null}`, ""),
    change: (id, input) => rulesFor(input, sessionOf(epochs, id), id),
  },
});

/** What must hold for an epoch of this session to have these values. */
function rulesFor(input: Input, session: Expression, id: string): readonly Precondition[] {
  const { dataacquisition: acquisitions = [] } = input;
  return [
    ...areInSession("dataacquisition", dataAcquisitions, acquisitions, session),
    ...areInSession("behaviors", behaviors, input.behaviors, session),
    ...areInSession("manipulations", manipulations, input.manipulations, session),
    ...(acquisitions.length > 0 ? [areInNoOther(acquisitions, session, id)] : []),
    endsAfterStart(input, id),
  ];
}

/**
 * The records exist, in this session. To those who may not see the session it is not told which
 * records it has.
 */
function areInSession(
  name: string,
  records: SQLiteTable & Record<"id" | "sessionId", SQLiteColumn>,
  ids: readonly string[] = [],
  session: Expression,
): readonly Precondition[] {
  if (ids.length === 0) return [];
  return [
    (caller) => sql`SELECT json_object('kind', 'conflict', 'field', ${name}, 'message',
        'Invalid pk "' || value || '" - object does not exist in this session.') AS fault
      FROM json_each(${JSON.stringify(ids)})
      WHERE NOT EXISTS (SELECT 1 FROM ${records} WHERE ${records.id} = value
        AND (${records.sessionId} = ${session}
          OR NOT ${projectSetIsVisible(caller, projectSetOf(session))}))`,
  ];
}

/** Each data acquisition is in one epoch at most. */
function areInNoOther(ids: readonly string[], session: Expression, epochId: string): Precondition {
  return (
    caller,
  ) => sql`SELECT json_object('kind', 'conflict', 'field', 'dataacquisition', 'message',
      'Data acquisition "' || value || '" is in another epoch already: it can be in one only.') AS fault
    FROM json_each(${JSON.stringify(ids)})
    JOIN ${dataAcquisitions} ON ${dataAcquisitions.id} = value
    WHERE ${dataAcquisitions.sessionId} = ${session}
    AND ${projectSetIsVisible(caller, projectSetOf(session))}
    AND EXISTS (SELECT 1 FROM ${epochDataAcquisitions}
      WHERE ${epochDataAcquisitions.dataAcquisitionId} = value
      AND ${epochDataAcquisitions.epochId} <> ${epochId})`;
}

/** The end that the epoch will have is not before its start, whichever of the two is given. */
function endsAfterStart({ start, end }: Input, id: string): Precondition {
  const stored = (column: SQLiteColumn) =>
    sql`(SELECT ${column} FROM ${epochs} WHERE ${epochs.id} = ${id})`;
  const from = start === undefined ? stored(epochs.start) : sql`${start}`;
  const to = end === undefined ? stored(epochs.end) : sql`${end}`;
  return conflictWhere("end", "Ensure the end is not before the start.", sql`${to} < ${from}`);
}

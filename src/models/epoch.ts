import { sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { projectSetIsVisible } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import {
  behaviors,
  dataAcquisitions,
  epochBehaviors,
  epochDataAcquisitions,
  epochManipulations,
  epochs,
  manipulations,
} from "../db/schema/modules.ts";
import { projects } from "../db/schema/projects.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import { defineModel } from "../model/define.ts";
import type { InputOf } from "../model/field.ts";
import * as field from "../model/fields.ts";
import { datesInSession, projectSetOf, sessionOf, throughSession } from "../model/in-session.ts";
import { conflictWhere, type Precondition } from "../model/precondition.ts";
import { manyToMany, type Related, sessionReference } from "../model/relations.ts";
import { behavior } from "./behavior.ts";
import { dataAcquisition } from "./data-acquisition.ts";
import { manipulation } from "./manipulation.ts";

const fields = {
  id: field.id(epochs.id),
  session: sessionReference(epochs),
  name: field.name(epochs.name, epochs.nameFolded, {
    max: 100,
    help: "What the interval is, such as pre-task sleep.",
  }),
  start: field.number(epochs.start, {
    help: "Where the interval starts, in seconds from the start of the session; null when it is unknown.",
  }),
  // `end` is a keyword in MATLAB, which cannot use it as the name of a field.
  end: {
    ...field.number(epochs.end, {
      help: "Where the interval ends, in seconds from the start of the session; null when it is unknown.",
    }),
    alias: "xEnd",
  },
  notes: field.text(epochs.notes, epochs.notesFolded, {
    max: 500,
    help: "Anything a reader should know of the interval.",
  }),
  order: field.place(epochs.position),
  dataacquisition: manyToMany(
    {
      table: epochDataAcquisitions,
      recordId: epochDataAcquisitions.epochId,
      relatedId: epochDataAcquisitions.dataAcquisitionId,
      id: epochs.id,
    },
    (): Related => dataAcquisition,
    {
      isCheckedByModel: true,
      label: "Data acquisitions",
      help: "The data acquisitions of the same session that were made in this interval; each is in one epoch only.",
    },
  ),
  behaviors: manyToMany(
    {
      table: epochBehaviors,
      recordId: epochBehaviors.epochId,
      relatedId: epochBehaviors.behaviorId,
      id: epochs.id,
    },
    (): Related => behavior,
    {
      isCheckedByModel: true,
      help: "The behaviors of the same session that took place in this interval.",
    },
  ),
  manipulations: manyToMany(
    {
      table: epochManipulations,
      recordId: epochManipulations.epochId,
      relatedId: epochManipulations.manipulationId,
      id: epochs.id,
    },
    (): Related => manipulation,
    {
      isCheckedByModel: true,
      help: "The manipulations of the same session that were done in this interval.",
    },
  ),
  ...datesInSession(epochs),
};

type Input = Partial<InputOf<typeof fields>>;

/** An epoch: a time interval of a session, in seconds from the start of the session. */
export const epoch = defineModel({
  name: "epoch",
  plural: "epochs",
  help: "A time interval of a session, such as a sleep period or a task block.",
  path: "/stem/epoch",
  table: epochs,
  access: throughSession(epochs, sessionProjects.epochCount),
  order: [epochs.sessionId, epochs.place],
  search: {
    fields: ["name", "notes"],
    index: {
      table: "epoch_search",
      columns: [["name"], ["notes"]],
      references: {
        projects: {
          kind: "project",
          table: projects,
          letter: "p",
          givesAccess: true,
          isNotSearched: true,
        },
      },
    },
  },
  fields,
  preconditions: {
    create: (input) => rulesFor(input, sql`${input.session ?? null}`, ""),
    change: (id, input) => rulesFor(input, sessionOf(epochs, id), id),
  },
});

/** The preconditions for an epoch of this session to have these values. */
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
 * The records exist and belong to this session. A caller who may not see the session does not learn which
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
        'Invalid pk "' || value || '" - object does not exist in this session.') AS violation
      FROM json_each(${JSON.stringify(ids)})
      WHERE NOT EXISTS (SELECT 1 FROM ${records} WHERE ${records.id} = value
        AND (${records.sessionId} = ${session}
          OR NOT ${projectSetIsVisible(caller, projectSetOf(session))}))`,
  ];
}

/** Each data acquisition belongs to at most one epoch. */
function areInNoOther(ids: readonly string[], session: Expression, epochId: string): Precondition {
  return (
    caller,
  ) => sql`SELECT json_object('kind', 'conflict', 'field', 'dataacquisition', 'message',
      'Data acquisition "' || value || '" is in another epoch already: it can be in one only.') AS violation
    FROM json_each(${JSON.stringify(ids)})
    JOIN ${dataAcquisitions} ON ${dataAcquisitions.id} = value
    WHERE ${dataAcquisitions.sessionId} = ${session}
    AND ${projectSetIsVisible(caller, projectSetOf(session))}
    AND EXISTS (SELECT 1 FROM ${epochDataAcquisitions}
      WHERE ${epochDataAcquisitions.dataAcquisitionId} = value
      AND ${epochDataAcquisitions.epochId} <> ${epochId})`;
}

/** The resulting end of the epoch is not before its start, whether the body has both, one or none of them. */
function endsAfterStart({ start, end }: Input, id: string): Precondition {
  const stored = (column: SQLiteColumn) =>
    sql`(SELECT ${column} FROM ${epochs} WHERE ${epochs.id} = ${id})`;
  const from = start === undefined ? stored(epochs.start) : sql`${start}`;
  const to = end === undefined ? stored(epochs.end) : sql`${end}`;
  return conflictWhere("end", "Ensure the end is not before the start.", sql`${to} < ${from}`);
}

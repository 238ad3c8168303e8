import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import { fieldChange } from "../audit/entries.ts";
import type { Expression } from "../db/expression.ts";
import { bareName, columnNames } from "../db/names.ts";
import { jsonList, OBJECT_SCHEMA } from "../query/field.ts";
import type { Description, JsonSchema, ReadModel } from "../query/read-model.ts";
import { writeJson } from "../values/json.ts";
import type { Access, Accessed } from "./access.ts";
import type { Action, ActionForm } from "./define.ts";
import { objectDetails } from "./details.ts";
import type { Field, RowPart } from "./field.ts";
import { readOnly } from "./fields.ts";
import type { InputDeclaration } from "./input.ts";
import { type Intent, Plan } from "./plan.ts";
import { conflictWhere, type Precondition, type RecordTable } from "./precondition.ts";
import { instantOrNull, orNull, text } from "./schemas.ts";

// The entries of a log: what was observed or measured, each at its instant. An entry of some logs is an interval. A
// log has at most one entry at an instant, so that the instant names the entry.

/** A table of entries. */
interface EntryTable {
  readonly table: SQLiteTable;
  readonly logId: SQLiteColumn;
  /** The instant of an entry, or the start of its interval. */
  readonly dateTime: SQLiteColumn;
  /** The end of the interval; absent when the logs have instants only. */
  readonly endDateTime?: SQLiteColumn;
  readonly notes: SQLiteColumn;
  readonly details: SQLiteColumn;
}

export interface Logs {
  readonly table: RecordTable & Readonly<Record<"type" | "updatedDate", SQLiteColumn>>;
  readonly entries: EntryTable;
  /** The types of logs whose entries are intervals. */
  readonly intervalTypes?: readonly string[];
  readonly access: Pick<Access, "change">;
  readonly model: () => ReadModel;
  /** The name in summaries: `subject log`. */
  readonly title: string;
}

/** The most entries of one log, and the most bytes of their notes and details: a log is read whole. */
const MAX_ENTRIES = 2_000;
const MAX_BYTES = 1024 * 1024;

interface EntryInput {
  readonly date_time?: string | null;
  readonly start_date_time?: string | null;
  readonly end_date_time?: string | null;
  readonly notes?: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
}

const ENTRY: JsonSchema = {
  type: "object",
  properties: {
    date_time: { type: "string", format: "date-time" },
    start_date_time: { type: "string", format: "date-time" },
    end_date_time: { type: "string", format: "date-time" },
    notes: { type: ["string", "null"] },
    details: OBJECT_SCHEMA,
  },
  required: ["notes", "details"],
  additionalProperties: false,
};

const quoted = (instant: Expression) => sql`'"' || ${instant} || 'Z"'`;

/** The JSON text of an entry from expressions of its parts; one with an end is an interval. */
function entryJson(
  start: Expression,
  end: Expression,
  notes: Expression,
  details: Expression,
): SQL {
  return sql`'{' || iif(${end} IS NULL, '"date_time":' || ${quoted(start)},
      '"start_date_time":' || ${quoted(start)} || ',"end_date_time":' || coalesce(${quoted(end)}, 'null'))
    || ',"notes":' || json_quote(${notes}) || ',"details":' || ${details} || '}'`;
}

const endOf = ({ endDateTime }: EntryTable): Expression => endDateTime ?? sql`NULL`;

const storedJson = (entries: EntryTable) =>
  entryJson(entries.dateTime, endOf(entries), entries.notes, entries.details);

/** The parts of an entry. A log has no intervals, or intervals alone. */
const PARTS: readonly RowPart[] = [
  { name: "date_time", label: "Date and time", kind: "instant" },
  { name: "start_date_time", label: "Start", kind: "instant" },
  { name: "end_date_time", label: "End", kind: "instant" },
  { name: "details", label: "Details", kind: "object" },
  { name: "notes", label: "Notes", kind: "text" },
];

/** The entries of a log as its last field shows them, the newest first. Actions write them. */
export function logEntries({ table, entries }: Pick<Logs, "table" | "entries">): Field {
  const field = readOnly(
    {
      schema: { type: "array", items: ENTRY },
      json: () =>
        jsonList(
          storedJson(entries),
          sql`${entries.dateTime} DESC`,
          sql`${entries.table} WHERE ${entries.logId} = ${table.id}`,
        ),
      hasOwnHistory: true,
    },
    {
      help: "What was noted, the newest first. Entries are added, changed and removed one by one, at add_entry/, change_entry/ and remove_entry/ below the address of the log.",
    },
  );
  return { ...field, parts: PARTS };
}

const INSTANT_HELP =
  "When it was; a log has one entry at an instant. Such as 2023-05-05T06:20:00Z.";

type EntryField = Field<unknown> & Description;

/** The fields of the bodies and the forms of the actions. Which of the instants an entry needs is up to its log. */
const FIELDS = {
  date_time: {
    label: "Date and time",
    help: INSTANT_HELP,
    input: "instant",
    write: { schema: instantOrNull },
  },
  start_date_time: {
    label: "Start",
    help: "When the interval began, for the types of logs whose entries are intervals.",
    input: "instant",
    write: { schema: instantOrNull },
  },
  end_date_time: {
    label: "End",
    help: "When the interval ended, for the types of logs whose entries are intervals.",
    input: "instant",
    write: { schema: instantOrNull },
  },
  details: {
    label: "Details",
    help: "What was measured or noted: a name and a value each, such as weight_g and 25.3. In JSON an object.",
    input: "object",
    write: { schema: z.optional(objectDetails) },
  },
  notes: {
    label: "Notes",
    help: "Anything a reader should know of the entry.",
    input: "long-text",
    write: { schema: z.optional(orNull(text(500))) },
  },
} as const satisfies Readonly<Record<string, EntryField>>;

type FieldName = keyof typeof FIELDS;

const INSTANT: readonly FieldName[] = ["date_time"];
const INTERVAL: readonly FieldName[] = ["start_date_time", "end_date_time"];

/** The fields by which a body names an entry. */
const KEYS: readonly FieldName[] = ["date_time", "start_date_time"];

/** The fields with these names that the entries of such logs can have. */
function fieldsOf({ intervalTypes }: Logs, names: readonly FieldName[]) {
  const taken = names.filter((name) => intervalTypes !== undefined || !INTERVAL.includes(name));
  return Object.fromEntries(taken.map((name) => [name, FIELDS[name]]));
}

const inputOf = (
  fields: Readonly<Record<string, EntryField & (typeof FIELDS)[FieldName]>>,
): InputDeclaration => ({
  shape: Object.fromEntries(
    Object.entries(fields).map(([name, { write }]) => [name, z.optional(write.schema)]),
  ),
  descriptions: fields,
  readOnly: [],
  aliases: {},
});

/** The type of a log does not change: it decides what its entries are. */
export function typeStays(
  { table, title }: Logs,
  id: string,
  type?: string,
): readonly Precondition[] {
  if (type === undefined) return [];
  return [
    conflictWhere(
      "type",
      `The type of a log does not change: delete this ${title} and add another.`,
      sql`EXISTS (SELECT 1 FROM ${table} WHERE ${table.id} = ${id} AND ${table.type} <> ${type})`,
    ),
  ];
}

/** The actions on the entries of logs: `add_entry`, `change_entry`, `remove_entry`. */
export function entryActions(logs: Logs): readonly Action[] {
  const all: readonly FieldName[] = [...INSTANT, ...INTERVAL, "details", "notes"];
  const action = (
    name: string,
    summary: string,
    { names, isNew, ...form }: EntryForm,
    write: (id: string, input: EntryInput, start: string) => Change,
  ): Action => {
    const fields = fieldsOf(logs, names);
    return {
      method: "patch",
      path: `/:id/${name}`,
      summary,
      input: inputOf(fields),
      form: {
        ...form,
        fields,
        fieldsOf: ({ type }) => namesFor(logs, type).filter((each) => Object.hasOwn(fields, each)),
        rows: {
          field: "entries",
          keys: KEYS,
          ...(isNew && { isNew }),
          stored: (id, key) => storedEntry(logs.entries, id, key),
        },
      },
      plan: (id, input, intent) => planOf(logs, id, input as EntryInput, intent, write),
    };
  };
  return [
    action(
      "add_entry",
      `Add an entry to a ${logs.title}`,
      {
        label: "Add an entry",
        help: "What was noted or measured, and when.",
        done: "The entry is added.",
        names: all,
        isNew: true,
      },
      (id, input, start) => addition(logs, id, input, start),
    ),
    action(
      "change_entry",
      `Change an entry of a ${logs.title}`,
      {
        label: "Change the entry",
        help: "An entry keeps its date and time. For another one, remove the entry and add it again.",
        done: "The entry is changed.",
        names: all,
      },
      (id, input, start) => alteration(logs, id, input, start),
    ),
    action(
      "remove_entry",
      `Remove an entry from a ${logs.title}`,
      {
        label: "Remove the entry",
        help: "The entry will be gone. This cannot be undone; the history keeps what it was.",
        done: "The entry is removed.",
        names: KEYS,
        isRemoval: true,
      },
      (id, input, start) => removal(logs, id, input, start),
    ),
  ];
}

/** The words and the fields of the form of an action. */
type EntryForm = Omit<ActionForm, "fields" | "fieldsOf" | "rows"> & {
  readonly names: readonly FieldName[];
  readonly isNew?: true;
};

/** The fields of an entry of a log of this type. */
const namesFor = ({ intervalTypes = [] }: Logs, type: unknown): readonly string[] => [
  ...(intervalTypes.includes(String(type)) ? INTERVAL : INSTANT),
  "details",
  "notes",
];

/** The entry that begins at an instant in its stored form, or the newest one, as JSON text. */
function storedEntry(entries: EntryTable, id: string, start: string | undefined): SQL {
  const from =
    start === undefined
      ? sql`${entries.table} WHERE ${entries.logId} = ${id} ORDER BY ${entries.dateTime} DESC LIMIT 1`
      : entryAt(entries, id, start);
  return sql`SELECT ${storedJson(entries)} AS body FROM ${from}`;
}

/** What an action does: statements, and the entry before and after, as JSON text. */
interface Change {
  readonly preconditions: readonly Precondition[];
  readonly statement: SQL;
  readonly from: Expression;
  readonly to: Expression;
}

function planOf(
  logs: Logs,
  id: string,
  input: EntryInput,
  { now }: Intent,
  write: (id: string, input: EntryInput, start: string) => Change,
): Plan {
  const { table, access } = logs;
  const model = logs.model();
  const start = input.start_date_time ?? input.date_time ?? null;
  const { preconditions, statement, from, to } = write(id, input, start ?? "");
  return new Plan({
    preconditions: [
      ...access.change(model as Accessed, id, {}),
      ...instantsFit(logs, id, input),
      ...(start === null ? [] : preconditions),
    ],
    statements: [
      statement,
      sql`UPDATE ${table} SET ${bareName(table.updatedDate)} = ${now} WHERE ${table.id} = ${id}`,
    ],
    audit: [{ action: "change", model, id, changes: fieldChange("entries", from, to) }],
    reply: { show: "record", model, id },
  });
}

const REQUIRED = "This field is required.";

/** An entry of an interval has its start, and any other entry its date and time; the type of the log decides. */
function instantsFit(
  { table, intervalTypes = [] }: Logs,
  id: string,
  { date_time, start_date_time, end_date_time }: EntryInput,
): readonly Precondition[] {
  const isInterval = sql`EXISTS (SELECT 1 FROM ${table} WHERE ${table.id} = ${id}
    AND ${table.type} IN (SELECT value FROM json_each(${JSON.stringify(intervalTypes)})))`;
  const conflict = (field: string, message: string, condition: Expression) =>
    conflictWhere(field, message, condition);
  return [
    ...(date_time == null ? [conflict("date_time", REQUIRED, sql`NOT ${isInterval}`)] : []),
    ...(start_date_time == null ? [conflict("start_date_time", REQUIRED, isInterval)] : []),
    ...(date_time != null
      ? [
          conflict(
            "date_time",
            "The entries of this type of log are intervals: give start_date_time and end_date_time.",
            isInterval,
          ),
        ]
      : []),
    ...(start_date_time != null || end_date_time != null
      ? [
          conflict(
            start_date_time == null ? "end_date_time" : "start_date_time",
            "The entries of this type of log are no intervals: give date_time.",
            sql`NOT ${isInterval}`,
          ),
        ]
      : []),
    ...(start_date_time != null && end_date_time != null
      ? [
          conflict(
            "end_date_time",
            "Ensure the end is not before the start.",
            sql`${end_date_time} < ${start_date_time}`,
          ),
        ]
      : []),
  ];
}

/** The field by which a message names an entry. */
const startField = ({ start_date_time }: EntryInput) =>
  start_date_time == null ? "date_time" : "start_date_time";

const entryAt = ({ table, logId, dateTime }: EntryTable, id: string, start: string) =>
  sql`${table} WHERE ${logId} = ${id} AND ${dateTime} = ${start}`;

function addition(
  { entries, ...logs }: Logs,
  id: string,
  input: EntryInput,
  start: string,
): Change {
  const { end_date_time: end = null, notes = null, details = {} } = input;
  const text = writeJson(details);
  const isInterval = input.start_date_time != null;
  const columns = [entries.logId, entries.dateTime, entries.notes, entries.details];
  const ofInterval = entries.endDateTime === undefined ? [] : [entries.endDateTime];
  const field = startField(input);
  return {
    preconditions: [
      ...(isInterval && end === null ? [conflictWhere("end_date_time", REQUIRED, sql`true`)] : []),
      conflictWhere(
        field,
        `This ${logs.title} has an entry with this ${field} already: change that one.`,
        sql`EXISTS (SELECT 1 FROM ${entryAt(entries, id, start)})`,
      ),
      hasRoom(entries, id, start, [sql`octet_length(${notes})`, sql`octet_length(${text})`]),
    ],
    statement: sql`INSERT INTO ${entries.table} (${columnNames([...columns, ...ofInterval])})
      VALUES (${id}, ${start}, ${notes}, ${text}${ofInterval.length === 0 ? sql`` : sql`, ${end}`})`,
    from: sql`'null'`,
    to: entryJson(sql`${start}`, sql`${end}`, sql`${notes}`, sql`${text}`),
  };
}

/**
 * The log has room for an entry beside the others.
 *
 * @param bytes what the notes and the details of the entry take
 */
function hasRoom(
  entries: EntryTable,
  id: string,
  start: string,
  bytes: readonly [notes: SQL, details: SQL],
): Precondition {
  const { table, logId, dateTime, notes, details } = entries;
  const [ofNotes, ofDetails] = bytes;
  return conflictWhere(
    "entries",
    `A log has at most ${MAX_ENTRIES} entries, and their notes and details ${MAX_BYTES} bytes: begin another log.`,
    sql`(SELECT count(*) >= ${MAX_ENTRIES}
        OR total(octet_length(${details}) + coalesce(octet_length(${notes}), 0))
          + coalesce(${ofNotes}, 0) + ${ofDetails} > ${MAX_BYTES}
      FROM ${table} WHERE ${logId} = ${id} AND ${dateTime} <> ${start})`,
  );
}

function alteration(
  { entries, ...logs }: Logs,
  id: string,
  input: EntryInput,
  start: string,
): Change {
  const { end_date_time: end, notes, details } = input;
  const text = details === undefined ? undefined : writeJson(details);
  const bytes = (column: SQLiteColumn, value: string | null | undefined) =>
    value === undefined
      ? sql`(SELECT octet_length(${column}) FROM ${entryAt(entries, id, start)})`
      : sql`octet_length(${value})`;
  const sets = [
    ...(entries.endDateTime === undefined || end == null
      ? []
      : [sql`${bareName(entries.endDateTime)} = ${end}`]),
    ...(notes === undefined ? [] : [sql`${bareName(entries.notes)} = ${notes}`]),
    ...(text === undefined ? [] : [sql`${bareName(entries.details)} = ${text}`]),
    // A change of nothing is a statement too.
    sql`${bareName(entries.dateTime)} = ${bareName(entries.dateTime)}`,
  ];
  const after = entryJson(
    entries.dateTime,
    end == null ? endOf(entries) : sql`${end}`,
    notes === undefined ? entries.notes : sql`${notes}`,
    text === undefined ? entries.details : sql`${text}`,
  );
  return {
    preconditions: [
      isThere({ entries, ...logs }, id, input, start),
      hasRoom(entries, id, start, [bytes(entries.notes, notes), bytes(entries.details, text)]),
    ],
    statement: sql`UPDATE ${entries.table} SET ${sql.join(sets, sql`, `)}
      WHERE ${entries.logId} = ${id} AND ${entries.dateTime} = ${start}`,
    from: sql`(SELECT ${storedJson(entries)} FROM ${entryAt(entries, id, start)})`,
    to: sql`(SELECT ${after} FROM ${entryAt(entries, id, start)})`,
  };
}

function removal(logs: Logs, id: string, input: EntryInput, start: string): Change {
  const { entries } = logs;
  return {
    preconditions: [isThere(logs, id, input, start)],
    statement: sql`DELETE FROM ${entryAt(entries, id, start)}`,
    from: sql`(SELECT ${storedJson(entries)} FROM ${entryAt(entries, id, start)})`,
    to: sql`'null'`,
  };
}

function isThere(
  { entries, title }: Logs,
  id: string,
  input: EntryInput,
  start: string,
): Precondition {
  const field = startField(input);
  return conflictWhere(
    field,
    `This ${title} has no entry with this ${field}.`,
    sql`NOT EXISTS (SELECT 1 FROM ${entryAt(entries, id, start)})`,
  );
}

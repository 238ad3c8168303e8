import { sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import {
  askedInstant,
  booleanField,
  dayField,
  idField,
  instantField,
  jsonField,
  keyedField,
  numberField,
  OBJECT_SCHEMA,
  onIndexedColumn,
  outsideIdsField,
  plainTextField,
  quoteId,
  referenceField,
  textField,
} from "../query/field.ts";
import type { JsonSchema, Field as ReadField } from "../query/read-model.ts";
import { foldCase, foldValues } from "../values/fold.ts";
import { writeJson } from "../values/json.ts";
import { schemaVersion } from "./details.ts";
import type { About, Field, RowPart, WritableField } from "./field.ts";
import { type RecordTable, valueIsFree } from "./precondition.ts";
import {
  boolean as booleanValue,
  choice as choiceValue,
  dayOrNull,
  EXTRA_KEY,
  extraFields as extraFieldsValue,
  instantOrNull,
  nameText,
  number as numberValue,
  order as orderValue,
  orNull,
  text as textValue,
  uuid,
  uuids,
  visibleName,
} from "./schemas.ts";

// The kinds of fields whose value is in the record's own row. Each function takes the columns of the field.

/** A field that only the service writes. */
export const readOnly = (read: ReadField, about: About): Field => ({
  ...read,
  ...about,
  input: "read-only",
});

/** The record's own id, which the service generates. */
export const id = (column: SQLiteColumn): Field =>
  readOnly(idField(column), {
    label: "ID",
    help: "The id of the record: a UUID that the service makes.",
  });

/** A name: trimmed, not blank, at most `max` code points. */
export function name(
  column: SQLiteColumn,
  folded: SQLiteColumn,
  { max, ...about }: { max: number } & About,
): WritableField<string> {
  return {
    ...textField(column, folded),
    ...about,
    input: "text",
    write: { schema: nameText(max), cells: withFold(column, folded) },
  };
}

/** A name that is unique within the model. `title` is the name of the model in messages. */
export function uniqueName(
  column: SQLiteColumn,
  folded: SQLiteColumn,
  { max, title, ...about }: { max: number; title: string } & About,
): WritableField<string> {
  const read = textField(column, folded);
  const { id: recordId } = column.table as RecordTable;
  return {
    ...read,
    filters: { "": onIndexedColumn("text", { column, folded }, recordId) },
    ...about,
    input: "text",
    unique: true,
    write: {
      schema: visibleName(max),
      preconditions: (value, { id }) => [valueIsFree("name", column, value, title, id)],
      cells: withFold(column, folded),
    },
  };
}

/** The most code points of a text that a form shows in one line. */
const ONE_LINE = 200;

/** Any text of at most `max` code points; empty when it is absent. */
export function text(
  column: SQLiteColumn,
  folded: SQLiteColumn,
  { max, ...about }: { max: number } & About,
): WritableField<string> {
  return {
    ...textField(column, folded),
    ...about,
    input: max > ONE_LINE ? "long-text" : "text",
    write: { schema: z._default(textValue(max), ""), cells: withFold(column, folded) },
  };
}

/** Text that only the service writes, with its case folded in the `folded` column. */
export const readOnlyText = (column: SQLiteColumn, folded: SQLiteColumn, about: About): Field =>
  readOnly(textField(column, folded), about);

/** Text that answers show and that queries cannot use, such as an address in a profile. */
export function shownText(
  column: SQLiteColumn,
  schema: z.ZodMiniType<string>,
  about: About,
): WritableField<string> {
  return {
    schema: { type: "string" },
    json: () => sql`json_quote(${column})`,
    ...about,
    input: "text",
    write: { schema: z._default(schema, ""), cells: asIs(column) },
  };
}

/** Text from a vocabulary that only the service writes; null when there is no value. */
export const readOnlyTerm = (column: SQLiteColumn, about: About): Field =>
  readOnly(plainTextField(column), about);

/** As `choice`, with a term for an absent value. */
export function choiceOr<const Terms extends readonly [string, ...string[]]>(
  column: SQLiteColumn,
  terms: Terms,
  { absent, ...about }: { absent: Terms[number] } & About,
): WritableField<Terms[number]> {
  const field = choice(column, terms, about);
  const schema = z._default(choiceValue(terms) as z.ZodMiniType<Terms[number]>, absent);
  return { ...field, write: { ...field.write, schema } };
}

/** Text that is one of the given terms. */
export function choice<const Terms extends readonly [string, ...string[]]>(
  column: SQLiteColumn,
  terms: Terms,
  about: About,
): WritableField<Terms[number]> {
  return {
    ...plainTextField(column),
    ...about,
    input: "choice",
    choices: terms,
    write: { schema: choiceValue(terms), cells: asIs(column) },
  };
}

/**
 * The version of the schema that the details of a record follow.
 *
 * @param of what follows the schema, in words
 * @param current the version of an absent value; "" where it depends on the type of the record
 */
export function version(
  column: SQLiteColumn,
  { of = "details", current }: { of?: string; current?: string } = {},
): WritableField<string> {
  const absent = current === "" ? "empty when it is unknown" : "the current one when absent";
  return {
    ...plainTextField(column),
    label: `Version of the ${of}`,
    help: `The version of BrainSTEM's schema that the ${of} follow, such as 1.1.0; ${absent}.`,
    input: "text",
    write: { schema: schemaVersion(current), cells: asIs(column) },
  };
}

/** An instant in UTC, or null. */
export function instant(column: SQLiteColumn, about: About): WritableField<string | null> {
  return {
    ...instantField(column),
    ...about,
    input: "instant",
    write: { schema: z._default(instantOrNull, null), cells: asIs(column) },
  };
}

/** A day of the calendar, or null. */
export function day(column: SQLiteColumn, about: About): WritableField<string | null> {
  return {
    ...dayField(column),
    ...about,
    input: "day",
    write: { schema: z._default(dayOrNull, null), cells: asIs(column) },
  };
}

/** When a record was created. Queries can sort and filter by it, and no answer shows it. */
export const createdDate = (column: SQLiteColumn): Field => ({
  ...readOnly(askedInstant(column), {
    label: "Created",
    help: "When the record was created, in UTC: for filters and sorting.",
  }),
  stamp: { on: "create", column },
});

/** When a record was last changed. Queries can sort and filter by it, and no answer shows it. */
export const updatedDate = (column: SQLiteColumn): Field => ({
  ...readOnly(askedInstant(column), {
    label: "Last changed",
    help: "When the record was last changed, in UTC: for filters and sorting.",
  }),
  stamp: { on: "change", column },
});

/** True or false; false when it is absent. */
export function boolean(column: SQLiteColumn, about: About): WritableField<boolean> {
  return {
    ...booleanField(column),
    ...about,
    input: "flag",
    write: {
      schema: z._default(booleanValue, false),
      cells: (value) => [[column, value ? 1 : 0]],
    },
  };
}

/** A finite number, or null. */
export function number(column: SQLiteColumn, about: About): WritableField<number | null> {
  return {
    ...numberField(column, "number"),
    ...about,
    input: "number",
    write: { schema: z._default(orNull(numberValue), null), cells: asIs(column) },
  };
}

/** A position in a list, counted from 0; null for the end of the list. */
export function place(column: SQLiteColumn): WritableField<number | null> {
  return {
    ...numberField(column, "integer"),
    help: "The position among the records of this kind in the session, counted from 0; null for the end.",
    input: "number",
    write: { schema: z._default(orNull(orderValue), null), cells: asIs(column) },
  };
}

/** The id of one record that lives outside this service. */
export function outsideId(column: SQLiteColumn, about: About): WritableField<string> {
  return {
    ...referenceField(column),
    ...about,
    input: "reference",
    write: { schema: uuid, cells: asIs(column) },
  };
}

/** As `outsideId`, or null. */
export function outsideIdOrNull(column: SQLiteColumn, about: About): WritableField<string | null> {
  const field = referenceField(column);
  return {
    ...field,
    schema: { anyOf: [field.schema, { type: "null" }] },
    json: () => sql`coalesce(${quoteId(column)}, 'null')`,
    ...about,
    input: "reference",
    write: { schema: z._default(orNull(uuid), null), cells: asIs(column) },
  };
}

/** Ids of records that live outside this service, stored as a JSON list; empty when it is absent. */
export function outsideIds(column: SQLiteColumn, about: About): WritableField<string[]> {
  return {
    ...outsideIdsField(column),
    ...about,
    input: "references",
    write: { schema: z._default(uuids(), []), cells: asJson(column) },
  };
}

/** Addresses of lists of related records, relative to the address of the record: the same in every record. */
export function links(addresses: Readonly<Record<string, string>>, title: string): Field {
  const names = Object.keys(addresses);
  return {
    help: `Addresses of the ${title}'s related records, relative to its own address.`,
    input: "read-only",
    schema: {
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, { const: addresses[name] }])),
      required: names,
      additionalProperties: false,
    },
    json: () => sql.raw(`'${JSON.stringify(addresses)}'`),
    isConstant: true,
  };
}

/** A JSON object or list, stored unchanged; `shown` is its schema in answers. */
export function json<Value>(
  column: SQLiteColumn,
  schema: z.core.$ZodType<Value>,
  { shown, ...about }: { shown: JsonSchema } & About,
): WritableField<Value> {
  return {
    ...jsonField(column, shown),
    ...about,
    input: "json",
    write: { schema, cells: asJson(column) },
  };
}

/** A list of JSON objects, stored unchanged, with the parts that a form has for each of them. */
export function rows<Value>(
  column: SQLiteColumn,
  schema: z.core.$ZodType<Value>,
  { parts, ...about }: { shown: JsonSchema; parts: readonly RowPart[] } & About,
): WritableField<Value> {
  return { ...json(column, schema, about), input: "rows", parts };
}

/** Strings and numbers under keys that the client chooses. With `folded`, each key can be filtered. */
export function extraFields(
  column: SQLiteColumn,
  folded?: SQLiteColumn,
): WritableField<Record<string, string | number>> {
  return {
    ...(folded === undefined
      ? jsonField(column, OBJECT_SCHEMA)
      : keyedField(column, folded, EXTRA_KEY)),
    help: "Anything else, as keys with a text or a number each, such as depth_um and 1200. A key starts with a letter and has only letters, digits and underscores.",
    input: "key-values",
    write: {
      schema: z._default(extraFieldsValue, {}),
      cells: (fields) => [
        [column, writeJson(fields)],
        ...(folded === undefined ? [] : [[folded, writeJson(foldValues(fields))] as const]),
      ],
    },
  };
}

/** Stores a value unchanged. */
const asIs = (column: SQLiteColumn) => (value: string | number | null) =>
  [[column, value]] as const;

/** Text, and in the `folded` column the same text with its case folded. */
const withFold = (column: SQLiteColumn, folded: SQLiteColumn) => (value: string) =>
  [
    [column, value],
    [folded, foldCase(value)],
  ] as const;

/** Stores a list or an object as JSON text. */
const asJson = (column: SQLiteColumn) => (value: unknown) => [[column, writeJson(value)]] as const;

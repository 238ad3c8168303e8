import { sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import {
  askedInstant,
  booleanField,
  idField,
  instantField,
  jsonField,
  keyedField,
  numberField,
  OBJECT_SCHEMA,
  outsideIdsField,
  plainTextField,
  referenceField,
  textField,
} from "../query/field.ts";
import type { JsonSchema } from "../query/read-model.ts";
import { foldCase, foldValues } from "../values/fold.ts";
import { writeJson } from "../values/json.ts";
import { schemaVersion } from "./details.ts";
import type { Field, WritableField } from "./field.ts";
import { valueIsFree } from "./precondition.ts";
import {
  boolean as booleanValue,
  choice as choiceValue,
  EXTRA_KEY,
  extraFields as extraFieldsValue,
  instantOrNull,
  nameText,
  number as numberValue,
  order as orderValue,
  orNull,
  someUuids,
  text as textValue,
  uuid,
  uuids,
  visibleName,
} from "./schemas.ts";

// The kinds of fields whose value is in the record's own row. Each function takes the columns of the field.

/** The record's own id, which the service generates. */
export const id = (column: SQLiteColumn): Field => idField(column);

/** A name: trimmed, not blank, at most `max` code points. */
export function name(
  column: SQLiteColumn,
  folded: SQLiteColumn,
  { max }: { max: number },
): WritableField<string> {
  return {
    ...textField(column, folded),
    write: { schema: nameText(max), cells: withFold(column, folded) },
  };
}

/** A name that is unique within the model. `title` is the name of the model in messages. */
export function uniqueName(
  column: SQLiteColumn,
  folded: SQLiteColumn,
  { max, title }: { max: number; title: string },
): WritableField<string> {
  return {
    ...textField(column, folded),
    unique: true,
    write: {
      schema: visibleName(max),
      preconditions: (value, { id }) => [valueIsFree("name", column, value, title, id)],
      cells: withFold(column, folded),
    },
  };
}

/** Any text of at most `max` code points; empty when it is absent. */
export function text(
  column: SQLiteColumn,
  folded: SQLiteColumn,
  { max }: { max?: number } = {},
): WritableField<string> {
  return {
    ...textField(column, folded),
    write: { schema: z._default(textValue(max), ""), cells: withFold(column, folded) },
  };
}

/** Text that only the service writes, with its case folded in the `folded` column. */
export const readOnlyText = (column: SQLiteColumn, folded: SQLiteColumn): Field =>
  textField(column, folded);

/** Text that answers show and that queries cannot use, such as an address in a profile. */
export function shownText(
  column: SQLiteColumn,
  schema: z.ZodMiniType<string>,
): WritableField<string> {
  return {
    schema: { type: "string" },
    json: () => sql`json_quote(${column})`,
    write: { schema: z._default(schema, ""), cells: asIs(column) },
  };
}

/** Text from a vocabulary that only the service writes; null when there is no value. */
export const readOnlyTerm = (column: SQLiteColumn): Field => plainTextField(column);

/** Text that is one of the given terms. */
export function choice<const Terms extends readonly [string, ...string[]]>(
  column: SQLiteColumn,
  terms: Terms,
): WritableField<Terms[number]> {
  return {
    ...plainTextField(column),
    write: { schema: choiceValue(terms), cells: asIs(column) },
  };
}

/** The version of the schema that the details of a record follow. */
export function version(column: SQLiteColumn): WritableField<string> {
  return { ...plainTextField(column), write: { schema: schemaVersion, cells: asIs(column) } };
}

/** An instant in UTC, or null. */
export function instant(column: SQLiteColumn): WritableField<string | null> {
  return {
    ...instantField(column),
    write: { schema: z._default(instantOrNull, null), cells: asIs(column) },
  };
}

/** When a record was created. Queries can sort and filter by it, and no answer shows it. */
export const createdDate = (column: SQLiteColumn): Field => ({
  ...askedInstant(column),
  stamp: { on: "create", column },
});

/** When a record was last changed. Queries can sort and filter by it, and no answer shows it. */
export const updatedDate = (column: SQLiteColumn): Field => ({
  ...askedInstant(column),
  stamp: { on: "change", column },
});

/** True or false; false when it is absent. */
export function boolean(column: SQLiteColumn): WritableField<boolean> {
  return {
    ...booleanField(column),
    write: {
      schema: z._default(booleanValue, false),
      cells: (value) => [[column, value ? 1 : 0]],
    },
  };
}

/** A finite number, or null. */
export function number(column: SQLiteColumn): WritableField<number | null> {
  return {
    ...numberField(column, "number"),
    write: { schema: z._default(orNull(numberValue), null), cells: asIs(column) },
  };
}

/** A position in a list, counted from 0; null for the end of the list. */
export function place(column: SQLiteColumn): WritableField<number | null> {
  return {
    ...numberField(column, "integer"),
    write: { schema: z._default(orNull(orderValue), null), cells: asIs(column) },
  };
}

/** The id of one record that lives outside this service. */
export function outsideId(column: SQLiteColumn): WritableField<string> {
  return { ...referenceField(column), write: { schema: uuid, cells: asIs(column) } };
}

/** Ids of records that live outside this service, stored as a JSON list; empty when it is absent. */
export function outsideIds(column: SQLiteColumn): WritableField<string[]> {
  return {
    ...outsideIdsField(column),
    write: { schema: z._default(uuids(), []), cells: asJson(column) },
  };
}

/** As `outsideIds`, with at least one id. */
export function someOutsideIds(column: SQLiteColumn): WritableField<string[]> {
  return { ...outsideIdsField(column), write: { schema: someUuids(), cells: asJson(column) } };
}

/** A JSON object or list, stored unchanged; `shown` is its schema in answers. */
export function json<Value>(
  column: SQLiteColumn,
  schema: z.core.$ZodType<Value>,
  shown: JsonSchema,
): WritableField<Value> {
  return { ...jsonField(column, shown), write: { schema, cells: asJson(column) } };
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

import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Expression } from "../db/expression.ts";
import type { Target } from "./operators.ts";
import type { ValueType } from "./parse.ts";
import type { Field, Filter, JsonSchema } from "./read-model.ts";

// The kinds of fields that models share. Each function takes columns and returns one field of a field
// table.

const ID_SCHEMA: JsonSchema = { type: "string", format: "uuid" };

/** A list of ids. */
export const IDS_SCHEMA: JsonSchema = { type: "array", items: ID_SCHEMA };

/** A list of labels. */
export const TAGS_SCHEMA: JsonSchema = { type: "array", items: { type: "string" } };

/** A JSON object whose keys the client chooses, or a list of such objects. */
export const OBJECT_SCHEMA: JsonSchema = { type: "object" };
export const OBJECTS_SCHEMA: JsonSchema = { type: "array", items: OBJECT_SCHEMA };

/** A filter on a value of the row itself. */
export function onColumn(type: ValueType, target: Target): Filter {
  return { type, where: (test) => test(target) };
}

/** A filter on a value of the row itself, when an index has the rows by that value. */
export function onIndexedColumn(type: ValueType, target: Target, id: SQLiteColumn): Filter {
  return {
    ...onColumn(type, target),
    candidates: (test) => sql`SELECT ${id} FROM ${id.table} WHERE ${test(target)}`,
  };
}

/** Text. Comparisons that ignore case use the `folded` column beside it. */
export function textField(column: SQLiteColumn, folded: SQLiteColumn): Field {
  return {
    schema: { type: "string" },
    json: () => sql`json_quote(${column})`,
    filters: { "": onColumn("text", { column, folded }) },
    sort: column,
  };
}

/**
 * Text from a vocabulary (a type, a version), whose case SQL's `lower` folds; null when there is no value.
 */
export function plainTextField(column: SQLiteColumn): Field {
  return {
    schema: { type: ["string", "null"] },
    json: () => sql`json_quote(${column})`,
    filters: { "": onColumn("text", { column, folded: sql`lower(${column})` }) },
    sort: column,
  };
}

/** A record's own id. */
export function idField(column: SQLiteColumn): Field {
  return {
    schema: ID_SCHEMA,
    json: () => quoteId(column),
    filters: { "": onIndexedColumn("id", { column }, column) },
    sort: column,
    unique: true,
  };
}

/** The integer id of a row. */
export function idOfNumber(column: SQLiteColumn): Field {
  return { ...numberField(column, "integer"), schema: { type: "integer" }, unique: true };
}

/** An instant, shown with a closing `Z`; null when there is no value. */
export function instantField(column: SQLiteColumn): Field {
  return {
    schema: { type: ["string", "null"], format: "date-time" },
    json: () => sql`coalesce('"' || ${column} || 'Z"', 'null')`,
    ...askedInstant(column),
  };
}

/** An instant that a query can sort and filter by, and that no answer shows. */
export function askedInstant(column: SQLiteColumn): Field {
  return {
    filters: { "": onColumn("instant", { column }) },
    sort: column,
  };
}

/** A day of the calendar; null when there is no value. */
export function dayField(column: SQLiteColumn): Field {
  return {
    schema: { type: ["string", "null"], format: "date" },
    json: () => sql`json_quote(${column})`,
    filters: { "": onColumn("day", { column }) },
    sort: column,
  };
}

/** True or false. */
export function booleanField(column: SQLiteColumn): Field {
  return {
    schema: { type: "boolean" },
    json: () => sql`iif(${column}, 'true', 'false')`,
    filters: { "": onColumn("boolean", { column }) },
    sort: column,
  };
}

/** A number; null when there is no value. */
export function numberField(number: Expression, type: "integer" | "number"): Field {
  return {
    schema: { type: [type, "null"] },
    json: () => sql`coalesce(${number}, 'null')`,
    filters: { "": onColumn(type, { column: number }) },
    sort: number,
  };
}

/** The id of one other record. */
export function referenceField(column: SQLiteColumn): Field {
  const onId = onColumn("id", { column });
  return {
    schema: ID_SCHEMA,
    json: () => quoteId(column),
    filters: { "": onId, id: onId },
    sort: column,
  };
}

/** The id of one other record, when an index has the rows by it. */
export function indexedReferenceField(column: SQLiteColumn, id: SQLiteColumn): Field {
  const onId = onIndexedColumn("id", { column }, id);
  return { ...referenceField(column), filters: { "": onId, id: onId } };
}

/** Ids of records that live outside this service, stored as a JSON list. */
export function outsideIdsField(column: SQLiteColumn): Field {
  const onId: Filter = {
    type: "id",
    related: true,
    cost: 3,
    where: (test) =>
      sql`EXISTS (SELECT 1 FROM json_each(${column}) AS outside WHERE ${test({ column: sql`outside.value` })})`,
  };
  return { schema: IDS_SCHEMA, json: () => column, filters: { "": onId, id: onId } };
}

/** JSON text that is shown as it is stored. */
export function jsonField(column: SQLiteColumn, schema: JsonSchema): Field {
  return { schema, json: () => column };
}

/** A JSON object of strings and numbers; each of its keys can be filtered. */
export function keyedField(column: SQLiteColumn, folded: SQLiteColumn, keys: RegExp): Field {
  return {
    schema: {
      type: "object",
      propertyNames: { pattern: keys.source },
      additionalProperties: { type: ["string", "number"] },
    },
    json: () => column,
    keyFilter: (key) => {
      if (!keys.test(key)) return undefined;
      // Bound once, however often a test uses the path: D1 binds at most 100 parameters.
      const path = sql`(SELECT ${`$.${key}`} AS path)`;
      const target: Target = {
        column: sql`json_extract(${column}, path)`,
        folded: sql`json_extract(${folded}, path)`,
      };
      return {
        type: "scalar",
        cost: 1,
        where: (test) => sql`EXISTS (SELECT 1 FROM ${path} WHERE ${test(target)})`,
      };
    },
  };
}

/** The JSON text of an id: a UUID needs no escaping. */
export function quoteId(id: Expression): SQL {
  return sql`'"' || ${id} || '"'`;
}

// The ORDER BY is in the inner query, because an index can serve it without a sort. An ORDER BY inside the
// aggregate always sorts. SQLite keeps the inner order: it does not flatten a subquery with an ORDER BY into
// an aggregate query, for the sake of group_concat (rule 16 of its query flattener).

/** A JSON list of values, in order; `from` is what follows `FROM`. */
export function jsonValues(value: Expression, order: Expression, from: Expression): SQL {
  return sql`(SELECT json_group_array(item) FROM (SELECT ${value} AS item FROM ${from} ORDER BY ${order}))`;
}

/** A JSON list of JSON texts, in order. */
export function jsonList(text: Expression, order: Expression, from: Expression): SQL {
  return sql`coalesce((SELECT '[' || group_concat(item, ',') || ']'
    FROM (SELECT ${text} AS item FROM ${from} ORDER BY ${order})), '[]')`;
}

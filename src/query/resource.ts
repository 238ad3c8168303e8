import type { SQL } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Caller } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import type { Permission } from "../values/permission.ts";
import type { Target } from "./operators.ts";
import type { ValueType, Vocabulary } from "./parse.ts";

/** What can be asked of one path of a field. */
export interface Filter {
  readonly type: ValueType;
  /**
   * The condition on a row, for a test of the value. For a relation it asks whether a related record
   * exists that passes the test, so that it never repeats a row.
   */
  readonly where: (test: (target: Target) => SQL, caller: Caller, scope: Expression) => SQL;
  /** Set for a relation: `isnull` then asks whether there is no related record. */
  readonly related?: true;
  /** Set where the condition is on the row's scope alone (see `Scope`), not on the row itself. */
  readonly scoped?: true;
}

/** A relation whose whole objects can stand in place of its ids. */
export interface Inclusion {
  readonly resource: () => ReadModel;
  /** The related records of a row as a JSON list, for the JSON text of one of them; null as the field's. */
  readonly list: (each: SQL, caller: Caller) => SQL;
}

/** A schema of JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One field of a resource: how it is shown, and what can be asked of it. */
export interface Field {
  /** The field's JSON text; absent for a field that can be asked for and is not shown. */
  readonly json?: (caller: Caller) => Expression;
  /** Set where the JSON text may be null: the object is then without the field. */
  readonly isOptional?: true;
  /** Set for what every object has alike: its history has nothing to say of it. */
  readonly isConstant?: true;
  /** What the shown value is like; a relation's schema is that of its ids. */
  readonly schema?: JsonSchema;
  /** By the rest of the path: `""` for the field itself, `"name"` for `projects.name`. */
  readonly filters?: Readonly<Record<string, Filter>>;
  /** For a field with keys of its own: the filter of one key, undefined for what cannot be a key. */
  readonly keyFilter?: (key: string) => Filter | undefined;
  readonly sort?: Expression;
  /** Set where no two rows have the same value: then the sort needs no further key. */
  readonly unique?: true;
  /** `"none"` for a relation to records that live in another service: it can be asked for and is empty. */
  readonly include?: Inclusion | "none";
  /**
   * Set for a list that grows with the table: where this object stands in the place of an id, in every
   * row of a list, it is left out.
   */
  readonly omittedWhenIncluded?: true;
  /**
   * Set for a list of other records, whose changes stand in the history of those: the history of this
   * record leaves the list out, so that no write costs more because an object has many related records.
   */
  readonly hasOwnHistory?: true;
}

/**
 * What decides who sees a row, where many rows share it, with a table that counts the rows of each:
 * then counting visible rows reads that small table, not the rows.
 */
export interface Scope {
  /** The scope of a row, as a column of the resource's table. */
  readonly ofRow: Expression;
  readonly table: SQLiteTable;
  /** The same in the scopes' own table. */
  readonly ofScope: Expression;
  readonly count: Expression;
}

/** A resource, as the query language knows it: its field table and who may see which of its rows. */
export interface ReadModel {
  /** The key of one object in an answer, `session`. */
  readonly name: string;
  /** The key of a list, `sessions`. */
  readonly listName: string;
  /** What messages call it, `session`. */
  readonly title: string;
  /** The permission without which a record is hidden, for messages. */
  readonly viewPermission: Permission;
  readonly table: SQLiteTable;
  readonly id: SQLiteColumn;
  /** In the order in which an object shows them. */
  readonly fields: Readonly<Record<string, Field>>;
  /** The order of a list that asks for none, down to a unique key. */
  readonly defaultOrder: readonly Expression[];
  readonly scope?: Scope;
  /** An index over all rows by a unique field and their scope, for deep pages in that order. */
  readonly walk?: { readonly field: string; readonly index: Expression };
  /** The ids of the projects that a row belongs to, as a JSON list: their managers read its history. */
  readonly projectIds?: Expression;
  /** Which rows of a list the caller sees. */
  readonly visible: (caller: Caller, scope: Expression) => Expression;
  /** Whether the caller may read one given row. */
  readonly readable: (caller: Caller) => Expression;
}

/** The filter of a path such as `name`, `projects.name` or `extra_fields.depth`. */
export function findFilter(resource: ReadModel, path: string): Filter | undefined {
  const dot = path.indexOf(".");
  const field = ownField(resource, dot < 0 ? path : path.slice(0, dot));
  const rest = dot < 0 ? "" : path.slice(dot + 1);
  // A dot has the name of something after it: what stands before one alone is another path.
  if (field === undefined || path.endsWith(".")) return undefined;
  const filters = field.filters ?? {};
  return Object.hasOwn(filters, rest) ? filters[rest] : field.keyFilter?.(rest);
}

export function ownField(resource: ReadModel, name: string): Field | undefined {
  const fields = resource.fields;
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

const vocabularies = new WeakMap<ReadModel, Vocabulary>();

/** A resource's field table as parsing needs it; made when it is first asked for. */
export function vocabularyOf(resource: ReadModel): Vocabulary {
  const known = vocabularies.get(resource);
  if (known !== undefined) return known;
  const vocabulary = makeVocabulary(resource);
  vocabularies.set(resource, vocabulary);
  return vocabulary;
}

function makeVocabulary(resource: ReadModel): Vocabulary {
  const fields = Object.entries(resource.fields);
  const names = (test: (field: Field) => unknown) =>
    fields.filter(([, field]) => test(field)).map(([name]) => name);
  return {
    filterType: (path) => findFilter(resource, path)?.type,
    filters: fields.flatMap(([name, field]) => [
      ...Object.keys(field.filters ?? {}).map((rest) => (rest === "" ? name : `${name}.${rest}`)),
      ...(field.keyFilter === undefined ? [] : [`${name}.<key>`]),
    ]),
    sorts: names((field) => field.sort),
    includes: names((field) => field.include),
    excludes: names((field) => field.json).filter((name) => name !== "id"),
  };
}

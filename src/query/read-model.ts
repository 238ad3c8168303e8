import type { SQL } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Caller } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import type { Permission, SharedKind } from "../values/permission.ts";
import type { Target } from "./operators.ts";
import type { ValueType, Vocabulary } from "./parse.ts";

/** A filter on one path of a field. */
export interface Filter {
  readonly type: ValueType;
  /**
   * The condition on a row, given a test of the value. For a relation the condition is that a related record
   * exists that passes the test, so that a row is never repeated.
   */
  readonly where: (test: (target: Target) => SQL, caller: Caller, scope: Expression) => SQL;
  /**
   * A query of the ids of the rows that pass the test, when an index finds the values of `eq` and `in`. A list
   * then reads those rows and no others.
   */
  readonly candidates?: (test: (target: Target) => SQL, caller: Caller) => SQL;
  /** How many rows the condition reads for each row that it decides on; none when absent. */
  readonly cost?: number;
  /** Set when the condition may read all records that are related to a row, however many those are. */
  readonly isHeavy?: true;
  /** Set for a relation: `isnull` then matches a row without related records. */
  readonly related?: true;
  /** Set when the condition depends on the row's scope alone (see `Scope`), not on the row itself. */
  readonly scoped?: true;
}

/** A relation whose ids `include[]` replaces with whole objects. */
export interface Inclusion {
  readonly model: () => ReadModel;
  /** Set for a reference: `list` then gives one object in place of a list. */
  readonly isOne?: true;
  /**
   * The related records of a row as a JSON list, given the JSON text of one of them. Null where the field is
   * null.
   */
  readonly list: (each: SQL, caller: Caller) => SQL;
  /**
   * How many rows the objects in place of the ids of one row read, as counters tell beforehand; absent where that
   * is few.
   */
  readonly cost?: SQL;
}

/** A schema of JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What people read of a model or of a field: on a page, in the OpenAPI document and in the docs. */
export interface Description {
  /** A short name, for a heading, a form or a column. */
  readonly label: string;
  /** A sentence or two: what it is, and for a field what to write, in which unit or form. */
  readonly help: string;
}

/** One field of a model: how answers show it, and how queries use it. */
export interface Field {
  /** The field's JSON text; absent for a field that can be filtered or sorted by and is not shown. */
  readonly json?: (caller: Caller) => Expression;
  /** Set when the JSON text may be null: the object then has no such key. */
  readonly isOptional?: true;
  /** Set for a value that is the same in every object: the history leaves it out. */
  readonly isConstant?: true;
  /** The schema of the shown value; for a relation, that of its ids. */
  readonly schema?: JsonSchema;
  /** Filters by the rest of the path: `""` for the field itself, `"name"` for `projects.name`. */
  readonly filters?: Readonly<Record<string, Filter>>;
  /** For a field whose keys the client chooses: the filter of one key, undefined for an invalid key. */
  readonly keyFilter?: (key: string) => Filter | undefined;
  readonly sort?: Expression;
  /** Set when the values are unique: a sort by the field needs no further key. */
  readonly unique?: true;
  /**
   * `"none"` for a relation to records of another service: `include[]` accepts its name, and the list is
   * empty.
   */
  readonly include?: Inclusion | "none";
  /** For a reference: the id and the name of the record as a JSON object, which a page shows. */
  readonly named?: Expression;
  /**
   * Set for a list that grows with the table. It is left out where this object replaces an id, because it
   * would repeat in every row of a list.
   */
  readonly omittedWhenIncluded?: true;
  /**
   * Set for a list of other records whose changes are in their own history. The history of this record leaves
   * the list out, so that the cost of a write does not grow with the number of related records.
   */
  readonly hasOwnHistory?: true;
}

/**
 * The unit of visibility that many rows share, in a table that counts the rows of each scope. Counting
 * visible rows then reads that small table and not the rows.
 */
export interface Scope {
  /** The scope of a row, as a column of the model's table. */
  readonly ofRow: SQLiteColumn;
  /** A table of scopes and who may see them. A scope may stand in several rows. */
  readonly table: SQLiteTable;
  /** The scope of a row of that table, and the number of the model's rows in the scope. */
  readonly ofScope: SQLiteColumn;
  readonly count: SQLiteColumn;
  /** The condition for the rows of that table that let the caller see the scope. */
  readonly visible: (caller: Caller) => SQL;
  /** The indexes that give the rows of a list in its order, by the field that sorts. */
  readonly orders: Readonly<Record<string, OrderIndexes>>;
}

/** The name under which `Scope.orders` has the indexes of the default order. */
export const DEFAULT_ORDER = "";

/** The names of the indexes for one order. */
export interface OrderIndexes {
  /** An index over the scope and the keys. */
  readonly ofScope: string;
  /** An index over the keys alone, for a caller who sees a large part of the rows. */
  readonly ofAll: string;
  /** The blocks that a page at an offset skips; without them it steps over the rows before it. */
  readonly blocks?: BlockList;
}

/**
 * A list in its order as blocks of neighbours, made and kept by the migrations. Each block has the scope of each
 * of its rows, so that a caller counts the rows that they may see without reading them.
 */
export interface BlockList {
  /** The name of the list in the table `list_blocks`. */
  readonly list: string;
  /** What the list is sorted by, as its indexes have it. The first key is that of the blocks. */
  readonly keys: readonly [SQLiteColumn, ...Expression[]];
  /** The `id` of a block: it sorts the rows with the same first key as the other keys do. */
  readonly id?: Expression;
}

/** The most rows of a block (see the migrations). */
export const MAX_IN_BLOCK = 64;

/** How `search=` finds the records of a model. */
export interface Search {
  /** The paths of the fields in which each word may occur. The name comes first: it matches best. */
  readonly fields: readonly string[];
  /** The index that finds them. A small table has none: its rows are compared one by one. */
  readonly index?: SearchIndex;
}

/**
 * A table of FTS5 with the folded text of each record, made and kept by the migrations. Its rows have the
 * rowids of the records. Beside it are a view `<table>_documents` of what it should contain, and a table
 * `<table>_deferred` of records whose text is being written.
 */
export interface SearchIndex {
  readonly table: string;
  /**
   * The columns of text in the order of the table, in groups: a word in an earlier group matches better. Each
   * has the name of its field. The last column, `refs`, has a word for each record that `references` describes.
   */
  readonly columns: readonly (readonly string[])[];
  /** The fields whose records are in `refs`. */
  readonly references: Readonly<Record<string, Reference>>;
}

/** Projects or data storages, which the index knows by the numbers of their rows. */
export interface Reference {
  readonly kind: SharedKind;
  readonly table: SQLiteTable & Readonly<Record<"id" | "name" | "nameFolded", SQLiteColumn>>;
  /** The first of the three characters of a word in `refs`. */
  readonly letter: string;
  /** Set when a caller who may read one of these records may see the row. */
  readonly givesAccess?: true;
}

/** A model as the query language sees it: its field table, and who may see which of its rows. */
export interface ReadModel extends Description {
  /** The key of one object in an answer: `session`. */
  readonly name: string;
  /** The key of a list in an answer: `sessions`. */
  readonly listName: string;
  /** The name in messages: `session`. */
  readonly title: string;
  /** The name of several in messages: `sessions`. */
  readonly titles: string;
  /** The permission that a caller needs to see a record, for messages. */
  readonly viewPermission: Permission;
  readonly table: SQLiteTable;
  readonly id: SQLiteColumn;
  /** In the order in which an answer shows them. */
  readonly fields: Readonly<Record<string, Field & Description>>;
  /** The order of a list without `sort[]`. Its last key is unique. */
  readonly defaultOrder: readonly Expression[];
  readonly scope?: Scope;
  /** Absent when the records are not offered to `search=`. */
  readonly search?: Search;
  /**
   * The ids of the row's projects as a JSON list. The managers of these projects may read the row's history.
   */
  readonly projectIds?: Expression;
  /** The condition for the rows of a list that the caller may see, for a model without scopes. */
  readonly visible?: (caller: Caller) => Expression;
  /** Whether the caller may read one given row. */
  readonly readable: (caller: Caller) => Expression;
  /**
   * Whether the caller may name a row that it may read in another record, such as a project in a session; it may
   * name all of them when absent. Forms offer no others.
   */
  readonly usable?: (caller: Caller) => Expression;
}

/** The filter of a path such as `name`, `projects.name` or `extra_fields.depth`. */
export function findFilter(model: ReadModel, path: string): Filter | undefined {
  const dot = path.indexOf(".");
  const field = ownField(model, dot < 0 ? path : path.slice(0, dot));
  const rest = dot < 0 ? "" : path.slice(dot + 1);
  // A dot has the name of something after it: what stands before one alone is another path.
  if (field === undefined || path.endsWith(".")) return undefined;
  const filters = field.filters ?? {};
  return Object.hasOwn(filters, rest) ? filters[rest] : field.keyFilter?.(rest);
}

export function ownField(model: ReadModel, name: string): Field | undefined {
  const fields = model.fields;
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

const vocabularies = new WeakMap<ReadModel, Vocabulary>();

/** The part of a model's field table that parsing needs. It is built on first use. */
export function vocabularyOf(model: ReadModel): Vocabulary {
  const known = vocabularies.get(model);
  if (known !== undefined) return known;
  const vocabulary = makeVocabulary(model);
  vocabularies.set(model, vocabulary);
  return vocabulary;
}

function makeVocabulary(model: ReadModel): Vocabulary {
  const fields = Object.entries(model.fields);
  const names = (test: (field: Field) => unknown) =>
    fields.filter(([, field]) => test(field)).map(([name]) => name);
  return {
    filterType: (path) => findFilter(model, path)?.type,
    filters: fields.flatMap(([name, field]) => [
      ...Object.keys(field.filters ?? {}).map((rest) => (rest === "" ? name : `${name}.${rest}`)),
      ...(field.keyFilter === undefined ? [] : [`${name}.<key>`]),
    ]),
    sorts: names((field) => field.sort),
    includes: names((field) => field.include),
    excludes: names((field) => field.json).filter((name) => name !== "id"),
    searched: model.search?.fields ?? [],
  };
}

import type { SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { AuditDraft } from "../audit/entries.ts";
import type { Expression } from "../db/expression.ts";
import type { FilterClause } from "../query/parse.ts";
import type { Description, ReadModel, Search } from "../query/read-model.ts";
import type { Access } from "./access.ts";
import type { Fields, InputOf, Labelled } from "./field.ts";
import type { InputDeclaration } from "./input.ts";
import { type Intent, Plan } from "./plan.ts";
import type { Precondition, RecordTable } from "./precondition.ts";
import {
  cellsOf,
  deleteRow,
  insertRow,
  newCells,
  preconditionsOf,
  rowsAfter,
  rowsBefore,
  stampsOf,
  updateRow,
} from "./rows.ts";
import { indexedOnce } from "./search-index.ts";

export type Portal = "private" | "public";

/** The standard operations on the records of a model. */
export type Verb = "list" | "detail" | "create" | "replace" | "change" | "remove";

const ALL_VERBS: readonly Verb[] = ["list", "detail", "create", "replace", "change", "remove"];

type Input = Readonly<Record<string, unknown>>;

/**
 * The writes of a model, as plans. The input has only the valid fields: all of them when the body was valid.
 * A plan from any other input is used only for its preconditions and is never executed.
 */
export interface Writes<Written = Input> {
  create(id: string, input: Partial<Written>, intent: Intent): Plan;
  change(id: string, input: Partial<Written>, intent: Intent): Plan;
  remove(id: string, intent: Intent): Plan;
}

/** How pages offer an action on a record: as a form with these fields, at the address of the action. */
export interface ActionForm {
  /** The words of its link and its button: `Add an entry`. */
  readonly label: string;
  readonly help: string;
  /** What the page of the record says afterwards. */
  readonly done: string;
  readonly fields: Labelled<Fields>;
  /** The names of the fields that apply to a record; all of them when absent. */
  fieldsOf?(record: Input): readonly string[];
  /** Set when something is lost by it. */
  readonly isRemoval?: true;
  readonly rows?: ActionRows;
}

/** The list of a record that an action adds a row to or, without `isNew`, whose row it acts on. */
export interface ActionRows {
  /** The field that shows the list. */
  readonly field: string;
  /** The fields of which one names the row. */
  readonly keys: readonly string[];
  readonly isNew?: true;
  /** The row that a key in its stored form names, or the newest one, as JSON text in the column `body`. */
  stored(id: string, key: string | undefined): SQL;
}

/** A write in addition to the verbs, with its own path. */
export interface Action<ActionInput = Input> {
  readonly method: "get" | "post" | "patch";
  /** The path below the model, `/reorder`, or below one record, `/:id/leave`. */
  readonly path: `/${string}`;
  readonly summary: string;
  /** The fields of the body; absent for an action without a body. */
  readonly input?: InputDeclaration;
  /** Absent for an action that only programs use. */
  readonly form?: ActionForm;
  plan(id: string, input: Partial<ActionInput>, intent: Intent): Plan;
}

/** A list below one record, with its own path. */
export interface SubList {
  readonly path: `/:id/${string}`;
  readonly summary: string;
  readonly portals: readonly Portal[];
  readonly model: () => ReadModel;
  /** The filter that selects the records of the list. */
  filter(id: string): FilterClause;
  /** The precondition for a caller to read the list below this record. */
  precondition(model: ReadModel, id: string): Precondition;
}

/** The declaration of a model: how its records are named, stored, read and written. */
export interface Definition<F extends Fields> {
  /** The key of one object in an answer: `data_acquisition`. `plural` is the key of a list. */
  readonly name: string;
  readonly plural: string;
  /** The name in messages, `data acquisition`; the same as `name` when absent. */
  readonly title?: string;
  /** The name of several; the title with an s when absent. */
  readonly titles?: string;
  /** One sentence for people: what a record of the model is. */
  readonly help: string;
  /** The path below `/api/{portal}`: `/modules/dataacquisition`. */
  readonly path: `/${string}`;
  /** Other paths of the same records, where existing clients look for them. */
  readonly aliases?: readonly `/${string}`[];
  readonly table: RecordTable;
  readonly access: Access<InputOf<F>>;
  /** The fields by wire name, in the order in which an answer shows them. */
  readonly fields: F;
  /** The order of a list without `sort[]`. Its last key is unique. */
  readonly order: readonly Expression[];
  /** How `search=` finds the records; absent when it is not offered. */
  readonly search?: Search;
  /** The portals that show the records; both when absent. */
  readonly portals?: readonly Portal[];
  /** The operations that the API offers; all of them when absent. */
  readonly verbs?: readonly Verb[];
  /** The preconditions of a write in addition to those of the access and the fields. */
  readonly preconditions?: {
    create?(input: Partial<InputOf<F>>): readonly Precondition[];
    change?(id: string, input: Partial<InputOf<F>>): readonly Precondition[];
    remove?(id: string): readonly Precondition[];
  };
  /**
   * What the deletion of a record does to other records: statements that run before it, and audit entries.
   */
  readonly removal?: {
    statements?(id: string, now: string): readonly SQL[];
    audit?(id: string): readonly AuditDraft[];
  };
  /** The writes, when they differ from those that the fields and the access give. */
  readonly writes?: (model: ReadModel) => Writes<InputOf<F>>;
  readonly actions?: readonly Action[];
  readonly subLists?: readonly SubList[];
}

/** A model. The query language uses the part that is a `ReadModel`. */
export interface Model<F extends Fields = Fields> extends ReadModel {
  readonly path: `/${string}`;
  readonly aliases: readonly `/${string}`[];
  readonly table: RecordTable;
  readonly id: SQLiteColumn;
  readonly fields: Labelled<F>;
  readonly portals: readonly Portal[];
  readonly verbs: readonly Verb[];
  /** The fields that a client can write, and the read-only fields that it may send back. */
  readonly input: InputDeclaration;
  readonly writes: Writes<InputOf<F>>;
  readonly actions: readonly Action[];
  readonly subLists: readonly SubList[];
}

/**
 * Declares a model. Its fields and its access determine everything else: the query language, the statements,
 * the preconditions, the history, the routes, and its part of the OpenAPI document and of an export.
 */
export function defineModel<F extends Fields>(definition: Definition<F>): Model<F> {
  const { access, order, actions = [], subLists = [] } = definition;
  const {
    title = definition.name,
    portals = ["private", "public"],
    verbs = ALL_VERBS,
  } = definition;
  const fields = withLabels(definition.fields);
  const model: ReadModel = {
    ...access.read,
    name: definition.name,
    listName: definition.plural,
    title,
    titles: definition.titles ?? `${title}s`,
    label: labelOf(title),
    help: definition.help,
    table: definition.table,
    id: definition.table.id,
    fields,
    defaultOrder: order,
    ...(definition.search && { search: definition.search }),
  };
  return {
    ...model,
    path: definition.path,
    aliases: definition.aliases ?? [],
    table: definition.table,
    id: definition.table.id,
    fields,
    portals,
    verbs,
    input: inputOf(fields),
    writes: definition.writes?.(model) ?? writesOf(definition, model),
    actions,
    subLists,
  };
}

/** The fields, each with a label: `date_time` gives "Date time" when the field declares none. */
function withLabels<F extends Fields>(fields: F): Labelled<F> {
  const labelled = Object.entries(fields).map(([name, field]) => [
    name,
    { ...field, label: field.label ?? labelOf(name) },
  ]);
  return Object.fromEntries(labelled);
}

/** A name with spaces and a capital letter at its beginning. */
function labelOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** A client may send read-only fields and `links` back as it read them. */
function inputOf(fields: Readonly<Record<string, Fields[string] & Description>>): InputDeclaration {
  const entries = Object.entries(fields);
  const ignored = entries.filter(
    ([, { write, json, isIgnoredWhenSent }]) =>
      write === undefined && (json !== undefined || isIgnoredWhenSent),
  );
  return {
    shape: Object.fromEntries(
      entries.flatMap(([name, { write }]) => (write === undefined ? [] : [[name, write.schema]])),
    ),
    descriptions: fields,
    readOnly: [...new Set([...ignored.map(([name]) => name), "links"])],
    aliases: Object.fromEntries(
      entries.flatMap(([name, { alias }]) => (alias === undefined ? [] : [[alias, name]])),
    ),
  };
}

function writesOf<F extends Fields>(
  { table, access, fields, search, preconditions = {}, removal = {} }: Definition<F>,
  model: ReadModel,
): Writes<InputOf<F>> {
  const record = (id: string) => ({ show: "record", model, id }) as const;
  return {
    create: (id, input, intent) =>
      new Plan({
        preconditions: [
          ...access.create(input),
          ...preconditionsOf(fields, input, { id, isNew: true }),
          ...(preconditions.create?.(input) ?? []),
        ],
        statements: [
          ...rowsBefore(fields, input),
          ...indexedOnce(
            search,
            id,
            insertRow(table, newCells({ id: table.id, fields }, id, input, intent.now)),
            rowsAfter(fields, input, { id, isNew: true }),
          ),
          ...(access.created?.(id, intent) ?? []),
        ],
        audit: [{ action: "create", model, id }],
        reply: record(id),
      }),
    change: (id, input, { now }) =>
      new Plan({
        preconditions: [
          ...access.change(model, id, input),
          ...preconditionsOf(fields, input, { id, isNew: false }),
          ...(preconditions.change?.(id, input) ?? []),
        ],
        statements: [
          ...rowsBefore(fields, input),
          ...indexedOnce(
            search,
            id,
            updateRow(table, id, [...cellsOf(fields, input), ...stampsOf(fields, now, false)]),
            rowsAfter(fields, input, { id, isNew: false }),
          ),
        ],
        audit: [{ action: "change", model, id }],
        reply: record(id),
      }),
    remove: (id, { now }) =>
      new Plan({
        preconditions: [...access.remove(model, id), ...(preconditions.remove?.(id) ?? [])],
        statements: [...(removal.statements?.(id, now) ?? []), deleteRow(table, id)],
        audit: [...(removal.audit?.(id) ?? []), { action: "delete", model, id }],
        reply: { show: "nothing" },
      }),
  };
}

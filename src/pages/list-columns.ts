import type { Model, Portal } from "../model/define.ts";
import type { Field, FormInput } from "../model/field.ts";
import { nameFieldOf } from "../model/related.ts";
import { models } from "../models/all.ts";
import { dataStorage } from "../models/data-storage.ts";
import { project } from "../models/project.ts";
import { session } from "../models/session/session.ts";
import type { Description, ReadModel } from "../query/read-model.ts";

// Which fields of a model a list shows, and how its records and their lists are named and found.

export type LabelledField = Field<unknown> & Description;

/** One column of a list. */
export interface Column {
  readonly name: string;
  readonly field: LabelledField;
}

/** The fields that a column may show. Lists that grow with the table, and constants, are not among them. */
export function offeredColumns(model: Model): readonly Column[] {
  return Object.entries(model.fields)
    .map(([name, field]) => ({ name, field: field as LabelledField }))
    .filter(
      ({ name, field }) =>
        name !== "id" &&
        field.json !== undefined &&
        field.include !== "none" &&
        !field.isConstant &&
        !field.omittedWhenIncluded,
    );
}

/** The inputs whose values are too long or too particular for a column that nobody has asked for. */
const LONG: readonly FormInput[] = ["long-text", "json", "key-values", "links", "members", "rows"];

/** Whether a field has ids of records that are not in this service: nobody knows a record by its id. */
const isOutside = ({ input, include, refersTo }: Field<unknown>) =>
  (input === "reference" || input === "references") && !include && !refersTo;

const MOST_COLUMNS = 6;

/** The columns of a list without `only[]`: the name first, then what tells records apart at a glance. */
export function usualColumns(model: Model, portal: Portal): readonly string[] {
  const title = nameFieldOf(model);
  const names = offeredColumns(model)
    .filter(({ field }) => !LONG.includes(field.input) && field.input !== "read-only")
    .filter(({ field }) => !isOutside(field))
    .map(({ name }) => name)
    // All that the public portal shows is public.
    .filter((name) => name !== title && !(portal === "public" && name === "is_public"));
  return [...(title === undefined ? [] : [title]), ...names].slice(0, MOST_COLUMNS);
}

/** The name of a record, or its kind and the beginning of its id. */
export function titleOf(model: ReadModel, record: Readonly<Record<string, unknown>>): string {
  const title = record[nameFieldOf(model) ?? ""];
  return typeof title === "string" && title !== ""
    ? title
    : `${model.label} ${String(record.id).slice(0, 8)}`;
}

/** `Data storages`. */
export const manyOf = ({ titles }: ReadModel) =>
  `${titles.charAt(0).toUpperCase()}${titles.slice(1)}`;

/** The model of a table, for the page of a related record. */
export const modelOf = (table: unknown): Model | undefined =>
  models.find((model) => model.table === table);

/** The model of the record that a reference names, when the record has a name; undefined for any other field. */
export function namedTarget({ input, refersTo }: Field<unknown>): Model | undefined {
  const target = input === "reference" && refersTo !== undefined ? modelOf(refersTo) : undefined;
  return target !== undefined && Object.hasOwn(target.fields, "name") ? target : undefined;
}

/** The path of the list of a model. */
export const listPath = (portal: Portal, model: Model) => `/${portal}${model.path}/`;

/** The models that people look for first. */
const FIRST: readonly Model[] = [session, project, dataStorage];

/** What the parts of the API are called, by the first word of a path. */
const PARTS: Readonly<Record<string, string>> = {
  stem: "Experiments",
  modules: "Recorded and done",
  personal_attributes: "Places and equipment",
  users: "People",
};

/** The models that have a list in a portal. */
const listedModels = (portal: Portal): readonly Model[] =>
  [...new Set([...FIRST, ...models])].filter(
    ({ portals, verbs }) => portals.includes(portal) && verbs.includes("list"),
  );

/** The models that have a list in a portal, as a page offers them: those of most use, and all by their part. */
export function offeredLists(portal: Portal): {
  readonly first: readonly Model[];
  readonly parts: readonly { readonly name: string; readonly models: readonly Model[] }[];
} {
  const listed = listedModels(portal);
  const words = new Set(listed.map(partOf));
  return {
    first: listed.filter((model) => FIRST.includes(model)),
    parts: [...words].map((word) => ({
      name: PARTS[word] ?? word,
      models: listed.filter((model) => partOf(model) === word),
    })),
  };
}

const partOf = ({ path }: Model) => path.split("/")[1] ?? "";

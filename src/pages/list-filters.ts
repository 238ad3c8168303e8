import type { Model, Portal } from "../model/define.ts";
import { findFilter, type ReadModel } from "../query/read-model.ts";
import type { ListAddress } from "./list-address.ts";
import { type LabelledField, modelOf } from "./list-columns.ts";

// The filters that a list offers, and those that its address has, in words. Both come from the field table.

/** A choice of a select. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One input of the form of a list. Its name is the parameter of the API. */
export type Control =
  | {
      readonly kind: "select";
      readonly name: string;
      readonly label: string;
      readonly choices: readonly Choice[];
    }
  | { readonly kind: "text" | "date" | "number"; readonly name: string; readonly label: string };

/** The records that a relation may point at, as far as the page has read them. */
export interface Options {
  readonly choices: readonly Choice[];
  /** Whether there are more than the choices. */
  readonly hasMore: boolean;
}

/**
 * The parameter of the search box: `search`, or for a model without one a filter on the name; undefined for a
 * model whose records have no name.
 */
export function searchParameter(model: Model): string | undefined {
  if (model.search !== undefined) return "search";
  return findFilter(model, "name")?.type === "text" ? "filter{name.icontains}" : undefined;
}

/** The relations whose records the form offers by name: the field, and the model of the records. */
export function offeredRelations(
  model: Model,
  portal: Portal,
): readonly (readonly [string, Model])[] {
  return Object.entries(model.fields).flatMap(
    ([name, { include = "none", input, filters = {} }]) => {
      if (include === "none" || input !== "references" || filters[""] === undefined) return [];
      const related = modelOf(include.model().table);
      const isOffered = related?.portals.includes(portal) && Object.hasOwn(related.fields, "name");
      return related && isOffered ? [[name, related] as const] : [];
    },
  );
}

/** The inputs of the form of a list, in the order of the fields; what a record has at all comes last. */
export function controlsOf(
  model: Model,
  portal: Portal,
  options: ReadonlyMap<string, Options>,
): readonly Control[] {
  const searched = searchParameter(model);
  const controls = Object.entries(model.fields).flatMap(([name, field]) =>
    portal === "public" && name === "is_public"
      ? []
      : controlsOfField(model, name, field as LabelledField, options.get(name)),
  );
  const isPresence = ({ name }: Control) => name.endsWith(".isnull}");
  return controls
    .filter(({ name }) => name !== searched)
    .toSorted((a, b) => Number(isPresence(a)) - Number(isPresence(b)));
}

const YES_OR_NO: readonly Choice[] = [
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];

/** Choices for `isnull`, which asks the other way round. */
const HAS_OR_NOT: readonly Choice[] = [
  { value: "false", label: "Yes" },
  { value: "true", label: "No" },
];

function controlsOfField(
  model: Model,
  name: string,
  { label, input, choices = [], filters = {}, include = "none" }: LabelledField,
  options: Options | undefined,
): readonly Control[] {
  const own = filters[""];
  const select = (operator: string, list: readonly Choice[], text = label): Control => ({
    kind: "select",
    name: parameterOf(name, operator),
    label: text,
    choices: list,
  });
  const range = (kind: "date" | "number", [from, to]: readonly [string, string]): Control[] => [
    { kind, name: parameterOf(name, from), label: `${label}, from` },
    { kind, name: parameterOf(name, to), label: `${label}, ${to === "lt" ? "before" : "up to"}` },
  ];
  const byName = filters.name && {
    kind: "text" as const,
    name: parameterOf(`${name}.name`, "icontains"),
    label: `${label}, part of the name`,
  };
  switch (input) {
    case "references":
      if (options === undefined) return [];
      return options.hasMore && byName ? [byName] : [select("", options.choices)];
    case "reference":
      return byName ? [byName] : [];
    case "tags":
      return own ? [{ kind: "text", name: parameterOf(name, ""), label: "Tag" }] : [];
    case "instant":
      return own ? range("date", ["gte", "lt"]) : [];
    case "day":
      return own ? range("date", ["gte", "lte"]) : [];
    case "number":
      // A position in a list is a whole number, by which nobody looks for a record.
      return findFilter(model, name)?.type === "number" ? range("number", ["gte", "lte"]) : [];
    case "flag":
      return own ? [select("", YES_OR_NO)] : [];
    case "choice":
      return own
        ? [
            select(
              "",
              choices.map((value) => ({ value, label: value })),
            ),
          ]
        : [];
    case "text":
      return own?.type === "text"
        ? [{ kind: "text", name: parameterOf(name, "icontains"), label }]
        : [];
    case "read-only":
      if (include === "none" && byName) return [byName];
      return include !== "none" && own?.related === true
        ? [select("isnull", HAS_OR_NOT, `Has ${lower(label)}`)]
        : [];
    default:
      return [];
  }
}

const parameterOf = (path: string, operator: string) =>
  `filter{${operator === "" ? path : `${path}.${operator}`}}`;

/** One filter of the address in words, and the list without it. */
export interface Chip {
  readonly text: string;
  readonly without: string;
}

/** The words of an operator between a field and its value. */
const WORDS: Readonly<Record<string, string>> = {
  eq: ":",
  iexact: ":",
  contains: " contains",
  icontains: " contains",
  startswith: " begins with",
  istartswith: " begins with",
  endswith: " ends with",
  iendswith: " ends with",
  gt: " after",
  gte: " from",
  lt: " before",
  lte: " up to",
  in: ": one of",
  range: " between",
};

const FILTER = /^filter\{(-?)([^{}]*)\}$/;

/**
 * The search and the filters of an address as chips.
 *
 * @param names the names of related records, by id
 */
export function chipsOf(
  model: Model,
  address: ListAddress,
  names: ReadonlyMap<string, string>,
): readonly Chip[] {
  return [...new Set(address.parameters.keys())].flatMap((name) => {
    const values = address.parameters.getAll(name);
    if (name === "search") {
      return [{ text: `Search: ${values.join(" ")}`, without: address.without(name).href }];
    }
    const [, sign, inner = ""] = FILTER.exec(name) ?? [];
    if (sign === undefined) return [];
    const { path, operator } = splitOperator(model, inner);
    const isWhole = operator === "in" || operator === "range";
    const lists = isWhole ? [values] : values.map((value) => [value]);
    return lists.map((list) => {
      const shown = list.map((value) => names.get(value) ?? value);
      const text = wordsOf(labelOf(model, path), operator, shown);
      return {
        text: sign === "-" ? `Not: ${text}` : text,
        without: address.without(name, isWhole ? undefined : list[0]).href,
      };
    });
  });
}

function splitOperator(model: ReadModel, inner: string) {
  if (findFilter(model, inner) !== undefined) return { path: inner, operator: "eq" };
  const dot = inner.lastIndexOf(".");
  return { path: inner.slice(0, Math.max(dot, 0)), operator: inner.slice(dot + 1) };
}

/** `Projects`, `Projects name`, `depth_um`. */
function labelOf(model: Model, path: string): string {
  const [name = "", ...rest] = path.split(".");
  const label = Object.hasOwn(model.fields, name) ? (model.fields[name]?.label ?? name) : path;
  const below = rest.join(".");
  if (below === "" || below === "id") return label;
  return below === "name" ? `${label} name` : below;
}

function wordsOf(label: string, operator: string, values: readonly string[]): string {
  if (operator === "isnull") {
    return values[0] === "true" || values[0] === "1"
      ? `Without ${lower(label)}`
      : `With ${lower(label)}`;
  }
  const joined = values.join(operator === "range" ? " and " : ", ");
  return `${label}${WORDS[operator] ?? ` ${operator}`} ${joined === "" ? "nothing" : joined}`;
}

const lower = (label: string) => label.charAt(0).toLowerCase() + label.slice(1);

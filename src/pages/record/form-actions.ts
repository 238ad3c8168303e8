import type { Model } from "../../model/define.ts";
import { addedTags, codecOf, type Form, formFields, isInside } from "./form-values.ts";

// What the buttons of a form do that only change the form: adding, removing and moving rows, and searching. The
// name of the button is `form_do`, and its value has the field, the action and what it acts on:
// `datastorage.up.2`.

/** How many rows "Add rows" adds. */
const MORE_ROWS = 3;

/** What an action did: the field, a sentence about it for screen readers, and the id of the next focus. */
export interface Acted {
  readonly field: string;
  readonly message: string;
  readonly focus: string;
}

/** The parameter with the button that was pressed. */
export const DO = "form_do";

/**
 * Does what a button of the form stands for, on the form alone.
 *
 * @returns undefined for a button that does something else, such as saving
 */
export function act(model: Model, form: Form): Acted | undefined {
  const [name = "", action = "", ...rest] = (form.get(DO) ?? "").split(".");
  const field = formFields(model).find(([known]) => known === name)?.[1];
  if (field === undefined || !Object.hasOwn(ACTIONS, action)) return undefined;
  const done = ACTIONS[action]?.({
    form,
    name,
    argument: rest.join("."),
    isList: field.input === "references" || field.input === "tags",
    parts: codecOf(field)?.parts ?? [],
    isSearched: isInside(field),
  });
  return done && { field: name, ...done };
}

interface Action {
  readonly form: Form;
  readonly name: string;
  readonly argument: string;
  readonly isList: boolean;
  readonly parts: readonly string[];
  readonly isSearched: boolean;
}

type Done = Omit<Acted, "field"> | undefined;

const ACTIONS: Readonly<Record<string, (action: Action) => Done>> = {
  up: (action) => (hasRows(action) ? moveRow(action, -1) : move(action, -1)),
  down: (action) => (hasRows(action) ? moveRow(action, 1) : move(action, 1)),
  remove: (action) => {
    if (hasRows(action)) return removeRow(action);
    const { form, name, argument, isList } = action;
    const items = itemsOf(form, name);
    const index = Number(argument);
    if (!isList || items[index] === undefined) {
      form.set(name, "");
      return { message: "Removed.", focus: `${name}-search` };
    }
    setItems(form, name, items.toSpliced(index, 1));
    const left = items.length - 1;
    const focus = left === 0 ? boxOf(form, name) : `${name}-remove-${Math.min(index, left - 1)}`;
    return { message: `Removed. ${left} left.`, focus };
  },
  add: ({ form, name, argument, isList, isSearched }) => {
    const added = isSearched || argument !== "" ? [argument] : addedTags(form, name);
    if (isList) setItems(form, name, [...new Set([...itemsOf(form, name), ...added])]);
    else form.set(name, argument);
    form.delete(`${name}.add`);
    form.delete(`${name}.search`);
    const isChosen = !isList && argument !== "";
    return {
      message: "Added.",
      focus: isChosen ? `${name}-remove-0` : boxOf(form, name, isSearched),
    };
  },
  drop: ({ form, name, argument, isList }) => {
    const left = itemsOf(form, name).filter((item) => item !== argument);
    if (!isList) return undefined;
    setItems(form, name, left);
    form.delete(`${name}.search`);
    return { message: `Removed. ${left.length} left.`, focus: boxOf(form, name, true) };
  },
  search: ({ name, isSearched, form }) => ({ message: "", focus: boxOf(form, name, isSearched) }),
  rows: ({ form, name, parts }) => {
    const columns = parts.filter((part) => part !== "");
    const count = Math.max(0, ...columns.map((part) => form.getAll(name + part).length));
    for (const part of columns) {
      for (let row = form.getAll(name + part).length; row < count + MORE_ROWS; row += 1) {
        form.append(name + part, "");
      }
    }
    return { message: `${MORE_ROWS} empty rows added.`, focus: `${name}-row-${count}` };
  },
};

const boxOf = (form: Form, name: string, isSearched = form.has(`${name}.search`)) =>
  `${name}-${isSearched ? "search" : "add"}`;

const itemsOf = (form: Form, name: string) => form.getAll(name).filter((item) => item !== "");

function setItems(form: Form, name: string, items: readonly string[]): void {
  form.delete(name);
  for (const item of ["", ...items]) form.append(name, item);
}

function move({ form, name, argument, isList }: Action, by: 1 | -1): Done {
  const items = itemsOf(form, name);
  const from = Number(argument);
  const to = from + by;
  const item = items[from];
  if (!isList || item === undefined || to < 0 || to >= items.length) return undefined;
  setItems(form, name, items.toSpliced(from, 1).toSpliced(to, 0, item));
  // At an end of the list the button of its direction is switched off.
  const way = by < 0 ? "up" : "down";
  const focus = to === 0 ? "down" : to === items.length - 1 ? "up" : way;
  return {
    message: `Moved to position ${to + 1} of ${items.length}.`,
    focus: `${name}-${focus}-${to}`,
  };
}

/** The names of the values that a row has one of each. */
const columnsOf = ({ name, parts }: Action) =>
  parts.filter((part) => part !== "").map((part) => name + part);

/** Whether the field has rows of several inputs, and no list of chosen records. */
const hasRows = ({ isList, isSearched, parts }: Action) =>
  !isList && !isSearched && parts.length > 1;

/** Rewrites the rows of a field: `change` gets one value of each. */
function changeRows(action: Action, change: (values: readonly string[]) => readonly string[]) {
  for (const column of columnsOf(action)) {
    const values = change(action.form.getAll(column));
    action.form.delete(column);
    for (const value of values) action.form.append(column, value);
  }
}

const countRows = (action: Action) =>
  Math.max(0, ...columnsOf(action).map((column) => action.form.getAll(column).length));

function removeRow(action: Action): Done {
  const row = Number(action.argument);
  if (!(row >= 0 && row < countRows(action))) return undefined;
  changeRows(action, (values) => values.toSpliced(row, 1));
  return { message: "Row removed.", focus: `${action.name}-row-${Math.max(0, row - 1)}` };
}

function moveRow(action: Action, by: 1 | -1): Done {
  const from = Number(action.argument);
  const to = from + by;
  const count = countRows(action);
  if (!(from >= 0 && from < count && to >= 0 && to < count)) return undefined;
  changeRows(action, (values) => values.toSpliced(from, 1).toSpliced(to, 0, values[from] ?? ""));
  return { message: `Moved to position ${to + 1}.`, focus: `${action.name}-row-${to}` };
}

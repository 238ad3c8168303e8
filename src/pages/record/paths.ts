import type { Action, Model, Portal } from "../../model/define.ts";
import { models } from "../../models/all.ts";
import type { ReadModel } from "../../query/read-model.ts";

// The addresses of the pages of records: those of the API without `/api`.

type Addressed = Pick<Model, "path">;

export const listPath = ({ path }: Addressed, portal: Portal) => `/${portal}${path}/`;

export const recordPath = ({ path }: Addressed, portal: Portal, id: string) =>
  `/${portal}${path}/${encodeURIComponent(id)}/`;

/** The page that imports sessions. */
export const IMPORT = "/private/stem/session/import/";

export const newPath = ({ path }: Addressed) => `/private${path}/new/`;

export const editPath = (model: Addressed, id: string) =>
  `${recordPath(model, "private", id)}edit/`;

export const deletePath = (model: Addressed, id: string) =>
  `${recordPath(model, "private", id)}delete/`;

/** `add_entry`. */
export const nameOfAction = ({ path }: Pick<Action, "path">) => path.slice("/:id/".length);

/** The page with the form of an action on a record. */
export const actionPath = (model: Addressed, action: Pick<Action, "path">, id: string) =>
  `${recordPath(model, "private", id)}${nameOfAction(action)}/`;

/** The model with pages for what a relation names; undefined when no portal shows its records alone. */
export function modelOf(target: ReadModel | undefined, portal: Portal): Model | undefined {
  const found = models.find(({ name }) => name === target?.name);
  return found?.portals.includes(portal) && found.verbs.includes("detail") ? found : undefined;
}

/** A model's name with its article: `an epoch`. One that has no plural has no article: `equipment`. */
export const oneOf = ({ title, titles }: Pick<Model, "title" | "titles">) =>
  title === titles ? title : `${/^[aeiou]/.test(title) ? "an" : "a"} ${title}`;

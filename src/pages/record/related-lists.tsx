import type { FC } from "hono/jsx";
import type { Model, Portal } from "../../model/define.ts";
import type { Field } from "../../model/field.ts";
import { models } from "../../models/all.ts";
import { ListAddress } from "../list-address.ts";
import { manyOf } from "../list-columns.ts";
import { targetOf } from "./lookups.ts";
import { listPath, newPath, oneOf } from "./paths.ts";

/** A list of records that name a record of another model, and the field in which they do. */
interface RelatedList {
  readonly listed: Model;
  readonly name: string;
  /** Whether a record of the list belongs to the one that it names, so that one is added to it. */
  readonly belongs: boolean;
}

/** The lists of records that name records of a model, by the declarations of all models. */
function relatedLists({ table }: Model, portal: Portal): readonly RelatedList[] {
  return models
    .filter(({ portals, verbs }) => portals.includes(portal) && verbs.includes("list"))
    .flatMap((listed) =>
      Object.entries(listed.fields)
        .filter(([, field]) => isFound(field) && tableOf(field) === table)
        .map(([name, { input }]) => ({
          listed,
          name,
          belongs: input === "reference" || name === "projects",
        })),
    );
}

/** Whether a query finds the records by the field: one that is written, or one that is there for filters alone. */
const isFound = ({ input, filters, json }: Field<unknown>) =>
  (input === "reference" || input === "references" || json === undefined) &&
  filters?.[""] !== undefined;

const tableOf = ({ include = "none", refersTo }: Field<unknown>) =>
  include === "none" ? refersTo : include.model().table;

/** Links to the lists of the records that name this one, and to the forms that add one to it. */
export const RelatedLists: FC<{
  model: Model;
  portal: Portal;
  id: string;
  mayAdd: boolean;
  /** How many records the lists have, where that is known, by the name of the model. */
  counts?: ReadonlyMap<string, number>;
  heading?: string;
}> = ({ model, portal, id, mayAdd, counts, heading = `Records with this ${model.title}` }) => {
  const lists = relatedLists(model, portal);
  if (lists.length === 0) return null;
  return (
    <section class="card no-print">
      <h2>{heading}</h2>
      <ul class="rows compact">
        {lists.map(({ listed, name, belongs }) => (
          <li>
            <a class="row-main" href={addressOf(listed, portal, name, id)}>
              {manyOf(listed)}
              <Count count={counts?.get(listed.name)} />
            </a>
            {belongs && mayAdd && listed.verbs.includes("create") && (
              <a href={`${newPath(listed)}?${name}=${encodeURIComponent(id)}`}>
                Add {oneOf(listed)}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};

const Count: FC<{ count: number | undefined }> = ({ count }) =>
  count === undefined ? null : <span class="quiet"> {count.toLocaleString("en")}</span>;

/**
 * The list of the records that a list such as a collection has in it, for people to filter and sort; undefined where
 * they are not found by it.
 */
export function listWithin(
  model: Model,
  field: Field<unknown>,
  portal: Portal,
  id: string,
): string | undefined {
  if (field.omittedWhenIncluded !== true) return undefined;
  const target = targetOf(field);
  const found = relatedLists(model, portal).find(({ listed }) => listed.name === target?.name);
  return found && addressOf(found.listed, portal, found.name, id);
}

const addressOf = (listed: Model, portal: Portal, name: string, id: string) =>
  new ListAddress(listPath(listed, portal), new URLSearchParams([[`filter{${name}}`, id]])).href;

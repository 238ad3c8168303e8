import type { Model } from "../../model/define.ts";
import type { Acted } from "./form-actions.ts";
import { type Form, formFields } from "./form-values.ts";

/**
 * The first box of a form in which somebody has searched and chosen nothing: it is shown again with what was
 * found, so that a typed name is not left out in silence.
 */
export function unfinishedSearch(model: Model, form: Form): Acted | undefined {
  for (const [name, { label }] of formFields(model)) {
    if ((form.get(`${name}.search`) ?? "").trim() === "") continue;
    const message = `${label}: choose one of those that were found, or empty the box, and save again.`;
    return { field: name, message, focus: `${name}-search` };
  }
  return undefined;
}

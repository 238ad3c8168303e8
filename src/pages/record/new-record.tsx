import type { Model } from "../../model/define.ts";
import { guardNew } from "../../model/kept-answers.ts";
import { readRecord } from "../../model/read.ts";
import type { TooLargeError } from "../../values/errors.ts";
import { isJsonObject, parseJson } from "../../values/json.ts";
import { parseUuid } from "../../values/uuid.ts";
import { Flash } from "../layout.tsx";
import { goTo, type Page, type PageContext } from "../page.tsx";
import { act, DO } from "./form-actions.ts";
import {
  type Form,
  formFields,
  newForm,
  readForm,
  spreadLists,
  writeRecord,
} from "./form-values.ts";
import { writeForm } from "./form-write.ts";
import { listPath, newPath, oneOf, recordPath } from "./paths.ts";
import { type ShownForm, showForm } from "./record-form.tsx";
import { unfinishedSearch } from "./search.ts";

/** The id of the new record, so that a form that is sent twice makes one record. */
const ID = "form_id";

/** The page with the form of a new record. With `from=<id>` it begins as a copy of that record. */
export const newRecordPage = (model: Model): Page => ({
  path: `/private${model.path}/new`,
  access: "signed-in",
  get: async (context) => {
    const from = context.req.query("from");
    const form = from === undefined ? newForm(model) : await copyOf(context, model, from);
    for (const [name] of formFields(model)) {
      const given = context.req.query(name);
      if (given !== undefined) form.set(name, given);
    }
    return showForm(context, shownForm(model, form, crypto.randomUUID(), from !== undefined));
  },
  post: (context, form) => {
    spreadLists(model, form);
    return save(context, model, form);
  },
  again: (context, form, excess) => {
    spreadLists(model, form);
    return showForm(context, { ...shownForm(model, form, idOf(form)), ...whyAgain(excess) });
  },
});

/** Why a form is shown again: it is too large, or it was sent before the present sign-in. */
export function whyAgain(
  excess: TooLargeError | undefined,
): Pick<ShownForm, "message" | "notice" | "status"> {
  if (excess !== undefined) return { message: excess.message, status: 413 };
  const notice = (
    <Flash title="Look it over, and save it now">
      You have signed in since you opened this form, so it was not saved yet. All that you typed is
      still here.
    </Flash>
  );
  return { notice, status: 403 };
}

function shownForm(model: Model, form: Form, id: string, isCopy = false): ShownForm {
  return {
    model,
    title: isCopy ? `Duplicate ${oneOf(model)}` : `Add ${oneOf(model)}`,
    ...(isCopy && {
      lead: "A new record with the same values. Records that belong to the other one are not copied.",
    }),
    action: newPath(model),
    form,
    hidden: [[ID, id]],
    submit: `Add the ${model.title}`,
    cancel: listPath(model, "private"),
  };
}

const idOf = (form: Form) => parseUuid(form.get(ID) ?? "") ?? crypto.randomUUID();

/** The form of a copy. Who may use the other record is not copied, and a unique name gets another end. */
async function copyOf({ var: { connection, caller } }: PageContext, model: Model, from: string) {
  const id = parseUuid(from) ?? from;
  const record = parseJson(await readRecord(connection, caller, model, id));
  const fields = Object.entries(isJsonObject(record) ? record : {}).map(([name, value]) => [
    name,
    model.fields[name]?.unique && name !== "id" ? copyName(String(value)) : value,
  ]);
  const shared = Object.entries(model.fields).filter(([, { input }]) => input === "members");
  const form: Form = new URLSearchParams();
  writeRecord(form, model, {
    ...Object.fromEntries(fields),
    ...Object.fromEntries(shared.map(([name]) => [name, {}])),
  });
  return form;
}

const COPY = " (copy)";

/** Within the 100 characters of the shortest unique name. */
const copyName = (name: string) => [...name].slice(0, 100 - COPY.length).join("") + COPY;

async function save(context: PageContext, model: Model, form: Form): Promise<Response> {
  const id = idOf(form);
  const shown = shownForm(model, form, id);
  const acted = act(model, form) ?? unfinishedSearch(model, form);
  if (acted !== undefined || form.get(DO) !== "save") return showForm(context, { ...shown, acted });
  const done = await writeForm(context, {
    model,
    form,
    values: readForm(model, form),
    mode: "create",
    plan: (input, intent) => model.writes.create(id, input, intent),
    guards: [guardNew(model, id)],
  });
  if ("record" in done) return goTo(context, `${recordPath(model, "private", id)}?saved`);
  // The form was sent before: its record is there, unless somebody made up the id.
  if (done.refused.errors?.has("id")) {
    return showForm(context, {
      ...shownForm(model, form, crypto.randomUUID()),
      notice: (
        <Flash title="This form has been saved already">
          <a href={recordPath(model, "private", id)}>Open the {model.title}</a>, or change the form
          and save it to add another one.
        </Flash>
      ),
      status: 409,
    });
  }
  return showForm(context, { ...shown, ...done.refused });
}

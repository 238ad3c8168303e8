import { entityTag } from "../../api/answer.ts";
import { pathId } from "../../api/request.ts";
import type { Model } from "../../model/define.ts";
import { guardUnchanged } from "../../model/kept-answers.ts";
import { findViolations } from "../../model/precondition.ts";
import { readRecord, readRecordWith } from "../../model/read.ts";
import { PreconditionFailedError } from "../../values/errors.ts";
import { toInstant } from "../../values/instant.ts";
import { errorOf, type Violation } from "../../values/violation.ts";
import { goTo, type Page, type PageContext } from "../page.tsx";
import { showConflict } from "./conflict.tsx";
import { readJsonRecord } from "./field-value.tsx";
import { act, DO } from "./form-actions.ts";
import {
  BASE,
  type Form,
  formFields,
  hashFields,
  KEEP,
  readForm,
  replaceField,
  spreadLists,
  strangers,
  TAG,
  writeRecord,
} from "./form-values.ts";
import { writeForm } from "./form-write.ts";
import { lookUp } from "./lookups.ts";
import { whyAgain } from "./new-record.tsx";
import { editPath, recordPath } from "./paths.ts";
import { renderForm, type ShownForm, showForm } from "./record-form.tsx";
import { unfinishedSearch } from "./search.ts";

/** The page with the form of a record. It writes only the fields that were changed in it. */
export const editRecordPage = (model: Model): Page => ({
  path: `/private${model.path}/:id/edit`,
  access: "signed-in",
  get: (context) => open(context, model),
  post: (context, form) => {
    spreadLists(model, form);
    return save(context, model, form);
  },
  again: (context, form, excess) => {
    spreadLists(model, form);
    return showForm(context, { ...shownForm(model, pathId(context), form), ...whyAgain(excess) });
  },
});

function shownForm(model: Model, id: string, form: Form): ShownForm {
  return {
    model,
    title: `Edit ${form.get("name") || `the ${model.title}`}`,
    action: editPath(model, id),
    form,
    hidden: [...form].filter(([name]) => name === TAG || name.startsWith(BASE)),
    submit: "Save",
    cancel: recordPath(model, "private", id),
  };
}

/** Whoever may not change the record gets no form of it, but the refusal of the API. */
async function open(context: PageContext, model: Model): Promise<Response> {
  const { connection, caller } = context.var;
  const id = pathId(context);
  const intent = { caller, now: toInstant(new Date()) };
  const asked = model.writes
    .change(id, {}, intent)
    .preconditions.map((precondition) => findViolations(precondition, caller));
  const { statements, read } = lookUp(model, caller, { id });
  const { body, beside } = await readRecordWith(connection, caller, model, id, [
    ...asked,
    ...statements,
  ]);
  const violations = beside
    .slice(0, asked.length)
    .flat()
    .map(({ violation }) => JSON.parse(String(violation)) as Violation);
  const refusal = errorOf(violations, undefined);
  if (refusal !== undefined) throw refusal;
  const form = await formOf(model, body);
  return renderForm(context, shownForm(model, id, form), read(beside.slice(asked.length)));
}

/** The form of a stored record, with its entity tag and the hashes of its fields. */
async function formOf(model: Model, body: string): Promise<Form> {
  const form: Form = new URLSearchParams();
  writeRecord(form, model, readJsonRecord(body));
  await stamp(form, body, await hashFields(readForm(model, form)));
  return form;
}

/** Notes in a form which version of the record it was made from. */
async function stamp(form: Form, body: string, hashes: ReadonlyMap<string, string>): Promise<void> {
  for (const name of [...form.keys()]) if (name.startsWith(BASE)) form.delete(name);
  form.set(TAG, await entityTag(body));
  for (const [name, hash] of hashes) form.set(BASE + name, hash);
}

/**
 * Saves the fields that differ from the stored record. When somebody else has changed the record since the form
 * was made, and in a field that is not the same now, the person decides.
 */
async function save(
  context: PageContext,
  model: Model,
  form: Form,
  isSecond = false,
): Promise<Response> {
  const { connection, caller } = context.var;
  const id = pathId(context);
  const acted = act(model, form) ?? unfinishedSearch(model, form);
  const wanted = form.get(DO) ?? "";
  if (acted !== undefined || !DECISIONS.has(wanted)) {
    return showForm(context, { ...shownForm(model, id, form), acted });
  }
  const body = await readRecord(connection, caller, model, id);
  const current = await formOf(model, body);
  decide(model, form, current, wanted);
  const values = readForm(model, form);
  const [typed, stored] = await Promise.all([
    hashFields(values),
    hashFields(readForm(model, current)),
  ]);
  const differs = (name: string) => typed.has(name) && typed.get(name) !== stored.get(name);
  // The record may have changed in what no form has, such as its lists of other records. That is no conflict.
  const isCurrent = form.get(TAG) === current.get(TAG);
  const overtaken = formFields(model)
    .map(([name]) => name)
    .filter((name) => !isCurrent && differs(name))
    .filter((name) => form.get(BASE + name) !== stored.get(name));
  if (overtaken.length > 0) {
    const untouched = overtaken.filter((name) => form.get(BASE + name) === typed.get(name));
    await stamp(form, body, stored);
    return showConflict(context, { model, id, form, current, overtaken, untouched });
  }
  if (wanted === "merge") return showForm(context, shownForm(model, id, form));
  const changed = new Map([...values].filter(([name]) => differs(name)).map(given));
  if (changed.size === 0 && strangers(model, form).size === 0) {
    return goTo(context, `${recordPath(model, "private", id)}?unchanged`);
  }
  try {
    const done = await writeForm(context, {
      model,
      form,
      values: changed,
      mode: "change",
      plan: (input, intent) => model.writes.change(id, input, intent),
      guards: [guardUnchanged(model, caller, id, body)],
    });
    if ("record" in done) return goTo(context, `${recordPath(model, "private", id)}?saved`);
    return showForm(context, { ...shownForm(model, id, form), ...done.refused });
  } catch (error) {
    // Somebody else was faster by a moment: their version is there now.
    if (!(error instanceof PreconditionFailedError) || isSecond) throw error;
    return save(context, model, form, true);
  }
}

/** What the buttons of the form and of the page with both versions ask for. */
const DECISIONS = new Set(["save", "merge", "mine", "theirs"]);

/** A change names every field that it changes, also one that was emptied. */
const given = ([name, value]: readonly [string, unknown]) =>
  [name, value ?? (value === null ? null : "")] as const;

/** Takes the other version of each field for which the person has decided so. */
function decide(model: Model, form: Form, current: Form, wanted: string): void {
  for (const [name, field] of formFields(model)) {
    const kept = form.get(KEEP + name);
    if (kept === null) continue;
    if (wanted === "theirs" || (wanted !== "mine" && kept === "theirs")) {
      replaceField(form, current, name, field);
    }
    form.delete(KEEP + name);
  }
}

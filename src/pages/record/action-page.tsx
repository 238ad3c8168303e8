import type { Child, FC } from "hono/jsx";
import { pathId } from "../../api/request.ts";
import { runAs } from "../../db/access.ts";
import type { Row, Statement } from "../../db/connection.ts";
import type { Action, ActionForm, Model } from "../../model/define.ts";
import { guardSame } from "../../model/kept-answers.ts";
import { findViolations } from "../../model/precondition.ts";
import { readRecordWith } from "../../model/read.ts";
import { idsIn, namesOf } from "../../model/related.ts";
import { NotFoundError, PreconditionFailedError } from "../../values/errors.ts";
import { hash } from "../../values/hash.ts";
import { parseInstant, toInstant } from "../../values/instant.ts";
import { isJsonObject, parseJson, writeJson } from "../../values/json.ts";
import { errorOf, isOfPermission, type Violation } from "../../values/violation.ts";
import { Flash } from "../layout.tsx";
import { goTo, type Page, type PageContext } from "../page.tsx";
import { Instant, namesIn, readJsonRecord } from "./field-value.tsx";
import { act, DO } from "./form-actions.ts";
import {
  BASE,
  codecOf,
  type Form,
  hasField,
  hashFields,
  MAX_KEYS,
  proposeKeys,
  readForm,
  TAG,
} from "./form-values.ts";
import { writeForm } from "./form-write.ts";
import { targetOf } from "./lookups.ts";
import { whyAgain } from "./new-record.tsx";
import { actionPath, modelOf, nameOfAction, recordPath } from "./paths.ts";
import { renderForm, type ShownForm } from "./record-form.tsx";
import { RowFacts } from "./row-list.tsx";
import { unfinishedSearch } from "./search.ts";

/** An action that pages offer. */
interface Offered {
  readonly model: Model;
  readonly action: Action;
  readonly form: ActionForm;
}

/** The pages with the forms of the actions on the records of a model, at the addresses that the API has for them. */
export const actionPages = (model: Model): readonly Page[] =>
  model.actions.flatMap((action) =>
    action.form === undefined ? [] : [actionPage({ model, action, form: action.form })],
  );

const actionPage = (offered: Offered): Page => ({
  path: `/private${offered.model.path}${offered.action.path}`,
  access: "signed-in",
  get: (context) => open(context, offered),
  post: (context, form) => send(context, offered, form),
  again: (context, form, excess) => show(context, offered, { form, ...whyAgain(excess) }),
});

/**
 * The fields of an action as those of a model, which is what forms are made of. A form has an object as rows of keys
 * and values, or as JSON where those would be too many.
 */
function viewOf(
  { model, action, form: { fields } }: Offered,
  form: Form,
  names: readonly string[] = Object.keys(fields),
): Model {
  const shown = Object.entries(fields)
    .filter(([name]) => names.includes(name))
    .map(([name, field]) => [
      name,
      isJson(field, form, name) ? { ...field, input: "json" } : field,
    ]);
  return {
    ...model,
    fields: Object.fromEntries(shown),
    input: action.input ?? { shape: {}, readOnly: [] },
  };
}

const isJson = ({ input }: { input: string }, form: Form, name: string) =>
  input === "object" && !form.has(`${name}.key`) && (form.get(name) ?? "") !== "";

/** The parameter with the name of the field that names a row, when the form is that of a given row. */
const KEY = "form_key";

type Values = Readonly<Record<string, unknown>>;

/** Whoever may not do it gets no form, but the refusal of the API. */
async function open(context: PageContext, offered: Offered): Promise<Response> {
  const { model, action, form: declared } = offered;
  const { connection, caller } = context.var;
  const { rows, fieldsOf } = declared;
  const id = pathId(context);
  const isOfRow = rows !== undefined && rows.isNew === undefined;
  const key = isOfRow ? rows.keys.find((name) => context.req.query(name)) : undefined;
  // The list has a link to the form of each row.
  if (isOfRow && key === undefined) {
    return goTo(context, `${recordPath(model, "private", id)}#${rows.field}`);
  }
  const instant = key === undefined ? undefined : parseInstant(context.req.query(key) ?? "");
  if (key !== undefined && instant === undefined) throw new NotFoundError(noRow(offered, key));
  const asked = action
    .plan(id, {}, { caller, now: toInstant(new Date()) })
    .preconditions.map((precondition) => findViolations(precondition, caller));
  const about = aboutRecord(context, model, id);
  const stored = rows === undefined ? [] : [rows.stored(id, instant)];
  const { body, beside } = await readRecordWith(
    connection,
    caller,
    model,
    id,
    [...asked, ...about.statements, ...stored],
    { include: [], exclude: rows === undefined ? [] : [rows.field] },
  );
  refuse(beside.slice(0, asked.length));
  const row = rows === undefined ? undefined : readRow(beside.at(-1));
  if (key !== undefined && row === undefined) throw new NotFoundError(noRow(offered, key));
  const names = fieldsOf?.(readJsonRecord(body)) ?? Object.keys(declared.fields);
  const form =
    key === undefined || row === undefined
      ? newRow(offered, names, row)
      : await storedRow(offered, names, row, key);
  const show = { form, names, ...(declared.isRemoval && { row }) };
  return render(context, offered, show, about.read(beside.slice(asked.length)));
}

const noRow = ({ model }: Offered, key: string) =>
  `This ${model.title} has no entry with this ${key}.`;

/** @throws what the API would answer to whoever may not do it */
function refuse(rows: readonly (readonly Row[])[]): void {
  const violations = rows
    .flat()
    .map(({ violation }) => JSON.parse(String(violation)) as Violation)
    .filter(isOfPermission);
  const refusal = errorOf(violations, undefined);
  if (refusal !== undefined) throw refusal;
}

function readRow([found]: readonly Row[] = []): Values | undefined {
  const row = found === undefined ? undefined : parseJson(String(found.body));
  return isJsonObject(row) ? row : undefined;
}

/** The form of a new row: at the present instant, unless it is an interval, and with the keys of the last row. */
function newRow(offered: Offered, names: readonly string[], last: Values | undefined): Form {
  const form: Form = new URLSearchParams();
  const fields = Object.entries(viewOf(offered, form, names).fields);
  const instants = fields.filter(([, { input }]) => input === "instant");
  for (const [name, field] of fields) {
    const isNow = field.input === "instant" && instants.length === 1;
    if (field.input === "object") proposeKeys(form, name, last?.[name]);
    else codecOf(field)?.write(form, name, isNow ? new Date().toISOString().slice(0, 16) : null);
  }
  return form;
}

/** The form of a stored row, with the hashes of its fields, so that only what is changed in it is written. */
async function storedRow(
  offered: Offered,
  names: readonly string[],
  row: Values,
  key: string,
): Promise<Form> {
  const form: Form = new URLSearchParams();
  for (const [name, field] of Object.entries(viewOf(offered, form, names).fields)) {
    const value = row[name] ?? null;
    const isWide = isJsonObject(value) && Object.keys(value).length > MAX_KEYS;
    codecOf(isWide ? { ...field, input: "json" } : field)?.write(form, name, value);
  }
  for (const [name, hash] of await hashFields(readForm(viewOf(offered, form), form))) {
    if (name !== key) form.set(BASE + name, hash);
  }
  form.set(KEY, key);
  form.set(TAG, await tagOf(row));
  return form;
}

/** Does what the API would do with the body that the form stands for. */
async function send(
  context: PageContext,
  offered: Offered,
  form: Form,
  isSecond = false,
): Promise<Response> {
  const { model, action } = offered;
  const id = pathId(context);
  const view = viewOf(offered, form);
  const acted = act(view, form) ?? unfinishedSearch(view, form);
  if (acted !== undefined || form.get(DO) !== "save")
    return show(context, offered, { form, acted });
  const now = await readNow(context, offered, form);
  if (now !== undefined && now.tag !== form.get(TAG)) {
    form.set(TAG, now.tag);
    return show(context, offered, {
      form,
      notice: <Overtaken row={now.row} {...offered} />,
      status: 412,
    });
  }
  const values = readForm(view, form);
  const typed = await hashFields(values);
  try {
    const done = await writeForm(context, {
      model: view,
      form,
      values: new Map([...values].filter(([name]) => typed.get(name) !== form.get(BASE + name))),
      mode: "create",
      plan: (input, intent) => action.plan(id, input, intent),
      guards: now === undefined ? [] : [guardSame(now.stored, now.body)],
    });
    if ("refused" in done) return show(context, offered, { form, ...done.refused });
  } catch (error) {
    // Somebody else was faster by a moment.
    if (!(error instanceof PreconditionFailedError) || isSecond) throw error;
    return send(context, offered, form, true);
  }
  return goTo(context, `${recordPath(model, "private", id)}?done=${nameOfAction(action)}`);
}

/** The row that a form was made from as it is stored now; undefined for another form, and when the row is gone. */
async function readNow(context: PageContext, { model, form: { rows } }: Offered, form: Form) {
  const { connection, caller } = context.var;
  const id = pathId(context);
  const instant = parseInstant(form.get(form.get(KEY) ?? "") ?? "");
  if (rows === undefined || instant === undefined) return undefined;
  const stored = rows.stored(id, instant);
  const selection = { include: [], exclude: [rows.field] };
  const { beside } = await readRecordWith(connection, caller, model, id, [stored], selection);
  const row = readRow(beside[0]);
  if (row === undefined) return undefined;
  const body = String(beside[0]?.[0]?.body);
  return { stored, body, row, tag: await tagOf(row) };
}

const tagOf = async (row: Values) => (await hash(writeJson(row))).slice(0, 16);

/** Somebody else has changed the row since the form was opened: what it is now. */
const Overtaken: FC<Offered & { row: Values }> = ({ row, model, form: { label, rows } }) => (
  <Flash title="Somebody else has changed this entry since you opened the form" error>
    <p>Nothing of yours is saved yet, and nothing is lost. The entry is now:</p>
    <RowFacts parts={model.fields[rows?.field ?? ""]?.parts ?? []} row={row} />
    <p>“{label}” writes what you have changed in the form over it.</p>
  </Flash>
);

type Shown = Pick<ShownForm, "form"> &
  Partial<Pick<ShownForm, "errors" | "message" | "notice" | "acted" | "status">> & {
    /** The fields that the form has; those that were sent when absent. */
    readonly names?: readonly string[];
    /** The row that is lost. */
    readonly row?: Values | undefined;
  };

async function show(context: PageContext, offered: Offered, shown: Shown): Promise<Response> {
  const { connection, caller } = context.var;
  const about = aboutRecord(context, offered.model, pathId(context));
  return render(
    context,
    offered,
    shown,
    about.read(await runAs(connection, caller, about.statements)),
  );
}

function render(
  context: PageContext,
  offered: Offered,
  { form, names, row, ...shown }: Shown,
  about: Child,
): Promise<Response> {
  const { model, action, form: declared } = offered;
  const id = pathId(context);
  const key = form.get(KEY);
  const fields = Object.entries(declared.fields);
  const own =
    names ?? fields.filter(([name, field]) => hasField(form, name, field)).map(([name]) => name);
  const kept = [...form].filter(
    ([name]) => [KEY, TAG, key].includes(name) || name.startsWith(BASE),
  );
  return renderForm(
    context,
    {
      ...shown,
      model: viewOf(
        offered,
        form,
        own.filter((name) => name !== key),
      ),
      title: declared.label,
      lead: declared.help,
      before: (
        <>
          {about}
          {key !== null && row === undefined && (
            <p>
              {declared.fields[key]?.label}: <Instant value={`${form.get(key)}Z`} />
            </p>
          )}
          {row !== undefined && (
            <RowFacts parts={model.fields[declared.rows?.field ?? ""]?.parts ?? []} row={row} />
          )}
        </>
      ),
      action: actionPath(model, action, id),
      form,
      hidden: kept,
      submit: declared.label,
      isRemoval: declared.isRemoval,
      cancel: recordPath(model, "private", id),
    },
    new Map(),
  );
}

/** Which record the form is about: its name, and what it belongs to. */
function aboutRecord(
  { var: { caller } }: PageContext,
  model: Model,
  id: string,
): { readonly statements: readonly Statement[]; read(rows: readonly (readonly Row[])[]): Child } {
  const parents = Object.entries(model.fields).flatMap(([name, field]) => {
    const target = field.write === undefined ? undefined : modelOf(targetOf(field), "private");
    return field.input !== "reference" || target === undefined ? [] : [{ name, field, target }];
  });
  return {
    statements: [
      namesOf(model, caller, JSON.stringify([id])),
      ...parents.map(({ name, target }) => namesOf(target, caller, idsIn(model, name, caller, id))),
    ],
    read: ([own, ...others]) => (
      <dl class="facts">
        <Named label={model.label} model={model} rows={own} />
        {parents.map(({ field, target }, index) => (
          <Named label={field.label} model={target} rows={others[index]} />
        ))}
      </dl>
    ),
  };
}

const Named: FC<{ label: string; model: Model; rows: readonly Row[] | undefined }> = ({
  label,
  model,
  rows,
}) => (
  <>
    {[...namesIn(rows)].map(
      ([id, name]) =>
        name !== null && (
          <>
            <dt>{label}</dt>
            <dd>
              <a href={recordPath(model, "private", id)}>{name}</a>
            </dd>
          </>
        ),
    )}
  </>
);

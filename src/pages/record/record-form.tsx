import type { Child, FC } from "hono/jsx";
import { runAs } from "../../db/access.ts";
import type { Model } from "../../model/define.ts";
import type { FieldErrors } from "../../values/errors.ts";
import { FORM_SCRIPTS } from "../assets.ts";
import { Flash, FormToken } from "../layout.tsx";
import { type PageContext, renderPage } from "../page.tsx";
import { anchorOf, FieldInput } from "./field-input.tsx";
import { type Acted, DO } from "./form-actions.ts";
import { type Form, formFields } from "./form-values.ts";
import { type Lookups, lookUp } from "./lookups.ts";

/** A form of a record as it is shown. */
export interface ShownForm {
  readonly model: Model;
  readonly title: string;
  readonly lead?: Child;
  readonly action: string;
  /** The values of the fields. */
  readonly form: Form;
  /** What the form carries besides: parameters that begin with `form_`. */
  readonly hidden: readonly (readonly [string, string])[];
  /** What stands above the fields. */
  readonly before?: Child;
  readonly submit: string;
  /** Set when something is lost by it. */
  readonly isRemoval?: true | undefined;
  /** The page to which the form leads when it is given up. */
  readonly cancel: string;
  readonly errors?: FieldErrors | undefined;
  /** The error of the form as a whole. */
  readonly message?: string | undefined;
  readonly acted?: Acted | undefined;
  readonly notice?: Child;
  readonly status?: 200 | 400 | 403 | 409 | 412 | 413;
}

/** Looks up what the form shows of other records, and shows it. */
export async function showForm(context: PageContext, shown: ShownForm): Promise<Response> {
  const { connection, caller } = context.var;
  const { statements, read } = lookUp(shown.model, caller, { form: shown.form });
  return renderForm(context, shown, read(await runAs(connection, caller, statements)));
}

/** Shows a form whose other records have been looked up. */
export function renderForm(
  context: PageContext,
  shown: ShownForm,
  lookups: Lookups,
): Promise<Response> {
  const { status = 200, errors, message } = shown;
  const isFaulty = errors !== undefined || message !== undefined;
  const title = isFaulty ? `Not saved: ${shown.title}` : shown.title;
  return renderPage(
    context,
    { title, scripts: FORM_SCRIPTS },
    (token) => <RecordForm shown={shown} lookups={lookups} token={token} />,
    { status, forms: true },
  );
}

const RecordForm: FC<{ shown: ShownForm; lookups: Lookups; token: string }> = ({
  shown,
  lookups,
  token,
}) => {
  const { model, title, lead, action, form, hidden, submit, cancel, errors, acted, notice } = shown;
  const { before, isRemoval } = shown;
  return (
    <>
      <header>
        <h1>{title}</h1>
        <p class="lead">{lead ?? model.help}</p>
      </header>
      {notice}
      <ErrorSummary shown={shown} />
      <form class="card record-form" method="post" action={action} data-record-form>
        <FormToken value={token} />
        {/* The first button is the one that the Enter key presses. */}
        <button type="submit" name={DO} value="save" hidden>
          {submit}
        </button>
        {hidden.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {before}
        {formFields(model).map(([name, field]) => (
          <FieldInput
            name={name}
            field={field}
            form={form}
            errors={errors?.get(name) ?? []}
            lookup={lookups.get(name)}
            focus={acted?.focus}
            said={acted?.field === name ? acted.message : undefined}
          />
        ))}
        <div class="actions form-end">
          <button class={isRemoval && "danger"} type="submit" name={DO} value="save">
            {submit}
          </button>
          <a class="button plain" href={cancel}>
            Cancel
          </a>
        </div>
      </form>
    </>
  );
};

/** All errors of a form, each with a link to its field. */
const ErrorSummary: FC<{ shown: ShownForm }> = ({ shown: { model, errors, message } }) => {
  if (errors === undefined && message === undefined) return null;
  const fields = new Map(formFields(model));
  return (
    <Flash title="Nothing was saved yet" error>
      {message !== undefined && <p>{message}</p>}
      {errors !== undefined && (
        <ul class="summary">
          {[...errors].flatMap(([name, messages]) =>
            messages.map((each) => (
              <li>
                {fields.has(name) ? (
                  <a href={`#${anchorOf(name)}`}>
                    {fields.get(name)?.label}: {each}
                  </a>
                ) : (
                  `${name}: ${each}`
                )}
              </li>
            )),
          )}
        </ul>
      )}
    </Flash>
  );
};

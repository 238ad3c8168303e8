import type { FC } from "hono/jsx";
import { FORM_TOKEN } from "../../auth/form.ts";
import { runAs } from "../../db/access.ts";
import type { Model } from "../../model/define.ts";
import { FormToken } from "../layout.tsx";
import { type PageContext, renderPage } from "../page.tsx";
import { FieldValue } from "./field-value.tsx";
import { DO } from "./form-actions.ts";
import { type Form, formFields, KEEP, readForm, Unreadable } from "./form-values.ts";
import { type Lookups, lookUp } from "./lookups.ts";
import { editPath, recordPath } from "./paths.ts";

/** Two versions of one record. */
interface Conflict {
  readonly model: Model;
  readonly id: string;
  /** What the person has typed, noted as made from the current version. */
  readonly form: Form;
  /** The current version. */
  readonly current: Form;
  /** The fields in which the versions differ and which somebody else has changed. */
  readonly overtaken: readonly string[];
  /** Those of them that the person has not changed. */
  readonly untouched: readonly string[];
}

/** Shows both versions of each field, so that the person decides. */
export async function showConflict(context: PageContext, conflict: Conflict): Promise<Response> {
  const { connection, caller } = context.var;
  const [mine, theirs] = [conflict.form, conflict.current].map((form) =>
    lookUp(conflict.model, caller, { form }),
  );
  const ofMine = mine?.statements ?? [];
  const rows = await runAs(connection, caller, [...ofMine, ...(theirs?.statements ?? [])]);
  const mineLookups = mine?.read(rows.slice(0, ofMine.length)) ?? new Map();
  const theirLookups = theirs?.read(rows.slice(ofMine.length)) ?? new Map();
  return renderPage(
    context,
    { title: `Not saved: somebody else has changed this ${conflict.model.title}` },
    (token) => (
      <Decision conflict={conflict} mine={mineLookups} theirs={theirLookups} token={token} />
    ),
    { status: 412, forms: true },
  );
}

const Decision: FC<{ conflict: Conflict; mine: Lookups; theirs: Lookups; token: string }> = ({
  conflict,
  mine,
  theirs,
  token,
}) => {
  const { model, id, form, current, overtaken, untouched } = conflict;
  const typedValues = readForm(model, form);
  const storedValues = readForm(model, current);
  const fields = formFields(model).filter(([name]) => overtaken.includes(name));
  const carried = [...form].filter(
    ([name]) => name !== FORM_TOKEN && name !== DO && !name.startsWith(KEEP),
  );
  return (
    <>
      <header>
        <h1>Somebody else has changed this {model.title}</h1>
        <p class="lead">
          It was changed and saved while you were editing. Nothing of yours is saved yet, and
          nothing is lost: choose a version of each field. Your other changes stay as they are.
        </p>
      </header>
      <form class="stack wide-gap" method="post" action={editPath(model, id)}>
        <FormToken value={token} />
        {carried.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {fields.map(([name, field]) => {
          const isUntouched = untouched.includes(name);
          const typed = typedValues.get(name);
          return (
            <fieldset class="card versions">
              <legend>{field.label}</legend>
              {isUntouched && <p class="quiet">You did not change this field; they did.</p>}
              <div class="columns">
                <Version name={name} which="mine" title="Yours" chosen={!isUntouched}>
                  {typed instanceof Unreadable ? (
                    <pre tabindex={0}>
                      <code>{form.get(name) ?? ""}</code>
                    </pre>
                  ) : (
                    <FieldValue
                      field={field}
                      value={typed}
                      names={mine.get(name)?.names}
                      portal="private"
                    />
                  )}
                </Version>
                <Version name={name} which="theirs" title="Theirs, saved now" chosen={isUntouched}>
                  <FieldValue
                    field={field}
                    value={storedValues.get(name)}
                    names={theirs.get(name)?.names}
                    portal="private"
                  />
                </Version>
              </div>
            </fieldset>
          );
        })}
        <section class="card">
          <h2>What shall be saved?</h2>
          <div class="actions">
            <button type="submit" name={DO} value="save">
              Save as chosen
            </button>
            <button class="plain" type="submit" name={DO} value="merge">
              Go on editing
            </button>
            <button class="plain" type="submit" name={DO} value="mine">
              Save all of mine
            </button>
            <button class="plain" type="submit" name={DO} value="theirs">
              Take all of theirs
            </button>
            <a href={recordPath(model, "private", id)} target="_blank" rel="noopener">
              See the {model.title} as it is now
            </a>
          </div>
        </section>
      </form>
    </>
  );
};

const Version: FC<{
  name: string;
  which: "mine" | "theirs";
  title: string;
  chosen: boolean;
  children?: unknown;
}> = ({ name, which, title, chosen, children }) => (
  <div class="version">
    <label>
      <input type="radio" name={KEEP + name} value={which} checked={chosen} /> {title}
    </label>
    <div class="version-value">{children}</div>
  </div>
);

import type { FC } from "hono/jsx";
import * as z from "zod/mini";
import type { Model } from "../../model/define.ts";
import { parseDay } from "../../values/instant.ts";
import { ChosenList } from "./chosen-list.tsx";
import { type Form, isInside } from "./form-values.ts";
import { KeyValues, Links, Members, membersHelp, ObjectRows, Options } from "./input-rows.tsx";
import type { Lookup } from "./lookups.ts";

/** The declaration of a field, with its label. */
export type FormField = Model["fields"][string];

/** What the input of a field shows. */
export interface InputProps {
  readonly name: string;
  readonly field: FormField;
  readonly form: Form;
  readonly errors: readonly string[];
  readonly lookup: Lookup | undefined;
  /** The id of the element that gets the focus. */
  readonly focus: string | undefined;
  /** What the last action did to this field, for screen readers. */
  readonly said: string | undefined;
}

/** Whether a field has to be given. */
export function isRequired({ write }: FormField): boolean {
  return write !== undefined && !z.safeParse(write.schema, undefined).success;
}

/** The id of the element that the summary of errors leads to. */
export const anchorOf = (name: string) => `f-${name}`;

/** One field of a form: its label, its help, its errors and its input. */
export const FieldInput: FC<InputProps> = (props) => {
  const { name, field, errors } = props;
  const Input = INPUTS[kindOf(field)];
  const isGroup = GROUPS.has(kindOf(field));
  const label = (
    <>
      {field.label}
      {isRequired(field) && <span class="required"> required</span>}
    </>
  );
  const about = (
    <>
      <p class="hint" id={`h-${name}`}>
        {field.input === "members" ? membersHelp(name, field) : field.help}
        {field.input === "instant" && " Here in UTC."}
      </p>
      {errors.length > 0 && (
        <ul class="field-errors" id={`e-${name}`}>
          {errors.map((error) => (
            <li>{error}</li>
          ))}
        </ul>
      )}
    </>
  );
  const className = errors.length > 0 ? "field faulty" : "field";
  return isGroup ? (
    <fieldset
      class={className}
      id={anchorOf(name)}
      data-field={name}
      tabindex={-1}
      aria-describedby={describedBy(props)}
    >
      <legend>{label}</legend>
      {about}
      <Input {...props} />
    </fieldset>
  ) : (
    <div class={className} data-field={name}>
      <label for={anchorOf(name)}>{label}</label>
      {about}
      <Input {...props} />
    </div>
  );
};

const describedBy = ({ name, errors }: InputProps) =>
  errors.length > 0 ? `h-${name} e-${name}` : `h-${name}`;

/** The attributes of the one control of a field. */
const controlOf = (props: InputProps) => ({
  id: anchorOf(props.name),
  name: props.name,
  "aria-describedby": describedBy(props),
  "aria-invalid": props.errors.length > 0 ? ("true" as const) : undefined,
  "aria-required": isRequired(props.field) ? ("true" as const) : undefined,
  autofocus: props.focus === anchorOf(props.name) ? true : undefined,
});

const typedValue = ({ form, name }: InputProps) => form.get(name) ?? "";

const Text: FC<InputProps> = (props) => (
  <input type="text" {...controlOf(props)} value={typedValue(props)} autocomplete="off" />
);

/** Browsers leave the first line break of a text area out, so there is always one more. */
const TextArea: FC<{ props: InputProps; rows: number; mono?: boolean }> = ({
  props,
  rows,
  mono,
}) => (
  <textarea {...controlOf(props)} rows={rows} class={mono ? "mono" : undefined} spellcheck={!mono}>
    {`\n${typedValue(props)}`}
  </textarea>
);

const LOCAL_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?)?$/;

/** A browser's own input holds milliseconds; a value with more, or with another form, is shown as text. */
const Instant: FC<InputProps> = (props) => {
  const isLocal = LOCAL_TIME.test(typedValue(props));
  return (
    <span class="with-unit">
      <input
        type={isLocal ? "datetime-local" : "text"}
        step={isLocal ? "any" : undefined}
        {...controlOf(props)}
        value={typedValue(props)}
      />
      <span aria-hidden="true">UTC</span>
    </span>
  );
};

const Day: FC<InputProps> = (props) => {
  const value = typedValue(props);
  const fits = value === "" || parseDay(value) !== undefined;
  return <input type={fits ? "date" : "text"} {...controlOf(props)} value={value} />;
};

const Flag: FC<InputProps> = (props) => (
  <span class="check">
    <input type="hidden" name={props.name} value="" />
    <input
      type="checkbox"
      {...controlOf(props)}
      value="true"
      checked={props.form.getAll(props.name).includes("true")}
    />
    <span aria-hidden="true">Yes</span>
  </span>
);

const Choice: FC<InputProps> = (props) => (
  <select {...controlOf(props)}>
    <Options choices={props.field.choices ?? []} chosen={typedValue(props)} none="Choose one" />
  </select>
);

const INPUTS = {
  text: Text,
  "long-text": (props: InputProps) => <TextArea props={props} rows={6} />,
  number: (props: InputProps) => (
    <input
      type="text"
      inputmode="decimal"
      {...controlOf(props)}
      value={typedValue(props)}
      autocomplete="off"
    />
  ),
  flag: Flag,
  instant: Instant,
  day: Day,
  choice: Choice,
  tags: ChosenList,
  chosen: ChosenList,
  lines: (props: InputProps) => <TextArea props={props} rows={2} mono />,
  "key-values": KeyValues,
  object: KeyValues,
  links: Links,
  members: Members,
  rows: ObjectRows,
  json: (props: InputProps) => <TextArea props={props} rows={6} mono />,
} as const;

const GROUPS: ReadonlySet<keyof typeof INPUTS> = new Set([
  "tags",
  "chosen",
  "key-values",
  "object",
  "links",
  "members",
  "rows",
]);

function kindOf(field: FormField): keyof typeof INPUTS {
  switch (field.input) {
    case "reference":
      return isInside(field) ? "chosen" : "text";
    case "references":
      return isInside(field) ? "chosen" : "lines";
    case "read-only":
      throw new Error("No form has a read-only field.");
    default:
      return field.input;
  }
}

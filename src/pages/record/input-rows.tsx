import type { Child, FC } from "hono/jsx";
import type { RowPart } from "../../model/field.ts";
import { Suggestions, suggesting } from "../member-suggestions.tsx";
import type { FormField, InputProps } from "./field-input.tsx";
import { DO } from "./form-actions.ts";
import { keyValueRows, linkRows, memberRows, partRows } from "./form-values.ts";

// The inputs of fields that have a row of inputs for each of their values.

/** The options of a select. A value that is none of them stays, so that nothing typed is lost. */
export const Options: FC<{ choices: readonly string[]; chosen: string; none: string }> = ({
  choices,
  chosen,
  none,
}) => (
  <>
    <option value="" selected={chosen === ""}>
      {none}
    </option>
    {[...choices, ...(chosen === "" || choices.includes(chosen) ? [] : [chosen])].map((choice) => (
      <option value={choice} selected={choice === chosen}>
        {choice}
      </option>
    ))}
  </>
);

/** Rows of inputs with the same parts. There is always an empty one at the end. */
const Rows: FC<{ props: InputProps; more: string; children?: Child }> = ({
  props: { name, said, focus },
  more,
  children,
}) => (
  <>
    <input type="hidden" name={name} value="" />
    <ul class="input-rows">{children}</ul>
    <div class="actions">
      <button
        class="plain small"
        type="submit"
        name={DO}
        value={`${name}.rows`}
        formnovalidate
        data-live
        id={`${name}-rows`}
        autofocus={focus === `${name}-rows` ? true : undefined}
      >
        {more}
      </button>
    </div>
    <p class="said" role="status">
      {said ?? ""}
    </p>
  </>
);

const EMPTY = { key: "", value: "", as: "", repository: "", url: "", level: "" } as const;

/** The rows, with an empty one at the end. */
function withEmpty<Row extends Readonly<Record<string, string>>>(rows: readonly Row[]): Row[] {
  const last = rows.at(-1);
  const isEmpty = last !== undefined && Object.values(last).every((part) => part === "");
  // Every part of a row is among those of the empty one.
  return isEmpty ? [...rows] : [...rows, EMPTY as unknown as Row];
}

export const KeyValues: FC<InputProps> = (props) => {
  const { name, field, form, focus } = props;
  const rows = withEmpty(keyValueRows(form, name));
  return (
    <Rows props={props} more="Add rows">
      {rows.map(({ key, value, as }, row) => (
        <li class="input-row key-value">
          <input
            type="text"
            name={`${name}.key`}
            value={key}
            placeholder="key"
            aria-label={`${field.label}, key ${row + 1}`}
            id={`${name}-row-${row}`}
            autofocus={focus === `${name}-row-${row}` ? true : undefined}
            autocomplete="off"
            spellcheck={false}
          />
          <textarea
            name={`${name}.value`}
            rows={1}
            placeholder="value"
            aria-label={`${field.label}, value ${row + 1}`}
          >
            {`\n${value}`}
          </textarea>
          <select name={`${name}.as`} aria-label={`${field.label}, kind of value ${row + 1}`}>
            <option value="" selected={as !== "text"}>
              {field.input === "object" ? "Text or JSON" : "Text/number"}
            </option>
            <option value="text" selected={as === "text"}>
              Text
            </option>
          </select>
        </li>
      ))}
    </Rows>
  );
};

export const Links: FC<InputProps> = (props) => {
  const { name, field, form, focus } = props;
  const rows = withEmpty(linkRows(form, name));
  return (
    <Rows props={props} more="Add rows">
      {rows.map(({ repository, url }, row) => (
        <li class="input-row link-row">
          <select
            name={`${name}.repository`}
            aria-label={`${field.label}, repository ${row + 1}`}
            id={`${name}-row-${row}`}
            autofocus={focus === `${name}-row-${row}` ? true : undefined}
          >
            <Options choices={field.choices ?? []} chosen={repository} none="Repository" />
          </select>
          <input
            type="text"
            inputmode="url"
            name={`${name}.url`}
            value={url}
            placeholder="https://"
            aria-label={`${field.label}, address ${row + 1}`}
            autocomplete="off"
          />
        </li>
      ))}
    </Rows>
  );
};

/** A row for each object, in their order, with buttons that move and remove it. */
export const ObjectRows: FC<InputProps> = (props) => {
  const { name, field, form } = props;
  const parts = field.parts ?? [];
  const rows = partRows(form, name, parts);
  const isEmpty = (row: Readonly<Record<string, string>>) =>
    Object.values(row).every((value) => value === "");
  const last = rows.at(-1);
  const shown = last !== undefined && isEmpty(last) ? rows : [...rows, {}];
  return (
    <>
      {parts.map((part) => (
        <Proposed name={name} part={part} />
      ))}
      <Rows props={props} more="Add rows">
        {shown.map((values: Readonly<Record<string, string>>, row) => (
          <li class="input-row object-row">
            {parts.map((part, place) => (
              <RowInput
                props={props}
                part={part}
                row={row}
                place={place}
                value={values[part.name] ?? ""}
              />
            ))}
            <RowRest name={`${name}.rest`} value={values.rest ?? ""} />
            {row < shown.length - 1 && (
              <span class="row-buttons">
                <RowButton
                  name={name}
                  action={`up.${row}`}
                  label={`Move row ${row + 1} up`}
                  off={row === 0}
                >
                  ↑
                </RowButton>
                <RowButton
                  name={name}
                  action={`down.${row}`}
                  label={`Move row ${row + 1} down`}
                  off={row === shown.length - 2}
                >
                  ↓
                </RowButton>
                <RowButton name={name} action={`remove.${row}`} label={`Remove row ${row + 1}`}>
                  ×
                </RowButton>
              </span>
            )}
          </li>
        ))}
      </Rows>
    </>
  );
};

const proposalsOf = (name: string, { name: part }: RowPart) => `${name}-${part}-proposed`;

const Proposed: FC<{ name: string; part: RowPart }> = ({ name, part }) =>
  part.proposed === undefined ? null : (
    <datalist id={proposalsOf(name, part)}>
      {part.proposed.map((text) => (
        <option value={text} />
      ))}
    </datalist>
  );

/** A flag is a select: an unchecked box would not be sent, and the rows would slip. */
const RowInput: FC<{
  props: InputProps;
  part: RowPart;
  row: number;
  place: number;
  value: string;
}> = ({ props: { name, field, focus }, part, row, place, value }) => {
  const control = {
    name: `${name}.${part.name}`,
    "aria-label": `${field.label}, ${part.label} ${row + 1}`,
    ...(place === 0 && {
      id: `${name}-row-${row}`,
      autofocus: focus === `${name}-row-${row}` ? true : undefined,
    }),
  };
  return part.kind === "flag" ? (
    <select {...control}>
      <option value="" selected={value !== "true"}>
        not {part.label.toLowerCase()}
      </option>
      <option value="true" selected={value === "true"}>
        {part.label.toLowerCase()}
      </option>
    </select>
  ) : (
    <input
      type="text"
      {...control}
      value={value}
      placeholder={part.label.toLowerCase()}
      list={part.proposed === undefined ? undefined : proposalsOf(name, part)}
      autocomplete="off"
      spellcheck={false}
    />
  );
};

/** What an object has beside its parts, which only programs write. */
const RowRest: FC<{ name: string; value: string }> = ({ name, value }) => (
  <>
    <input type="hidden" name={name} value={value} />
    {value !== "" && (
      <p class="quiet row-rest">
        And <code>{value}</code>, which stays as it is.
      </p>
    )}
  </>
);

const RowButton: FC<{
  name: string;
  action: string;
  label: string;
  off?: boolean;
  children?: string;
}> = ({ name, action, label, off, children }) => (
  <button
    class="icon"
    type="submit"
    name={DO}
    value={`${name}.${action}`}
    aria-label={label}
    title={label}
    disabled={off}
    formnovalidate
    data-live
  >
    {children}
  </button>
);

/** What each level lets a member do. The API speaks of flags, which a form has not. */
const LEVEL_WORDS: Readonly<Record<string, string>> = {
  member: "reads",
  contributor: "also changes what is in it",
  manager: "also adds and removes people",
  owner: "may do everything",
};

/** The help of a field of members, in the words of its form. */
export function membersHelp(name: string, field: FormField): string {
  const levels = levelsOf(field).map((level) =>
    `a ${level} ${LEVEL_WORDS[level]}`.replace("a o", "an o"),
  );
  const key = name === "users" ? "email of a user" : "name of a group";
  return `Who has access: the ${key} on each row, and a level. Of the levels, ${levels.join(", ")}.`;
}

export const Members: FC<InputProps> = (props) => {
  const { name, field, form, focus } = props;
  const rows = withEmpty(memberRows(form, name));
  const levels = levelsOf(field);
  const isUsers = name === "users";
  return (
    <>
      <Suggestions list={`${name}-known`} />
      <Rows props={props} more="Add rows">
        {rows.map(({ key, level }, row) => (
          <li class="input-row member-row">
            <input
              type="text"
              inputmode={isUsers ? "email" : undefined}
              name={`${name}.key`}
              value={key}
              placeholder={isUsers ? "email" : "name of a group"}
              aria-label={`${field.label}, member ${row + 1}`}
              id={`${name}-row-${row}`}
              autofocus={focus === `${name}-row-${row}` ? true : undefined}
              autocomplete="off"
              {...suggesting(isUsers ? "users" : "groups", `${name}-known`)}
            />
            <select name={`${name}.level`} aria-label={`${field.label}, level ${row + 1}`}>
              {[...levels, "remove"].map((each) => (
                <option value={each} selected={each === (level === "" ? "member" : level)}>
                  {each}
                </option>
              ))}
            </select>
          </li>
        ))}
      </Rows>
    </>
  );
};

/** The levels that a field of members has, from the flags in its schema. */
function levelsOf({ schema }: FormField): readonly string[] {
  const flags = JSON.stringify(schema?.additionalProperties ?? {});
  return ["member", ...(flags.includes("can_change") ? ["contributor"] : []), "manager", "owner"];
}

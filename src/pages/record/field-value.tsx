import type { FC } from "hono/jsx";
import type { Model, Portal } from "../../model/define.ts";
import type { Field } from "../../model/field.ts";
import { isJsonObject, parseJson, writeJson } from "../../values/json.ts";
import { When } from "../layout.tsx";
import { levelOfFlags } from "./form-values.ts";
import { targetOf } from "./lookups.ts";
import { modelOf, recordPath } from "./paths.ts";

/** The names of records by id; null for one that the caller may not read. */
export type Names = ReadonlyMap<string, string | null>;

interface ValueProps {
  readonly field: Field<unknown>;
  /** The value as JSON has it. */
  readonly value: unknown;
  readonly names?: Names | undefined;
  readonly portal: Portal;
  /** The address of the list of all records that the field names, where there is one. */
  readonly all?: string | undefined;
}

/** How many items of a list a page shows. */
const MAX_SHOWN = 200;

/** The value of a field, as people read it. */
export const FieldValue: FC<ValueProps> = (props) => {
  const { field, value } = props;
  if (isEmpty(value)) return <span class="empty">none</span>;
  switch (field.input) {
    case "flag":
      return <span>{value === true ? "Yes" : "No"}</span>;
    case "instant":
      return <Instant value={value} />;
    case "tags":
      return (
        <ul class="pills">
          {listOf(value).map((tag) => (
            <li class="pill">{String(tag)}</li>
          ))}
        </ul>
      );
    case "key-values":
      return <Pairs value={value} />;
    case "links":
      return <Links value={value} />;
    case "members":
      return <Members value={value} />;
    case "reference":
      return <Reference id={String(value)} {...props} />;
    case "references":
      return <References {...props} />;
    case "rows":
      return <ObjectRows {...props} />;
    case "object":
    case "json":
      return <Json value={value} />;
    case "read-only":
      return <ReadOnly {...props} />;
    case "long-text":
      return <div class="prose">{String(value)}</div>;
    default:
      return <span>{typeof value === "string" ? value : writeJson(value)}</span>;
  }
};

const listOf = (value: unknown): readonly unknown[] =>
  (Array.isArray(value) ? value : []).slice(0, MAX_SHOWN);

export const isEmpty = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);

/** An instant as answers have it: in UTC, with a closing `Z`. */
export const Instant: FC<{ value: unknown }> = ({ value }) => {
  const text = String(value);
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? (
    <When instant={text.slice(0, -1)} />
  ) : (
    <span>{text}</span>
  );
};

const Pairs: FC<{ value: unknown }> = ({ value }) => (
  <dl class="facts pairs">
    {Object.entries(isJsonObject(value) ? value : {}).map(([key, item]) => (
      <>
        <dt>{key}</dt>
        <dd class="prose">{typeof item === "string" ? item : writeJson(item)}</dd>
      </>
    ))}
  </dl>
);

const SAFE_ADDRESS = /^(https?|ftp):\/\//i;

/** An address that a user typed. Any other scheme, such as `javascript:`, is text and no link. */
export const SafeLink: FC<{ address: string }> = ({ address }) =>
  SAFE_ADDRESS.test(address) && URL.canParse(address) ? (
    <a href={address} rel="noopener nofollow ugc">
      {address}
    </a>
  ) : (
    <span>{address}</span>
  );

const Links: FC<{ value: unknown }> = ({ value }) => (
  <ul class="plain-list">
    {listOf(value).map((link) => (
      <li>
        <span class="pill">{String(isJsonObject(link) ? link.repository : "")}</span>{" "}
        <SafeLink address={String(isJsonObject(link) ? link.url : link)} />
      </li>
    ))}
  </ul>
);

const Members: FC<{ value: unknown }> = ({ value }) => {
  const members = Object.entries(isJsonObject(value) ? value : {});
  return (
    <ul class="plain-list">
      {members.slice(0, MAX_SHOWN).map(([name, flags]) => (
        <li>
          {name} <span class="pill">{levelOfFlags(flags)}</span>
        </li>
      ))}
      {members.length > MAX_SHOWN && <li class="quiet">and {members.length - MAX_SHOWN} more</li>}
    </ul>
  );
};

const Reference: FC<ValueProps & { id: string }> = ({ id, field, names, portal }) => {
  const name = names?.get(id);
  const model = modelOf(targetOf(field), portal);
  if (model === undefined) return <code>{id}</code>;
  if (name === null) return <span class="quiet">one that you may not see</span>;
  return <RecordLink model={model} portal={portal} id={id} name={name ?? id} />;
};

export const RecordLink: FC<{
  model: Pick<Model, "path">;
  portal: Portal;
  id: string;
  name: string;
}> = ({ model, portal, id, name }) => <a href={recordPath(model, portal, id)}>{name}</a>;

/** More names than these stand in columns. */
const FEW = 12;

const References: FC<ValueProps> = (props) => {
  const ids = Array.isArray(props.value) ? props.value : [];
  const list = (
    <ul class={ids.length > FEW ? "plain-list many" : "plain-list"}>
      {listOf(ids).map((id) => (
        <li>
          <Reference {...props} id={String(id)} />
        </li>
      ))}
      {ids.length > MAX_SHOWN && <li class="quiet">and {ids.length - MAX_SHOWN} more</li>}
    </ul>
  );
  if (props.all === undefined) return list;
  return (
    <div class="stack">
      <p>
        <a href={props.all}>All {ids.length.toLocaleString("en")} as a list</a>
      </p>
      {list}
    </div>
  );
};

/** Objects as a table: a column for each part, and what an object has besides. */
const ObjectRows: FC<ValueProps> = ({ field: { parts = [] }, value }) => {
  const rows = listOf(value).map((item) => {
    const object = isJsonObject(item) ? item : {};
    const rest = Object.entries(object).filter(([key]) => !parts.some(({ name }) => name === key));
    return { object, rest: rest.length === 0 ? "" : writeJson(Object.fromEntries(rest)) };
  });
  const hasRest = rows.some(({ rest }) => rest !== "");
  return (
    <div class="scroll" tabindex={0}>
      <table class="objects">
        <thead>
          <tr>
            {parts.map(({ label }) => (
              <th scope="col">{label}</th>
            ))}
            {hasRest && <th scope="col">Besides</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ object, rest }) => (
            <tr>
              {parts.map(({ name, kind }) => (
                <td>
                  {kind === "flag"
                    ? object[name] === true
                      ? "Yes"
                      : "No"
                    : partText(object[name])}
                </td>
              ))}
              {hasRest && (
                <td>
                  <code>{rest}</code>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const partText = (value: unknown) =>
  value === undefined ? "" : typeof value === "string" ? value : writeJson(value);

export const Json: FC<{ value: unknown }> = ({ value }) => (
  <pre tabindex={0}>
    <code>{writeJson(value, 2)}</code>
  </pre>
);

const UUID = /^[0-9a-f-]{36}$/;

/** A field that only the service writes: a date, ids of other records, or whatever else its schema says. */
const ReadOnly: FC<ValueProps> = (props) => {
  const { value, field } = props;
  if (field.schema?.format === "date-time" || asTypes(field).includes("date-time")) {
    return <Instant value={value} />;
  }
  if (field.refersTo !== undefined) return <Reference {...props} id={String(value)} />;
  if (typeof value === "string")
    return UUID.test(value) ? <code>{value}</code> : <span>{value}</span>;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return <References {...props} />;
  }
  return typeof value === "object" ? <Json value={value} /> : <span>{String(value)}</span>;
};

const asTypes = ({ schema }: Field<unknown>): readonly unknown[] => [schema?.type].flat();

/** The names in the rows of `namesOf`. */
export const namesIn = (rows: readonly Readonly<Record<string, unknown>>[] = []): Names =>
  new Map(rows.map(({ id, name }) => [String(id), name == null ? null : String(name)]));

/** A record from its JSON text. */
export function readJsonRecord(body: string): Readonly<Record<string, unknown>> {
  const record = parseJson(body);
  return isJsonObject(record) ? record : {};
}

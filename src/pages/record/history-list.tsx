import type { FC } from "hono/jsx";
import type { Model } from "../../model/define.ts";
import { isJsonObject, writeJson } from "../../values/json.ts";
import { Instant, isEmpty, type Names } from "./field-value.tsx";

/** How much of a value the history shows, in characters. */
const MAX_VALUE = 300;

/** Who changed what from what to what, the latest first. */
export const History: FC<{
  entries: readonly Readonly<Record<string, unknown>>[];
  model: Model;
  /** The names of the records that the entries may name. */
  names: Names;
  heading?: string;
  /** Where there is more of it. */
  more: { readonly address: string; readonly text: string };
}> = ({ entries, model, names, heading, more }) => (
  <section class="card">
    {heading !== undefined && <h2>{heading}</h2>}
    {entries.length === 0 && <p class="empty">No change is known.</p>}
    <ol class="rows history">
      {entries.map((entry) => (
        <li>
          <details open={entries.length === 1 ? true : undefined}>
            <summary>
              <strong>{entry.user === null ? "The administrator" : String(entry.user)}</strong>{" "}
              {DONE[String(entry.action)] ?? String(entry.action)}{" "}
              {entry.action === "change" && namesOfChanged(entry, model)}{" "}
              <span class="quiet">
                <Instant value={entry.date_time} />
              </span>
            </summary>
            <Changes entry={entry} model={model} names={names} />
          </details>
        </li>
      ))}
    </ol>
    <p class="quiet">
      <a href={more.address}>{more.text}</a>
    </p>
  </section>
);

const DONE: Readonly<Record<string, string>> = {
  create: "created it",
  change: "changed",
  delete: "deleted it",
};

const changesOf = ({ changes }: Readonly<Record<string, unknown>>) =>
  Object.entries(isJsonObject(changes) ? changes : {});

const labelOf = (model: Model, name: string) => model.fields[name]?.label ?? name;

const namesOfChanged = (entry: Readonly<Record<string, unknown>>, model: Model) =>
  changesOf(entry)
    .map(([name]) => labelOf(model, name).toLowerCase())
    .join(", ");

/** The values of an entry. What a record never had before is left out, and so is what it has not got. */
const Changes: FC<{
  entry: Readonly<Record<string, unknown>>;
  model: Model;
  names: Names;
}> = ({ entry, model, names }) => (
  <dl class="facts changes">
    {changesOf(entry).map(([name, change]) => {
      const { from, to } = isJsonObject(change) ? change : {};
      if (isEmpty(from) && isEmpty(to)) return null;
      return (
        <>
          <dt>{labelOf(model, name)}</dt>
          <dd>
            {!isEmpty(from) && <del>{shortText(from, names)}</del>}{" "}
            {isEmpty(to) ? (
              entry.action === "change" && <ins>nothing</ins>
            ) : (
              <ins>{shortText(to, names)}</ins>
            )}
          </dd>
        </>
      );
    })}
  </dl>
);

/** A value in words: records by their names, and the items of a list one after the other. */
function shortText(value: unknown, names: Names): string {
  const text = Array.isArray(value)
    ? value.map((item) => textOf(item, names)).join(", ")
    : textOf(value, names);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}

const textOf = (value: unknown, names: Names) =>
  typeof value === "string" ? (names.get(value) ?? value) : writeJson(value);

import type { FC } from "hono/jsx";
import type { Model } from "../../model/define.ts";
import { isJsonObject, writeJson } from "../../values/json.ts";
import { Instant } from "./field-value.tsx";

/** How much of a value the history shows, in characters. */
const MAX_VALUE = 300;

/** Who changed what from what to what, the latest first. */
export const History: FC<{
  entries: readonly Readonly<Record<string, unknown>>[];
  count: number;
  model: Model;
  address: string;
}> = ({ entries, count, model, address }) => (
  <section class="card">
    <h2>History</h2>
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
            <Changes entry={entry} model={model} />
          </details>
        </li>
      ))}
    </ol>
    <p class="quiet">
      {count > entries.length && `The latest ${entries.length} of ${count}. `}
      <a href={address}>All of it as JSON</a>
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

const Changes: FC<{ entry: Readonly<Record<string, unknown>>; model: Model }> = ({
  entry,
  model,
}) => (
  <dl class="facts changes">
    {changesOf(entry).map(([name, change]) => (
      <>
        <dt>{labelOf(model, name)}</dt>
        <dd>
          {isJsonObject(change) && change.from !== null && (
            <del>
              <Short value={change.from} />
            </del>
          )}{" "}
          {isJsonObject(change) && change.to !== null && (
            <ins>
              <Short value={change.to} />
            </ins>
          )}
        </dd>
      </>
    ))}
  </dl>
);

const Short: FC<{ value: unknown }> = ({ value }) => {
  const text = typeof value === "string" ? value : writeJson(value);
  const shown = text === "" ? "empty" : text.slice(0, MAX_VALUE);
  return <>{text.length > MAX_VALUE ? `${shown}…` : shown}</>;
};

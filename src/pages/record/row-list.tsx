import type { FC } from "hono/jsx";
import type { Model } from "../../model/define.ts";
import type { RowPart } from "../../model/field.ts";
import { isJsonObject, writeJson } from "../../values/json.ts";
import { ListAddress } from "../list-address.ts";
import { Pager } from "../list-table.tsx";
import { Instant, isEmpty } from "./field-value.tsx";
import { actionPath, recordPath } from "./paths.ts";
import type { ShownRecord } from "./record-page.tsx";

// Lists inside a record whose rows have writes of their own, such as the entries of a log.

type Row = Readonly<Record<string, unknown>>;

/** How many rows a page shows, and how much of a long value. */
const MOST = { rows: 50, characters: 200, pairs: 6 } as const;

/** The fields of a record that are lists of rows with actions. */
export const rowFields = (model: Model): readonly string[] => [
  ...new Set(model.actions.flatMap(({ form }) => form?.rows?.field ?? [])),
];

/** The list in one field: a page of its rows, each with links to what can be done with it. */
export const RowList: FC<{ shown: ShownRecord; name: string }> = ({ shown, name }) => {
  const { model, portal, id, record, may, query } = shown;
  const all = (Array.isArray(record[name]) ? record[name] : []).filter(isJsonObject);
  const offset = Math.min(Math.max(0, Math.floor(Number(query.get("offset")) || 0)), all.length);
  const rows = all.slice(offset, offset + MOST.rows);
  const field = model.fields[name];
  const parts = (field?.parts ?? []).filter((part) => all.some((row) => part.name in row));
  const actions = model.actions.filter(
    ({ form, path }) => form?.rows?.field === name && may.actions.has(path),
  );
  const toRow = actions.filter(({ form }) => !form?.rows?.isNew);
  return (
    <section class="card" id={name}>
      <div class="row-head">
        <h2>
          {field?.label}{" "}
          {all.length > 0 && <span class="quiet">{all.length.toLocaleString("en")}</span>}
        </h2>
        {actions
          .filter(({ form }) => form?.rows?.isNew)
          .map((action) => (
            <a class="button no-print" href={actionPath(model, action, id)}>
              {action.form?.label}
            </a>
          ))}
      </div>
      {all.length === 0 && <p class="empty">None yet.</p>}
      {rows.length > 0 && (
        <table class="records">
          <thead>
            <tr>
              {parts.map(({ label }) => (
                <th scope="col">{label}</th>
              ))}
              {toRow.length > 0 && <td class="no-print" />}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                {parts.map((part, place) =>
                  place === 0 ? (
                    <th scope="row">
                      <PartValue part={part} value={row[part.name]} />
                    </th>
                  ) : (
                    <td data-label={part.label}>
                      {isEmpty(row[part.name]) ? (
                        <span class="nothing">–</span>
                      ) : (
                        <PartValue part={part} value={row[part.name]} />
                      )}
                    </td>
                  ),
                )}
                {toRow.length > 0 && (
                  <td class="no-print row-actions">
                    {toRow.map((action) => (
                      <RowLink model={model} action={action} id={id} row={row} />
                    ))}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Pager
        extent={{ offset, limit: MOST.rows, count: all.length, isAtLeast: false }}
        address={new ListAddress(recordPath(model, portal, id), new URLSearchParams())}
      />
    </section>
  );
};

/** The link to an action on one row, which its key names. */
const RowLink: FC<{ model: Model; action: Model["actions"][number]; id: string; row: Row }> = ({
  model,
  action,
  id,
  row,
}) => {
  const { form } = action;
  const key = form?.rows?.keys.find((name) => typeof row[name] === "string") ?? "";
  const address = new ListAddress(
    actionPath(model, action, id),
    new URLSearchParams([[key, String(row[key])]]),
  );
  const [word] = (form?.label ?? "").split(" ");
  return (
    <a href={address.href} aria-label={`${form?.label} of ${String(row[key])}`}>
      {word}
    </a>
  );
};

/** The parts of one row, with their labels. */
export const RowFacts: FC<{ parts: readonly RowPart[]; row: Row }> = ({ parts, row }) => (
  <dl class="facts">
    {parts
      .filter(({ name }) => !isEmpty(row[name]))
      .map((part) => (
        <>
          <dt>{part.label}</dt>
          <dd>
            <PartValue part={part} value={row[part.name]} />
          </dd>
        </>
      ))}
  </dl>
);

const PartValue: FC<{ part: RowPart; value: unknown }> = ({ part: { kind }, value }) => {
  if (kind === "instant") return <Instant value={value} />;
  if (kind === "object" && isJsonObject(value)) return <Pairs pairs={Object.entries(value)} />;
  const text = typeof value === "string" ? value : writeJson(value);
  return <span class="prose">{text}</span>;
};

const Pairs: FC<{ pairs: readonly (readonly [string, unknown])[] }> = ({ pairs }) => (
  <span class="related">
    {pairs.slice(0, MOST.pairs).map(([key, value]) => (
      <span class="breaks">
        <span class="quiet">{shorten(key)}:</span>{" "}
        {shorten(typeof value === "string" ? value : writeJson(value))}
      </span>
    ))}
    {pairs.length > MOST.pairs && <span class="quiet">and {pairs.length - MOST.pairs} more</span>}
  </span>
);

const shorten = (text: string) =>
  text.length > MOST.characters
    ? `${text.slice(0, MOST.characters).replace(/[\ud800-\udbff]$/, "")}…`
    : text;

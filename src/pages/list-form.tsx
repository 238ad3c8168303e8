import type { FC } from "hono/jsx";
import type { Model } from "../model/define.ts";
import { nameFieldOf } from "../model/related.ts";
import { LIMIT } from "../query/parse.ts";
import { FROM_FORM, type ListAddress } from "./list-address.ts";
import { type Column, manyOf } from "./list-columns.ts";
import { type Chip, type Control, searchParameter } from "./list-filters.ts";

interface FormProps {
  readonly model: Model;
  readonly address: ListAddress;
  readonly controls: readonly Control[];
  readonly offered: readonly Column[];
  readonly chosen: readonly Column[];
}

/** Parameters that another page, or the download of this list, begins without. */
const LEFT_OUT = ["offset", "after", "format", "only[]", "exclude[]", "limit", FROM_FORM];

/**
 * The form of a list. It is sent with `GET`, and each input is a parameter of the API. What the address has
 * beyond the inputs is kept in hidden ones.
 */
export const ListForm: FC<FormProps> = ({ model, address, controls, offered, chosen }) => {
  const { parameters } = address;
  const search = searchParameter(model);
  const isSortOffered = parameters.getAll("sort[]").length < 2;
  const inputs = [
    ...controls.map(({ name }) => name),
    ...(search === undefined ? [] : [search]),
    ...(isSortOffered ? ["sort[]"] : []),
  ];
  const shown = new Set<string>();
  const hidden = [...parameters].filter(([name]) => {
    if (LEFT_OUT.includes(name)) return false;
    const isFirst = inputs.includes(name) && !shown.has(name);
    shown.add(name);
    return !isFirst;
  });
  const used = controls.filter(({ name }) => parameters.has(name)).length;
  return (
    <search>
      <form id="list-form" class="list-form" method="get" action={address.path} autocomplete="off">
        <input type="hidden" name={FROM_FORM} value="1" />
        {hidden.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {search !== undefined && (
          <SearchBox name={search} model={model} value={parameters.get(search) ?? ""} />
        )}
        <details class="more">
          <summary>
            Filter, sort and columns {used > 0 && <span class="pill">{used} in use</span>}
          </summary>
          <div class="more-body">
            {controls.length > 0 && (
              <fieldset class="controls">
                <legend>Filter</legend>
                {controls.map((control) => (
                  <ControlInput control={control} value={parameters.get(control.name) ?? ""} />
                ))}
              </fieldset>
            )}
            <fieldset class="controls">
              <legend>Show</legend>
              {isSortOffered && (
                <SortSelect model={model} chosen={parameters.get("sort[]") ?? ""} />
              )}
              <LimitSelect chosen={parameters.get("limit") ?? ""} />
            </fieldset>
            <Columns model={model} offered={offered} chosen={chosen} />
            <div class="actions">
              <button type="submit">Apply</button>
              {address.isFiltered && (
                <a class="button plain" href={address.whole().href}>
                  Clear filters
                </a>
              )}
            </div>
          </div>
        </details>
      </form>
    </search>
  );
};

const SearchBox: FC<{ name: string; model: Model; value: string }> = ({ name, model, value }) => (
  <div class="search">
    <label class="unseen" for="search">
      Search {manyOf(model).toLowerCase()}
    </label>
    <input
      id="search"
      type="search"
      name={name}
      value={value}
      maxlength={200}
      placeholder={`Search ${manyOf(model).toLowerCase()}`}
      autocomplete="off"
      spellcheck={false}
    />
    <button type="submit">Search</button>
  </div>
);

/** An id for the input of a parameter, whose name has braces and brackets. */
const idOf = (name: string) => `of-${name.replace(/[^\w.]/g, "")}`;

const ControlInput: FC<{ control: Control; value: string }> = ({ control, value }) => {
  const { kind, name, label } = control;
  const id = idOf(name);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {kind === "select" ? (
        <select id={id} name={name}>
          <option value="">Any</option>
          {control.choices.map((choice) => (
            <option value={choice.value} selected={choice.value === value}>
              {choice.label}
            </option>
          ))}
          {/* A value of the address that the choices do not have stays chosen. */}
          {value !== "" && !control.choices.some((choice) => choice.value === value) && (
            <option value={value} selected>
              {value}
            </option>
          )}
        </select>
      ) : (
        <DatedInput id={id} kind={kind} name={name} value={value} />
      )}
    </div>
  );
};

/** An instant of the address that is more than a day does not fit into an input for days. */
const DatedInput: FC<{
  id: string;
  kind: "text" | "date" | "number";
  name: string;
  value: string;
}> = ({ id, kind, name, value }) => {
  const fits = kind !== "date" || value === "" || /^\d{4}-\d\d-\d\d$/.test(value);
  return (
    <input
      id={id}
      type={fits ? kind : "text"}
      name={name}
      value={value}
      maxlength={200}
      step={kind === "number" ? "any" : undefined}
      autocomplete="off"
    />
  );
};

/** What the two directions of an order are called. */
function directionsOf(type: string | undefined): readonly [string, string] {
  if (type === "instant" || type === "day") return ["oldest first", "newest first"];
  if (type === "number" || type === "integer") return ["lowest first", "highest first"];
  return ["A to Z", "Z to A"];
}

const SortSelect: FC<{ model: Model; chosen: string }> = ({ model, chosen }) => {
  const keys = Object.entries(model.fields).filter(
    ([name, { sort }]) => sort !== undefined && name !== "id",
  );
  return (
    <div class="field">
      <label for="sort">Order</label>
      <select id="sort" name="sort[]">
        <option value="">Usual</option>
        {keys.flatMap(([name, { label, filters }]) =>
          directionsOf(filters?.[""]?.type).map((direction, index) => {
            const value = index === 0 ? name : `-${name}`;
            return (
              <option value={value} selected={value === chosen}>
                {label}, {direction}
              </option>
            );
          }),
        )}
      </select>
    </div>
  );
};

const LIMITS = [LIMIT.default, 50, LIMIT.most];

const LimitSelect: FC<{ chosen: string }> = ({ chosen }) => (
  <div class="field">
    <label for="limit">Rows on a page</label>
    <select id="limit" name="limit">
      {LIMITS.map((limit) => (
        <option
          value={limit === LIMIT.default ? "" : String(limit)}
          selected={String(limit) === chosen}
        >
          {limit}
        </option>
      ))}
    </select>
  </div>
);

const Columns: FC<{ model: Model; offered: readonly Column[]; chosen: readonly Column[] }> = ({
  model,
  offered,
  chosen,
}) => {
  const title = nameFieldOf(model);
  return (
    <fieldset class="choices">
      <legend>Columns</legend>
      {/* The title is always the first column. */}
      {title !== undefined && <input type="hidden" name="only[]" value={title} />}
      {offered
        .filter(({ name }) => name !== title)
        .map(({ name, field }) => (
          <label class="choice">
            <input
              type="checkbox"
              name="only[]"
              value={name}
              checked={chosen.some((column) => column.name === name)}
            />
            {field.label}
          </label>
        ))}
    </fieldset>
  );
};

/** The filters in use. Each chip leads to the list without it. */
export const Chips: FC<{ chips: readonly Chip[]; address: ListAddress }> = ({ chips, address }) => {
  if (chips.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filters in use">
      {chips.map(({ text, without }) => (
        <li>
          <a class="chip" href={without} rel="nofollow" aria-label={`Remove the filter “${text}”`}>
            <span>{text}</span>
            <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <a href={address.whole().href}>Clear all</a>
        </li>
      )}
    </ul>
  );
};

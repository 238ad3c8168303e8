import type { FC } from "hono/jsx";
import { OPERATORS } from "../query/operators.ts";
import { LIMIT } from "../query/parse.ts";
import { type ReadModel, vocabularyOf } from "../query/read-model.ts";
import { readable } from "./list-address.ts";

// The query of an API address as a form. A form cannot choose the names of its parameters without a script, so
// it sends rows of field, operator and value, and `addressOfForm` makes the address of them.

/** The parameter that tells the form from a query. */
const MARK = "query-form";

/** How many empty rows for further filters the form has. */
const EMPTY_ROWS = 2;

/** One parameter `filter{...}` of a query. */
interface FilterRow {
  readonly negated: boolean;
  readonly path: string;
  readonly operator: string;
  readonly value: string;
}

const FILTER = /^filter\{(-?)([^{}]*)\}$/;

/** The filters of a query, as they are written; faulty ones too, so that they can be corrected. */
function filterRows(parameters: URLSearchParams): readonly FilterRow[] {
  return [...parameters].flatMap(([name, value]) => {
    const [, sign, inner = ""] = FILTER.exec(name) ?? [];
    if (sign === undefined) return [];
    const dot = inner.lastIndexOf(".");
    const hasOperator = dot > 0 && OPERATORS.has(inner.slice(dot + 1));
    return {
      negated: sign === "-",
      path: hasOperator ? inner.slice(0, dot) : inner,
      operator: hasOperator ? inner.slice(dot + 1) : "eq",
      value,
    };
  });
}

/**
 * The address, without the origin, that a sent form means; undefined for any other address. Empty fields and
 * rows are left out.
 */
export function addressOfForm(address: string): string | undefined {
  const { pathname, searchParams: sent } = new URL(address);
  if (!sent.has(MARK)) return undefined;
  const query = new URLSearchParams();
  const [paths, operators, signs, values] = ["path", "operator", "sign", "value"].map((name) =>
    sent.getAll(name),
  );
  for (const [index, path] of (paths ?? []).entries()) {
    const operator = operators?.[index] ?? "eq";
    const sign = signs?.[index] ?? "";
    if (path.trim() === "") continue;
    const name = operator === "eq" ? path.trim() : `${path.trim()}.${operator}`;
    query.append(`filter{${sign}${name}}`, values?.[index] ?? "");
  }
  for (const [name, value] of sent) {
    const isRow = ["path", "operator", "sign", "value", MARK].includes(name);
    if (!isRow && value !== "") query.append(name, value);
  }
  const search = readable(query);
  return search === "" ? pathname : `${pathname}?${search}`;
}

/** What each operator asks, in words. */
const OPERATOR_WORDS: Readonly<Record<string, string>> = {
  eq: "equals",
  iexact: "equals, any case",
  contains: "contains",
  icontains: "contains, any case",
  startswith: "starts with",
  istartswith: "starts with, any case",
  endswith: "ends with",
  iendswith: "ends with, any case",
  gt: "greater, later",
  gte: "greater or equal",
  lt: "less, earlier",
  lte: "less or equal",
  in: "one of these rows",
  range: "from, to: two rows",
  isnull: "has none: true, false",
};

/** The query of a list or of one object, as a form that reads the same address. */
export const QueryForm: FC<{
  model: ReadModel;
  query: "list" | "detail";
  path: string;
  parameters: URLSearchParams;
}> = ({ model, query, path, parameters }) => {
  const { filters, sorts, includes, excludes, searched } = vocabularyOf(model);
  const isList = query === "list";
  if (!isList && includes.length + excludes.length === 0) return null;
  return (
    <form class="query-form stack wide-gap" method="get" action={path}>
      <input type="hidden" name={MARK} value="1" />
      {isList && searched.length > 0 && (
        <div class="field">
          <label for="search">Search</label>
          <input
            id="search"
            name="search"
            type="text"
            value={parameters.get("search") ?? ""}
            placeholder="words of three letters or more"
            autocomplete="off"
          />
          <p class="hint">Every word occurs somewhere in: {searched.join(", ")}.</p>
        </div>
      )}
      {isList && <Filters filters={filters} rows={filterRows(parameters)} />}
      {isList && <Sort sorts={sorts} chosen={parameters.getAll("sort[]")} />}
      {isList && (
        <div class="field short">
          <label for="limit">Rows on a page</label>
          <input
            id="limit"
            name="limit"
            type="number"
            min={1}
            max={LIMIT.most}
            placeholder={String(LIMIT.default)}
            value={parameters.get("limit") ?? ""}
          />
        </div>
      )}
      <Choices
        title="Whole objects in place of ids"
        name="include[]"
        offered={includes}
        chosen={parameters.getAll("include[]").map((name) => name.replace(/\.\*$/, ""))}
      />
      <Choices
        title="Fields to show, in place of all"
        name="only[]"
        offered={excludes}
        chosen={parameters.getAll("only[]")}
      />
      <Choices
        title="Fields to leave out"
        name="exclude[]"
        offered={excludes}
        chosen={parameters.getAll("exclude[]")}
      />
      <div class="actions">
        <button type="submit">Send the request</button>
        <a class="button plain" href={path}>
          Start again
        </a>
      </div>
    </form>
  );
};

const Filters: FC<{ filters: readonly string[]; rows: readonly FilterRow[] }> = ({
  filters,
  rows,
}) => {
  const empty = { negated: false, path: "", operator: "eq", value: "" };
  const shown = [...rows, ...Array.from({ length: EMPTY_ROWS }, () => empty)];
  return (
    <fieldset>
      <legend>Filters, which must all hold</legend>
      <datalist id="filter-paths">
        {filters.map((path) => (
          <option value={path} />
        ))}
      </datalist>
      {shown.map(({ negated, path, operator, value }, index) => (
        <div class="query-row">
          <input
            name="path"
            type="text"
            list="filter-paths"
            value={path}
            placeholder="field"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            aria-label={`Field of filter ${index + 1}`}
          />
          <select name="sign" aria-label={`Whether filter ${index + 1} holds or not`}>
            <option value="" selected={!negated}>
              is
            </option>
            <option value="-" selected={negated}>
              is not
            </option>
          </select>
          <select name="operator" aria-label={`Operator of filter ${index + 1}`}>
            {[...OPERATORS.keys()].map((name) => (
              <option value={name} selected={name === operator}>
                {name}: {OPERATOR_WORDS[name]}
              </option>
            ))}
          </select>
          <input
            name="value"
            type="text"
            value={value}
            placeholder="value"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            aria-label={`Value of filter ${index + 1}`}
          />
        </div>
      ))}
    </fieldset>
  );
};

const Sort: FC<{ sorts: readonly string[]; chosen: readonly string[] }> = ({ sorts, chosen }) => (
  <fieldset>
    <legend>Order</legend>
    <div class="query-sort">
      {[...chosen, ""].map((key, index) => (
        <select name="sort[]" aria-label={`Sort key ${index + 1}`}>
          <option value="">{index === 0 ? "as usual" : "then …"}</option>
          {[...sorts, ...sorts.map((name) => `-${name}`)].map((name) => (
            <option value={name} selected={name === key}>
              {name}
            </option>
          ))}
        </select>
      ))}
    </div>
  </fieldset>
);

/** Check boxes; nothing when none are offered. */
const Choices: FC<{
  title: string;
  name: string;
  offered: readonly string[];
  chosen: readonly string[];
}> = ({ title, name, offered, chosen }) =>
  offered.length === 0 ? null : (
    <details open={chosen.length > 0}>
      <summary>
        {title}
        {chosen.length > 0 && <span class="pill">{chosen.length}</span>}
      </summary>
      <div class="query-choices">
        {offered.map((each) => (
          <label>
            <input type="checkbox" name={name} value={each} checked={chosen.includes(each)} />
            {each}
          </label>
        ))}
      </div>
    </details>
  );

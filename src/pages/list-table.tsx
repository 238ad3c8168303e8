import type { FC } from "hono/jsx";
import type { Model } from "../model/define.ts";
import { nameFieldOf } from "../model/related.ts";
import type { SortKey } from "../query/parse.ts";
import { Cell, type CellPlace } from "./cell.tsx";
import type { ListAddress } from "./list-address.ts";
import { type Column, listPath, titleOf } from "./list-columns.ts";

/** A record as the page has read it. */
export type ShownRecord = Readonly<Record<string, unknown>>;

interface TableProps {
  readonly records: readonly ShownRecord[];
  readonly columns: readonly Column[];
  readonly sort: readonly SortKey[];
  readonly address: ListAddress;
  readonly place: CellPlace;
  readonly caption: string;
}

/**
 * The records as a table. On a phone each record is a block, and its cells name their columns; the roles stay
 * those of a table, which a change of `display` would take away.
 */
export const RecordTable: FC<TableProps> = ({
  records,
  columns,
  sort,
  address,
  place,
  caption,
}) => {
  const { model, portal } = place;
  const title = nameFieldOf(model);
  const others = columns.filter(({ name }) => name !== title);
  const heading = (title && model.fields[title]?.label) || model.label;
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: a block of CSS has no role of its own.
    <table class="records" role="table">
      <caption class="unseen">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <Header name={title} label={heading} model={model} sort={sort} address={address} />
          {others.map(({ name, field }) => (
            <Header name={name} label={field.label} model={model} sort={sort} address={address} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {records.map((record) => (
          <tr role="row">
            <th scope="row" role="rowheader">
              <a href={`${listPath(portal, model)}${String(record.id)}/`}>
                {titleOf(model, record)}
              </a>
            </th>
            {others.map((column) => (
              <td role="cell" data-label={column.field.label}>
                <Cell column={column} value={record[column.name]} place={place} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y/noRedundantRoles: see above.
  );
};

interface HeaderProps {
  readonly name: string | undefined;
  readonly label: string;
  readonly model: Model;
  readonly sort: readonly SortKey[];
  readonly address: ListAddress;
}

/** The heading of a column, which sorts by it, and by it downwards when the list is sorted so already. */
const Header: FC<HeaderProps> = ({ name, label, model, sort, address }) => {
  const key = name === undefined ? undefined : model.fields[name]?.sort;
  if (name === undefined || key === undefined) {
    return <th scope="col">{label}</th>;
  }
  const [first = { field: model.defaultOrder[0] === key ? name : "", descending: false }] = sort;
  const direction =
    first.field !== name ? undefined : first.descending ? "descending" : "ascending";
  const next = address.with((parameters) => {
    parameters.delete("sort[]");
    parameters.append("sort[]", direction === "ascending" ? `-${name}` : name);
  });
  return (
    <th scope="col" aria-sort={direction}>
      <a class="sorts" href={next.href} rel="nofollow">
        {label}
        <span class="arrow" aria-hidden="true">
          {direction === "ascending" ? "↑" : direction === "descending" ? "↓" : "↕"}
        </span>
      </a>
    </th>
  );
};

/** Where a page stands in its list. */
export interface Extent {
  readonly offset: number;
  readonly limit: number;
  readonly count: number;
  /** Set when there are more than `count`, which no page at an offset shows. */
  readonly isAtLeast: boolean;
}

/** The ways to the page before and after this one. */
export const Pager: FC<{ extent: Extent; address: ListAddress }> = ({
  extent: { offset, limit, count, isAtLeast },
  address,
}) => {
  if (count <= limit && offset === 0) return null;
  const at = (place: number) =>
    address.with((parameters) => {
      if (place > 0) parameters.set("offset", String(place));
    }).href;
  const pages = Math.max(1, Math.ceil(count / limit));
  const page = Math.min(Math.floor(offset / limit) + 1, pages);
  return (
    <nav class="pager" aria-label="Pages">
      {offset > 0 ? (
        <a class="button plain" rel="prev" href={at(Math.max(0, Math.min(offset, count) - limit))}>
          Previous
        </a>
      ) : (
        <span />
      )}
      <span class="quiet">
        Page {page.toLocaleString("en")} of {pages.toLocaleString("en")}
        {isAtLeast && "+"}
      </span>
      {offset + limit < count ? (
        <a class="button plain" rel="next" href={at(offset + limit)}>
          Next
        </a>
      ) : (
        <span />
      )}
    </nav>
  );
};

import type { Child, FC } from "hono/jsx";
import type { Model, Portal } from "../model/define.ts";
import { nameFieldOf } from "../model/related.ts";
import { findFilter } from "../query/read-model.ts";
import { When } from "./layout.tsx";
import { type Column, listPath, modelOf, titleOf } from "./list-columns.ts";

/** How much of a long value a cell shows. */
const MOST = { characters: 160, records: 3, tags: 6, pairs: 3 } as const;

/** Where a cell stands, and the address of the list of the records with a tag. */
export interface CellPlace {
  readonly model: Model;
  readonly portal: Portal;
  readonly withTag: (name: string, tag: string) => string;
}

/** One value in a list, as its field says how to show it. */
export const Cell: FC<{ column: Column; value: unknown; place: CellPlace }> = ({
  column,
  value,
  place,
}) => {
  const { name, field } = column;
  if (value === null || value === undefined || value === "") return <Nothing />;
  switch (field.input) {
    case "instant":
      return <When instant={String(value).replace(/Z$/, "")} />;
    case "flag":
      return value === true ? <span class="pill">Yes</span> : <span class="quiet">No</span>;
    case "tags":
      return <Tags name={name} values={listOf(value)} place={place} />;
    case "reference":
    case "references":
      return <Related values={listOf(value)} column={column} place={place} />;
    case "members":
      return <Count count={Object.keys(value).length} />;
    case "links":
      return <Links values={listOf(value)} />;
    case "key-values":
      return <Pairs pairs={Object.entries(value)} />;
    default:
      return Array.isArray(value) ? (
        <Count count={value.length} />
      ) : (
        <Text text={shorten(typeof value === "object" ? JSON.stringify(value) : String(value))} />
      );
  }
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const shorten = (text: string) => {
  const characters = [...text.slice(0, MOST.characters * 2)];
  return characters.length <= MOST.characters && text.length <= MOST.characters * 2
    ? text
    : `${characters.slice(0, MOST.characters).join("")}…`;
};

/** A word that may have to be broken, so that the table is not wider than the screen. */
const LONG_WORD = /\S{24}/;

const Text: FC<{ text: string }> = ({ text }) => (
  <span class={LONG_WORD.test(text) ? "breaks" : undefined}>{text}</span>
);

const Nothing: FC = () => <span class="nothing">–</span>;

const Count: FC<{ count: number }> = ({ count }) =>
  count === 0 ? <Nothing /> : <span>{count}</span>;

const Tags: FC<{ name: string; values: readonly unknown[]; place: CellPlace }> = ({
  name,
  values,
  place: { model, withTag },
}) => {
  if (values.length === 0) return <Nothing />;
  const isFound = findFilter(model, name) !== undefined;
  return (
    <span class="pills">
      {values.slice(0, MOST.tags).map((tag) =>
        isFound ? (
          <a class="pill" href={withTag(name, String(tag))} rel="nofollow">
            {tag}
          </a>
        ) : (
          <span class="pill">{tag}</span>
        ),
      )}
      <Rest count={values.length - MOST.tags} />
    </span>
  );
};

const Rest: FC<{ count: number }> = ({ count }) =>
  count > 0 ? <span class="quiet">and {count} more</span> : null;

/** Related records by name, with links to their pages. A record that the caller may not read is an id alone. */
const Related: FC<{ values: readonly unknown[]; column: Column; place: CellPlace }> = ({
  values,
  column: { field },
  place: { portal },
}) => {
  if (values.length === 0) return <Nothing />;
  const { include = "none", refersTo } = field;
  const model = modelOf(include === "none" ? refersTo : include.model().table);
  return (
    <span class="related">
      {values.slice(0, MOST.records).map((value) => (
        <RelatedRecord value={value} model={model} portal={portal} />
      ))}
      <Rest count={values.length - MOST.records} />
    </span>
  );
};

const RelatedRecord: FC<{ value: unknown; model: Model | undefined; portal: Portal }> = ({
  value,
  model,
  portal,
}) => {
  const record = isRecord(value) ? value : { id: String(value) };
  // A record of another service, or of a model that this portal does not have, has no page here.
  if (model === undefined || !model.portals.includes(portal)) {
    return <code title={record.id}>{record.id.slice(0, 8)}</code>;
  }
  const title = nameFieldOf(model);
  if (isRecord(value) && title !== undefined && record[title] === undefined) {
    return (
      <span class="quiet" title={record.id}>
        not visible to you
      </span>
    );
  }
  return (
    <a href={`${listPath(portal, model)}${record.id}/`}>
      <Text text={titleOf(model, record)} />
    </a>
  );
};

interface NamedRecord {
  readonly [key: string]: unknown;
  readonly id: string;
  readonly name?: string;
}

const isRecord = (value: unknown): value is NamedRecord =>
  typeof value === "object" && value !== null && "id" in value;

/** Only addresses that lead to a file or a page: a browser would run what begins with `javascript:`. */
const OPENS = /^(https?|ftp):\/\//i;

const Links: FC<{ values: readonly unknown[] }> = ({ values }) => {
  if (values.length === 0) return <Nothing />;
  const links = values as readonly { readonly repository: string; readonly url: string }[];
  return (
    <span class="related">
      {links.slice(0, MOST.records).map(({ repository, url }) =>
        OPENS.test(url) ? (
          <a href={url} rel="noopener noreferrer external">
            {repository}
          </a>
        ) : (
          <span>{repository}</span>
        ),
      )}
      <Rest count={links.length - MOST.records} />
    </span>
  );
};

const Pairs: FC<{ pairs: readonly (readonly [string, unknown])[] }> = ({ pairs }) => {
  if (pairs.length === 0) return <Nothing />;
  const shown: Child[] = pairs.slice(0, MOST.pairs).map(([key, value]) => (
    <span>
      <span class="quiet">{key}:</span> {shorten(String(value))}
    </span>
  ));
  return (
    <span class="related">
      {shown}
      <Rest count={pairs.length - MOST.pairs} />
    </span>
  );
};

import type { Child, FC } from "hono/jsx";
import type { Caller } from "../db/access.ts";
import type { Connection } from "../db/connection.ts";
import type { Model, Portal } from "../model/define.ts";
import { models } from "../models/all.ts";
import { LIST_SCRIPTS } from "./assets.ts";
import { answerDownload } from "./download.ts";
import { FORMATS } from "./download-format.ts";
import { Flash, type Head } from "./layout.tsx";
import { FROM_FORM, fromForm, ListAddress } from "./list-address.ts";
import { listPath, manyOf, offeredColumns, offeredLists, usualColumns } from "./list-columns.ts";
import { chipsOf, controlsOf, type Options, offeredRelations } from "./list-filters.ts";
import { Chips, ListForm } from "./list-form.tsx";
import {
  askedList,
  type List,
  offeredList,
  optionsOf,
  tryLists,
  withColumns,
} from "./list-query.ts";
import { Pager, RecordTable, type ShownRecord } from "./list-table.tsx";
import { goTo, originOf, type Page, type PageContext, readAnywhere, renderPage } from "./page.tsx";
import { newPath, oneOf } from "./record/paths.ts";
import { RequestCode } from "./request-code.tsx";

/** The list page of every model in each of its portals, under each of its paths. */
export const listPages: readonly Page[] = models
  .filter(({ verbs }) => verbs.includes("list"))
  .flatMap((model) =>
    model.portals.flatMap((portal) =>
      [model.path, ...model.aliases].map((path) => listPage(model, portal, path)),
    ),
  );

function listPage(model: Model, portal: Portal, path: string): Page {
  return {
    path: `/${portal}${path}`,
    access: portal === "private" ? "signed-in" : "anyone",
    get: (context) => {
      readAnywhere(context);
      const { searchParams } = new URL(context.req.url);
      const address = new ListAddress(`/${portal}${path}/`, searchParams);
      if (searchParams.has(FROM_FORM)) {
        return Promise.resolve(goTo(context, fromForm(address, usualColumns(model, portal)).href));
      }
      const list = { model, portal, address, asked: askedList(model, portal, address) };
      const format = searchParams.get("format");
      return format === null ? showList(context, list) : answerDownload(context, list, format);
    },
  };
}

/** What a page shows of a list. */
interface Shown {
  readonly records: readonly ShownRecord[];
  readonly count: number;
  /** Set when there are more than `count`. */
  readonly isAtLeast: boolean;
  readonly options: ReadonlyMap<string, Options>;
  /** What is wrong with the address, in the words of the API. */
  readonly faults: readonly string[];
}

async function showList(context: PageContext, list: List): Promise<Response> {
  const { connection, caller } = context.var;
  const { model, portal, address, asked } = list;
  const shown = await readList(connection, caller, list);
  const title = portal === "public" ? `Public ${manyOf(model).toLowerCase()}` : manyOf(model);
  const head: Head = {
    title,
    description: model.help,
    wide: true,
    scripts: LIST_SCRIPTS,
    ...(portal === "public" && { canonical: canonicalOf(context, list) }),
    ...((portal === "private" || address.isFiltered || isArranged(address)) && { noIndex: true }),
  };
  const status = shown.faults.length > 0 ? 400 : 200;
  return renderPage(
    context,
    head,
    () => (
      <>
        <Lists portal={portal} current={model} />
        <header class="list-head">
          <div class="stack">
            <h1>{title}</h1>
            <p class="lead">{model.help}</p>
          </div>
          {portal === "private" && <Additions model={model} />}
        </header>
        <ListForm
          model={model}
          address={address}
          controls={controlsOf(model, portal, shown.options)}
          offered={offeredColumns(model)}
          chosen={asked.columns}
        />
        <p id="announcement" class="unseen" role="status" />
        <div id="results" class="stack wide-gap">
          <Results list={list} shown={shown} origin={originOf(context)} />
        </div>
      </>
    ),
    { status },
  );
}

/** Whether the address arranges the list in its own way: search engines need one of these pages. */
const isArranged = ({ parameters }: ListAddress) =>
  [...parameters.keys()].some((name) => name !== "offset");

/** The address of this page of the list without anything else. */
function canonicalOf(context: PageContext, { address, asked: { query } }: List): string {
  const plain = new ListAddress(address.path, new URLSearchParams()).with((parameters) => {
    if (query.offset > 0) parameters.set("offset", String(query.offset));
  });
  return originOf(context) + plain.href;
}

/**
 * The records, and the choices of the form, in one round trip. A query that the API refuses shows no records
 * and says why.
 */
async function readList(
  connection: Connection,
  caller: Caller,
  { model, portal, asked }: List,
): Promise<Shown> {
  const relations = offeredRelations(model, portal);
  const query = withColumns(model, asked.query, asked.columns);
  const isFaulty = asked.faults.length > 0;
  const lists = [
    ...relations.map(([, related]) => offeredList(related, caller)),
    ...(isFaulty ? [] : [{ model, caller, query }]),
  ];
  const pages = await tryLists(connection, caller, lists);
  const options = new Map(
    relations.flatMap(([name], index) => {
      const page = pages[index];
      return page === undefined || page instanceof Error ? [] : [[name, optionsOf(page)] as const];
    }),
  );
  const found = pages[relations.length];
  if (found === undefined || found instanceof Error) {
    const faults = found === undefined ? asked.faults : [found.message];
    return { records: [], count: 0, isAtLeast: false, options, faults };
  }
  const { bodies, count, isAtLeast } = found;
  const records = bodies.map((body) => JSON.parse(body));
  return { records, count, isAtLeast, options, faults: [] };
}

/** The ways to add records: one by one, and sessions also from a file. */
const Additions: FC<{ model: Model }> = ({ model }) => {
  if (!model.verbs.includes("create")) return null;
  return (
    <div class="actions no-print">
      <a class="button" href={newPath(model)}>
        Add {oneOf(model)}
      </a>
      {model.name === "session" && (
        <a class="button plain" href={`${listPath("private", model)}import/`}>
          Import from CSV
        </a>
      )}
    </div>
  );
};

/** The other lists of the portal: those of most use and this one, and all of them on demand. */
const Lists: FC<{ portal: Portal; current: Model }> = ({ portal, current }) => {
  const { first, parts } = offeredLists(portal);
  return (
    <nav class="lists" aria-label={portal === "public" ? "Public records" : "Records"}>
      <ul>
        {[...new Set([...first, current])].map((model) => (
          <ListLink portal={portal} model={model} current={current} />
        ))}
      </ul>
      <details>
        <summary>All lists</summary>
        <div class="all-lists">
          {parts.map(({ name, models: listed }) => (
            <section>
              <h2>{name}</h2>
              <ul>
                {listed.map((model) => (
                  <ListLink portal={portal} model={model} current={current} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      </details>
    </nav>
  );
};

const ListLink: FC<{ portal: Portal; model: Model; current: Model }> = ({
  portal,
  model,
  current,
}) => (
  <li>
    <a href={listPath(portal, model)} aria-current={model === current ? "page" : undefined}>
      {manyOf(model)}
    </a>
  </li>
);

const Results: FC<{ list: List; shown: Shown; origin: string }> = ({ list, shown, origin }) => {
  const { model, portal, address, asked } = list;
  const { records, count, isAtLeast, options, faults } = shown;
  const { offset, limit, sort } = asked.query;
  const withTag = (name: string, tag: string) =>
    address.with((parameters) => parameters.append(`filter{${name}}`, tag)).href;
  return (
    <>
      <div class="found">
        <p id="count" data-count={faults.length > 0 ? faults.join(" ") : countText(model, shown)}>
          {faults.length === 0 && <Counted list={list} shown={shown} />}
        </p>
        <Chips chips={chipsOf(model, address, namesOf(records, options))} address={address} />
      </div>
      {faults.length > 0 ? (
        <Flash title="This list cannot be shown" error>
          {faults.map((fault) => (
            <p>{fault}</p>
          ))}
        </Flash>
      ) : records.length === 0 ? (
        <Empty list={list} count={count} />
      ) : (
        <RecordTable
          records={records}
          columns={asked.columns}
          sort={sort}
          address={address}
          place={{ model, portal, withTag }}
          caption={`${manyOf(model)}, ${countText(model, shown)}`}
        />
      )}
      <Pager extent={{ offset, limit, count, isAtLeast }} address={address} />
      {faults.length === 0 && (
        <div class="columns wide-left">
          <section class="card">
            <h2>This query in a program</h2>
            <RequestCode
              request={{
                origin,
                path: address.path.slice(1),
                parameters: address.parameters,
                isWhole: true,
              }}
            />
          </section>
          <Download list={list} shown={shown} />
        </div>
      )}
    </>
  );
};

/** `1 session`, `354 sessions`, `10,000+ sessions`. */
function countText(model: Model, { count, isAtLeast }: Pick<Shown, "count" | "isAtLeast">): string {
  const name = count === 1 ? model.label : manyOf(model);
  return `${count.toLocaleString("en")}${isAtLeast ? "+" : ""} ${name.toLowerCase()}`;
}

const Counted: FC<{ list: List; shown: Shown }> = ({ list, shown }) => {
  const { model, asked } = list;
  const { records, count } = shown;
  const { offset } = asked.query;
  const isPart = records.length > 0 && records.length < count;
  const from = (offset + 1).toLocaleString("en");
  const to = (offset + records.length).toLocaleString("en");
  return (
    <>
      <strong>{countText(model, shown)}</strong>
      {isPart && <span class="quiet">{` · ${from}–${to}`}</span>}
    </>
  );
};

/** The names of related records that the page knows, by id: of the choices of the form, and of the rows. */
function namesOf(
  records: readonly ShownRecord[],
  options: ReadonlyMap<string, Options>,
): ReadonlyMap<string, string> {
  const choices = [...options.values()].flatMap((each) => each.choices);
  const related = records
    .flatMap((record) => Object.values(record))
    .flat()
    .filter((value): value is { id: string; name: string } => {
      const { id, name } = Object(value) as { id?: unknown; name?: unknown };
      return typeof id === "string" && typeof name === "string";
    });
  return new Map([
    ...choices.map(({ value, label }) => [value, label] as const),
    ...related.map(({ id, name }) => [id, name] as const),
  ]);
}

/** What to do where there is nothing to show. */
const Empty: FC<{ list: List; count: number }> = ({ list, count }) => {
  const { model, portal, address } = list;
  const many = manyOf(model).toLowerCase();
  if (count > 0) {
    return (
      <EmptyCard title="This page is past the end of the list">
        <a href={address.with(() => {}).href}>Go to the first page</a>
      </EmptyCard>
    );
  }
  if (address.isFiltered) {
    return (
      <EmptyCard title={`No ${many} match`}>
        Take a filter off, search for a shorter part of a word, or{" "}
        <a href={address.whole().href}>show all {many}</a>.
      </EmptyCard>
    );
  }
  return portal === "public" ? (
    <EmptyCard title={`There are no public ${many} yet`}>
      An owner makes a project public; its sessions are then here.
    </EmptyCard>
  ) : (
    <EmptyCard title={`There are no ${many} for you yet`}>
      You see what belongs to your projects. The manager of a project adds you, or your group.
    </EmptyCard>
  );
};

const EmptyCard: FC<{ title: string; children?: Child }> = ({ title, children }) => (
  <div class="card empty-list">
    <h2>{title}</h2>
    <p class="quiet">{children}</p>
  </div>
);

const Download: FC<{ list: List; shown: Shown }> = ({ list, shown: { count, isAtLeast } }) => {
  const { model, address, asked } = list;
  return (
    <section class="card">
      <h2>Download</h2>
      <p class="quiet">
        {count === 1
          ? "The one record that matches"
          : `All ${count.toLocaleString("en")}${isAtLeast ? "+" : ""} records that match`}
        , with {asked.isNarrow ? "the columns that you chose" : "every field"}.
      </p>
      <div class="actions">
        {FORMATS.map(({ format, title }) => (
          <a
            class="button plain"
            href={address.with((parameters) => parameters.set("format", format)).href}
            download={`${model.listName}.${format}`}
            rel="nofollow"
            data-download
          >
            {title}
          </a>
        ))}
      </div>
      <p class="quiet" role="status" data-progress hidden />
    </section>
  );
};

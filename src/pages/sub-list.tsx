import { pathId } from "../api/request.ts";
import type { Model, Portal, SubList } from "../model/define.ts";
import { askViolations } from "../model/execute.ts";
import { pageOf } from "../model/read.ts";
import { namesOf } from "../model/related.ts";
import { models } from "../models/all.ts";
import { compileList } from "../query/compile.ts";
import { OPERATORS } from "../query/operators.ts";
import { NO_QUERY, parseQuery } from "../query/parse.ts";
import { type ReadModel, vocabularyOf } from "../query/read-model.ts";
import { BadRequestError, NotFoundError } from "../values/errors.ts";
import { errorOf } from "../values/violation.ts";
import { ListAddress } from "./list-address.ts";
import { listPath } from "./list-columns.ts";
import { Pager } from "./list-table.tsx";
import { goTo, type Page, type PageContext, pathOf, renderPage } from "./page.tsx";
import { namesIn, readJsonRecord } from "./record/field-value.tsx";
import { namesOfRelated } from "./record/generic-view.tsx";
import { History } from "./record/history-list.tsx";
import { recordPath } from "./record/paths.ts";

/**
 * The pages of the lists below one record. A list of records that have a page of their own is that page, with a
 * filter; any other one is the history of the record.
 */
export const subListPages: readonly Page[] = models.flatMap((model) =>
  model.subLists.flatMap((list) =>
    list.portals.flatMap((portal) =>
      [model.path, ...model.aliases].map((path) => subListPage({ ...model, path }, list, portal)),
    ),
  ),
);

function subListPage(parent: Model, list: SubList, portal: Portal): Page {
  const listed = models.find(({ name }) => name === list.model().name);
  const hasPage = listed?.portals.includes(portal) && listed.verbs.includes("list");
  return {
    path: `/${portal}${parent.path}${list.path}`,
    access: portal === "private" ? "signed-in" : "anyone",
    get: (context) =>
      listed !== undefined && hasPage
        ? leadToList(context, { parent, list, portal, listed })
        : showHistory(context, parent, list),
  };
}

/** The rows of statements about a record, for a caller who may read a list below it. */
async function askBelow(
  { var: { connection, caller } }: PageContext,
  { precondition }: SubList,
  { model, id }: { readonly model: Model; readonly id: string },
  statements: Parameters<typeof askViolations>[3],
) {
  const asked = await askViolations(connection, caller, [precondition(model, id)], statements);
  const refusal = errorOf(asked.violations, undefined);
  // The public portal must not reveal whether a record is private or does not exist.
  if (refusal !== undefined) throw caller.kind === "public" ? new NotFoundError() : refusal;
  return asked.answers;
}

async function leadToList(
  context: PageContext,
  { parent, list, portal, listed }: { parent: Model; list: SubList; portal: Portal; listed: Model },
): Promise<Response> {
  const id = pathId(context);
  await askBelow(context, list, { model: parent, id }, []);
  const { path, values } = list.filter(id);
  const { searchParams } = new URL(context.req.url);
  for (const value of values) searchParams.append(`filter{${path}}`, String(value));
  return goTo(context, new ListAddress(listPath(portal, listed), searchParams).href);
}

/** How many changes a page of the history shows. */
const CHANGES = 50;

async function showHistory(context: PageContext, parent: Model, list: SubList): Promise<Response> {
  const { caller } = context.var;
  const id = pathId(context);
  const model = list.model();
  const address = new ListAddress(pathOf(context), new URL(context.req.url).searchParams);
  const query = historyQuery(model, list, id, address.parameters);
  const [[title] = [], rows, ...related] = await askBelow(context, list, { model: parent, id }, [
    namesOf(parent, caller, JSON.stringify([id])),
    compileList(model, caller, query),
    ...namesOfRelated(parent, caller, id),
  ]);
  const { bodies, count, isAtLeast } = pageOf(model, query, [rows ?? []]);
  const name = title?.name == null ? `a ${parent.title}` : String(title.name);
  const { offset, limit } = query;
  return renderPage(context, { title: `History · ${name}` }, () => (
    <>
      <header>
        <h1>History of {name}</h1>
        <p class="lead">
          Who changed what in the {parent.title}, from what to what: the latest first.
        </p>
        {title?.name != null && (
          <p>
            <a href={recordPath(parent, "private", id)}>Back to the {parent.title}</a>
          </p>
        )}
      </header>
      <History
        entries={bodies.map(readJsonRecord)}
        model={parent}
        names={namesIn(related.flat())}
        more={{ address: `/api${address.path}`, text: "All of it as JSON" }}
      />
      <Pager extent={{ offset, limit, count, isAtLeast }} address={address} />
    </>
  ));
}

/** @throws BadRequestError for an address that the API refuses */
function historyQuery(model: ReadModel, list: SubList, id: string, parameters: URLSearchParams) {
  const { query = NO_QUERY, faults } = parseQuery(
    parameters,
    "list",
    vocabularyOf(model),
    OPERATORS,
  );
  if (faults.length > 0) throw new BadRequestError(faults.join(" "));
  return {
    ...query,
    filters: [...query.filters, list.filter(id)],
    sort: query.sort.length > 0 ? query.sort : [{ field: "id", descending: true }],
    limit: parameters.has("limit") ? query.limit : CHANGES,
  };
}

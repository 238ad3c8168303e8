import type { Child } from "hono/jsx";
import { pathId } from "../../api/request.ts";
import type { Caller } from "../../db/access.ts";
import type { Row, Statement } from "../../db/connection.ts";
import type { Model, Portal } from "../../model/define.ts";
import { findViolations, type Precondition } from "../../model/precondition.ts";
import { readRecordWith } from "../../model/read.ts";
import type { Selection } from "../../query/parse.ts";
import { toInstant } from "../../values/instant.ts";
import { isOfPermission, type Violation } from "../../values/violation.ts";
import { RECORD_SCRIPTS } from "../assets.ts";
import { Flash } from "../layout.tsx";
import { manyOf } from "../list-columns.ts";
import { originOf, type Page, type PageContext, renderPage } from "../page.tsx";
import type { StructuredData } from "../structured-data.tsx";
import { readJsonRecord } from "./field-value.tsx";
import {
  actionPath,
  deletePath,
  editPath,
  listPath,
  nameOfAction,
  newPath,
  oneOf,
  recordPath,
} from "./paths.ts";
import { titleOf } from "./title.ts";

/** What a view shows of a record: the record, the rows of the view's statements, and what the caller may do. */
export interface ShownRecord {
  readonly model: Model;
  readonly portal: Portal;
  readonly id: string;
  readonly record: Readonly<Record<string, unknown>>;
  readonly rows: readonly (readonly Row[])[];
  readonly may: May;
  /** The query of the address. */
  readonly query: URLSearchParams;
}

/** What the caller may do with a record, by the preconditions of the writes. */
export interface May {
  readonly change: boolean;
  readonly remove: boolean;
  /** The paths of the actions with a form. */
  readonly actions: ReadonlySet<string>;
}

/** How a page shows the records of a model. A model without a view of its own is shown by its declaration. */
export interface RecordView {
  selection(model: Model): Selection;
  /** The statements that run beside the one that reads the record, in the same round trip. */
  statements(model: Model, caller: Caller, id: string, portal: Portal): readonly Statement[];
  show(shown: ShownRecord): Child;
  /** What search engines show of a public record. */
  description?(record: Readonly<Record<string, unknown>>): string;
  /** What search engines for data read of a public record on the page with this address. */
  structuredData?(record: Readonly<Record<string, unknown>>, address: string): StructuredData;
}

/** The page of one record, in one portal. */
export const recordPage = (model: Model, portal: Portal, view: RecordView): Page => ({
  path: `/${portal}${model.path}/:id`,
  access: portal === "private" ? "signed-in" : "anyone",
  get: (context) => showRecord(context, model, portal, view),
});

async function showRecord(
  context: PageContext,
  model: Model,
  portal: Portal,
  view: RecordView,
): Promise<Response> {
  const { connection, caller } = context.var;
  const id = pathId(context);
  const asked = portal === "private" ? permissionsOf(model, caller, id) : NOTHING_ASKED;
  const { body, beside } = await readRecordWith(
    connection,
    caller,
    model,
    id,
    [...asked.statements, ...view.statements(model, caller, id, portal)],
    view.selection(model),
  );
  const record = readJsonRecord(body);
  const count = asked.statements.length;
  const shown = {
    model,
    portal,
    id,
    record,
    rows: beside.slice(count),
    may: asked.read(beside.slice(0, count)),
    query: new URL(context.req.url).searchParams,
  };
  const title = titleOf(model, record);
  const description = portal === "public" ? view.description?.(record) : undefined;
  const address = originOf(context) + recordPath(model, portal, id);
  const structuredData = portal === "public" ? view.structuredData?.(record, address) : undefined;
  return renderPage(
    context,
    {
      title: title === model.label ? title : `${title} · ${model.label}`,
      ...(description !== undefined && { description }),
      ...(structuredData !== undefined && { structuredData, canonical: address }),
      scripts: RECORD_SCRIPTS,
    },
    () => (
      <>
        <Done context={context} model={model} />
        <header class="record-head">
          <div class="stack">
            <p class="quiet">
              <a href={listPath(model, portal)}>{manyOf(model)}</a>
            </p>
            <h1>{title}</h1>
          </div>
          <Actions shown={shown} />
        </header>
        {view.show(shown)}
      </>
    ),
  );
}

const NOTHING_ASKED = {
  statements: [],
  read: (): May => ({ change: false, remove: false, actions: new Set() }),
};

/** The statements that ask what the caller may do. What only the state of the record forbids is no permission. */
function permissionsOf(model: Model, caller: Caller, id: string) {
  const intent = { caller, now: toInstant(new Date()) };
  const ask = (preconditions: readonly Precondition[]) =>
    preconditions.map((precondition) => findViolations(precondition, caller));
  const writes = [
    ...(model.verbs.includes("change")
      ? [["change", model.writes.change(id, {}, intent)] as const]
      : []),
    ...(model.verbs.includes("remove")
      ? [["remove", model.writes.remove(id, intent)] as const]
      : []),
    ...model.actions
      .filter(({ form }) => form !== undefined)
      .map(({ path, plan }) => [path, plan(id, {}, intent)] as const),
  ].map(([name, { preconditions }]) => [name, ask(preconditions)] as const);
  return {
    statements: writes.flatMap(([, asked]) => asked),
    read: (rows: readonly (readonly Row[])[]): May => {
      const left = [...rows];
      const allowed = new Set(
        writes.filter(([, asked]) => isAllowed(left.splice(0, asked.length))).map(([name]) => name),
      );
      return { change: allowed.has("change"), remove: allowed.has("remove"), actions: allowed };
    },
  };
}

const isAllowed = (rows: readonly (readonly Row[])[]) =>
  rows
    .flat()
    .map(({ violation }) => JSON.parse(String(violation)) as Violation)
    .every((violation) => !isOfPermission(violation));

/** What the person has just done. */
const Done = ({ context, model }: { context: PageContext; model: Model }) => {
  const done = model.actions.find(
    ({ path, form }) => form && nameOfAction({ path }) === context.req.query("done"),
  );
  if (done?.form !== undefined) return <Flash title={done.form.done} />;
  if (context.req.query("saved") !== undefined) return <Flash title="Saved." />;
  if (context.req.query("deleted") !== undefined) return <Flash title="The record is deleted." />;
  if (context.req.query("unchanged") === undefined) return null;
  return <Flash title="Nothing was changed.">The form had the values that are stored.</Flash>;
};

const Actions = ({ shown: { model, id, may, portal } }: { shown: ShownRecord }) => {
  const mayCopy = portal === "private" && may.change && model.verbs.includes("create");
  const actions = model.actions.filter(
    ({ path, form }) => may.actions.has(path) && form !== undefined && form.rows === undefined,
  );
  if (!may.change && !may.remove && actions.length === 0) return null;
  return (
    <div class="actions no-print">
      {may.change && (
        <a class="button" href={editPath(model, id)}>
          Edit
        </a>
      )}
      {mayCopy && (
        <a
          class="button plain"
          href={`${newPath(model)}?from=${id}`}
          title={`Add ${oneOf(model)} with the same values`}
        >
          Duplicate
        </a>
      )}
      {actions.map((action) => (
        <a class="button plain" href={actionPath(model, action, id)}>
          {action.form?.label}
        </a>
      ))}
      {may.remove && (
        <a class="button plain danger-link" href={deletePath(model, id)}>
          Delete
        </a>
      )}
    </div>
  );
};

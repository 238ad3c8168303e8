import type { Action, Model, Portal, SubList, Verb } from "../model/define.ts";
import { askViolations } from "../model/execute.ts";
import { listRecords, pageOf, readRecord } from "../model/read.ts";
import { compileList } from "../query/compile.ts";
import type { ReadModel } from "../query/read-model.ts";
import { NotFoundError } from "../values/errors.ts";
import { errorOf } from "../values/violation.ts";
import { answerList, answerOne, answerSelection } from "./answer.ts";
import type { ReadRoute, Route, WriteRoute } from "./route.ts";

/** The routes of a model: its verbs, the lists below its records, and its actions, under each of its paths. */
export function routesOf(model: Model): readonly Route[] {
  const routes = [
    ...model.verbs.map((verb) => routeOf(model, verb)),
    ...model.subLists.map((list) => subListRoute(model, list)),
    ...model.actions.map((action) => actionRoute(model, action)),
  ];
  return [...routes, ...model.aliases.flatMap((alias) => routes.map(under(model, alias)))];
}

const under =
  ({ path }: Model, alias: string) =>
  (route: Route): Route => ({
    ...route,
    path: alias + route.path.slice(path.length),
    operationName: alias.slice(1).replace("/", "_"),
  });

/** The route of one verb. */
export function routeOf(model: Model, verb: Verb): Route {
  return VERBS[verb](model);
}

const ONE = { status: 200, with: "one" } as const;

const VERBS: Readonly<Record<Verb, (model: Model) => Route>> = {
  list: (model) => listRoute(model, `List ${many(model)}`),
  detail: (model) => ({
    kind: "read",
    method: "get",
    path: `${model.path}/:id`,
    portals: model.portals,
    summary: `Read ${one(model)}`,
    model,
    query: "detail",
    answers: ONE,
    read: async ({ connection, caller, id, query }) => {
      const body = await readRecord(connection, caller, model, id, query);
      const isWhole = query.include.length + query.exclude.length === 0;
      return isWhole ? answerOne(model, body) : answerSelection(model, body);
    },
  }),
  create: (model) => ({
    ...writing(model, "post", model.path, `Add ${one(model)}`),
    input: { declaration: model.input, mode: "create" },
    answers: { status: 201, with: "one" },
    plan: (_id, input, intent) => model.writes.create(crypto.randomUUID(), input, intent),
  }),
  replace: (model) => ({
    ...writing(
      model,
      "put",
      `${model.path}/:id`,
      `Replace ${one(model)}: absent fields go back to their defaults`,
    ),
    input: { declaration: model.input, mode: "replace" },
    answers: ONE,
    plan: model.writes.change,
  }),
  change: (model) => ({
    ...writing(
      model,
      "patch",
      `${model.path}/:id`,
      `Change the fields of ${one(model)} that are named`,
    ),
    input: { declaration: model.input, mode: "change" },
    answers: ONE,
    plan: model.writes.change,
  }),
  remove: (model) => ({
    ...writing(model, "delete", `${model.path}/:id`, `Delete ${one(model)}`),
    answers: { status: 204, with: "nothing" },
    plan: (id, _input, intent) => model.writes.remove(id, intent),
  }),
};

function listRoute(model: Model, summary: string): ReadRoute {
  return {
    kind: "read",
    method: "get",
    path: model.path,
    portals: model.portals,
    summary,
    model,
    query: "list",
    answers: { status: 200, with: "list" },
    read: async ({ connection, caller, query, url }) =>
      answerList(model, await listRecords(connection, caller, model, query), query, url),
  };
}

const WRITTEN_IN: readonly Portal[] = ["private"];

const writing = (
  model: Model,
  method: WriteRoute["method"],
  path: string,
  summary: string,
): Pick<WriteRoute, "kind" | "method" | "path" | "portals" | "summary" | "model"> => ({
  kind: "write",
  method,
  path,
  portals: WRITTEN_IN,
  summary,
  model,
});

function actionRoute(model: Model, { method, path, summary, input, plan }: Action): WriteRoute {
  return {
    ...writing(model, method, `${model.path}${path}`, summary),
    ...(input && { input: { declaration: input, mode: "create" as const } }),
    answers: { status: 200, with: path.includes(":id") ? "one" : "list" },
    plan,
  };
}

function subListRoute(
  parent: Model,
  { path: below, summary, portals, model: modelOf, filter, precondition }: SubList,
): ReadRoute {
  const model: ReadModel = modelOf();
  return {
    kind: "read",
    method: "get",
    path: `${parent.path}${below}`,
    operationName: parent.name,
    portals,
    summary,
    model,
    query: "list",
    answers: { status: 200, with: "list" },
    read: async ({ connection, caller, id, query, url }) => {
      const filters = [...query.filters, filter(id)];
      const list = { ...query, filters };
      const statements = [compileList(model, caller, list)];
      const preconditions = [precondition(parent, id)];
      const asked = await askViolations(connection, caller, preconditions, statements);
      const refusal = errorOf(asked.violations, undefined);
      // The public portal must not reveal whether a record is private or does not exist.
      if (refusal !== undefined) throw caller.kind === "public" ? new NotFoundError() : refusal;
      return answerList(model, pageOf(model, list, asked.answers), query, url);
    },
  };
}

const one = ({ title }: Model) => `${/^[aeiou]/.test(title) ? "an" : "a"} ${title}`;
const many = ({ titles }: Model) => titles;

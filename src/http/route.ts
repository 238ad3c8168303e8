import type { Viewer } from "../db/access.ts";
import type { Connection } from "../db/connection.ts";
import { LIMIT, type Query, type QueryKind } from "../query/parse.ts";
import type { Resource } from "../query/resource.ts";
import type { Check } from "../record/checks.ts";
import type { InputDeclaration, InputMode, InputOf } from "../record/input.ts";
import { listRecords, type Page, readRecord } from "../record/service.ts";
import { type Answer, answerList, answerOne, answerSelection, NOTHING } from "./answer.ts";

export type Portal = "private" | "public";

/** What a handler works on: who asks, for what, and how. */
export interface Handled<Input = unknown> {
  readonly connection: Connection;
  readonly viewer: Viewer;
  readonly id: string;
  readonly query: Query;
  readonly input: Input;
  readonly url: string;
}

/**
 * Who may pass. `"read"`: anyone whom the portal lets in, because the statements show no more than the
 * viewer may see. Otherwise the checks that must hold for the write; the permission middleware asks
 * them before the handler runs.
 */
export type Needs<Input> =
  | "read"
  | ((given: { readonly id: string; readonly input: Input }) => readonly Check[]);

/** One route, declared: the router, the permission middleware and the OpenAPI document all read it. */
export interface Route<Body = unknown, Input = unknown> {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Below `/api/{portal}`, without a closing slash: `/stem/session/:id`. */
  readonly path: string;
  readonly portals: readonly Portal[];
  readonly summary: string;
  readonly resource: Resource;
  /** Which query parameters it takes. */
  readonly query: QueryKind;
  readonly body?: { readonly declaration: InputDeclaration; readonly mode: InputMode };
  /** There is no default: a route that does not say what it needs is not mounted. */
  readonly needs: Needs<Body>;
  readonly answers: { readonly status: 200 | 201 | 204; readonly with: "one" | "list" | "nothing" };
  readonly handle: (request: Handled<Input>) => Promise<Answer>;
}

interface Place {
  readonly path: string;
  readonly resource: Resource;
  readonly summary: string;
}

export function listRoute(place: Place & { portals: readonly Portal[] }): Route {
  return {
    ...place,
    method: "get",
    query: "list",
    needs: "read",
    answers: { status: 200, with: "list" },
    handle: async ({ connection, viewer, query, url }) => {
      const page = await listRecords(connection, viewer, place.resource, query);
      return answerList(place.resource, page, query, url);
    },
  };
}

export function detailRoute(place: Place & { portals: readonly Portal[] }): Route {
  return {
    ...place,
    method: "get",
    query: "detail",
    needs: "read",
    answers: { status: 200, with: "one" },
    handle: async ({ connection, viewer, id, query }) => {
      const body = await readRecord(connection, viewer, place.resource, id, query);
      const isWhole = query.include.length + query.exclude.length === 0;
      return isWhole ? answerOne(place.resource, body) : answerSelection(place.resource, body);
    },
  };
}

interface WritingPlace<Declaration extends InputDeclaration> extends Place {
  readonly body: Declaration;
  readonly needs: (given: {
    readonly id: string;
    readonly input: Partial<InputOf<Declaration>>;
  }) => readonly Check[];
}

/** A write by its verb: `write` carries it out and gives the object back as JSON text. */
interface Writing<Declaration extends InputDeclaration, Input> extends WritingPlace<Declaration> {
  readonly write: (request: Handled<Input>) => Promise<string>;
}

export function createRoute<Declaration extends InputDeclaration>(
  route: Writing<Declaration, InputOf<Declaration>>,
): Route {
  return objectRoute(route, "post", "create");
}

export function replaceRoute<Declaration extends InputDeclaration>(
  route: Writing<Declaration, InputOf<Declaration>>,
): Route {
  return objectRoute(route, "put", "replace");
}

export function changeRoute<Declaration extends InputDeclaration>(
  route: Writing<Declaration, Partial<InputOf<Declaration>>>,
): Route {
  return objectRoute(route, "patch", "change");
}

/** A write that stands beside the verbs, and answers with a list. */
export function actionRoute<Declaration extends InputDeclaration>({
  act,
  ...route
}: WritingPlace<Declaration> & {
  readonly act: (request: Handled<InputOf<Declaration>>) => Promise<Page>;
}): Route {
  return writeRoute<Declaration, InputOf<Declaration>>({
    ...route,
    method: "post",
    mode: "create",
    answers: { status: 200, with: "list" },
    handle: async (request) => {
      const page = await act(request);
      const limit = Math.max(page.count, LIMIT.default);
      return answerList(route.resource, page, { limit, offset: 0 }, request.url);
    },
  });
}

function objectRoute<Declaration extends InputDeclaration, Input>(
  { write, ...route }: Writing<Declaration, Input>,
  method: "post" | "put" | "patch",
  mode: InputMode,
): Route {
  const status = method === "post" ? 201 : 200;
  return writeRoute<Declaration, Input>({
    ...route,
    method,
    mode,
    answers: { status, with: "one" },
    handle: async (request) => answerOne(route.resource, await write(request), status),
  });
}

function writeRoute<Declaration extends InputDeclaration, Input>({
  body,
  mode,
  ...route
}: WritingPlace<Declaration> &
  Pick<Route<unknown, Input>, "method" | "answers" | "handle"> & { mode: InputMode }): Route {
  const typed: Route<Partial<InputOf<Declaration>>, Input> = {
    ...route,
    portals: ["private"],
    query: "none",
    body: { declaration: body, mode },
  };
  // The router hands a route what its own declaration has parsed: the types meet again there.
  return typed as unknown as Route;
}

/** A write without a body that stands beside the verbs, and answers with the object. */
export function stepRoute({
  step,
  ...route
}: Place &
  Pick<Route, "method"> & {
    needs: (given: { readonly id: string }) => readonly Check[];
    step: (request: Handled) => Promise<string>;
  }): Route {
  return {
    ...route,
    portals: ["private"],
    query: "none",
    answers: { status: 200, with: "one" },
    handle: async (request) => answerOne(route.resource, await step(request)),
  };
}

export function deleteRoute(
  route: Place & {
    needs: (given: { readonly id: string }) => readonly Check[];
    remove: (request: Handled) => Promise<void>;
  },
): Route {
  const { remove, ...place } = route;
  return {
    ...place,
    method: "delete",
    portals: ["private"],
    query: "none",
    answers: { status: 204, with: "nothing" },
    handle: async (request) => {
      await remove(request);
      return NOTHING;
    },
  };
}

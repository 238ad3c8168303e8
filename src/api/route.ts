import type { Caller } from "../db/access.ts";
import type { Connection } from "../db/connection.ts";
import type { Portal } from "../model/define.ts";
import type { InputDeclaration, InputMode } from "../model/input.ts";
import type { Intent, Plan } from "../model/plan.ts";
import type { Query } from "../query/parse.ts";
import type { JsonSchema, ReadModel } from "../query/read-model.ts";
import type { Shown } from "./answer.ts";

interface Place {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** The path below `/api/{portal}`, without a trailing slash: `/stem/session/:id`. */
  readonly path: string;
  readonly portals: readonly Portal[];
  readonly summary: string;
  /** The name in the id of the operation, in place of that of the model. */
  readonly operationName?: string;
  /** The model of the objects in the answers. */
  readonly model: ReadModel;
}

/** The input of a read: the caller, the id in the path, and the query. */
export interface Reading {
  readonly connection: Connection;
  readonly caller: Caller;
  readonly id: string;
  readonly query: Query;
  readonly url: string;
}

/** A read. It has no preconditions: its statements return only what the caller may see. */
export interface ReadRoute extends Place {
  readonly kind: "read";
  readonly method: "get";
  readonly query: "list" | "detail";
  readonly answers: {
    readonly status: 200;
    readonly with: "one" | "list";
    /** The JSON Schemas of what an answer has beside the object, by key. */
    readonly beside?: Readonly<Record<string, JsonSchema>>;
  };
  read(reading: Reading): Promise<Shown>;
}

/** A write. Its preconditions are part of its plan. */
export interface WriteRoute extends Place {
  readonly kind: "write";
  readonly input?: { readonly declaration: InputDeclaration; readonly mode: InputMode };
  readonly answers: { readonly status: 200 | 201 | 204; readonly with: "one" | "list" | "nothing" };
  plan(id: string, input: Readonly<Record<string, unknown>>, intent: Intent): Plan;
}

/**
 * The declaration of one route. The router and the OpenAPI document are built from it, and the tests run over
 * all routes.
 */
export type Route = ReadRoute | WriteRoute;

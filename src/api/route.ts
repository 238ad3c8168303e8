import type { Caller } from "../db/access.ts";
import type { Connection } from "../db/connection.ts";
import type { Portal } from "../model/define.ts";
import type { InputDeclaration, InputMode } from "../model/input.ts";
import type { Intent, Plan } from "../model/plan.ts";
import type { Query } from "../query/parse.ts";
import type { ReadModel } from "../query/resource.ts";
import type { Answer } from "./answer.ts";

interface Place {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Below `/api/{portal}`, without a closing slash: `/stem/session/:id`. */
  readonly path: string;
  readonly portals: readonly Portal[];
  readonly summary: string;
  /** What the answers show. */
  readonly model: ReadModel;
}

/** What a read works on: who asks, for what, and how. */
export interface Reading {
  readonly connection: Connection;
  readonly caller: Caller;
  readonly id: string;
  readonly query: Query;
  readonly url: string;
}

/** A read needs no permission of its own: its statements show what the caller may see and nothing else. */
export interface ReadRoute extends Place {
  readonly kind: "read";
  readonly method: "get";
  readonly query: "list" | "detail";
  readonly answers: { readonly status: 200; readonly with: "one" | "list" };
  read(reading: Reading): Promise<Answer>;
}

/** A write is a plan, whose preconditions say what it needs. */
export interface WriteRoute extends Place {
  readonly kind: "write";
  readonly input?: { readonly declaration: InputDeclaration; readonly mode: InputMode };
  readonly answers: { readonly status: 200 | 201 | 204; readonly with: "one" | "list" | "nothing" };
  plan(id: string, input: Readonly<Record<string, unknown>>, intent: Intent): Plan;
}

/** One route, declared: the router and the OpenAPI document read it, and the tests run over all of them. */
export type Route = ReadRoute | WriteRoute;

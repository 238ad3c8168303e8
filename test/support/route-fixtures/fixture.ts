import { routeOf } from "../../../src/api/model-routes.ts";
import type { Route } from "../../../src/api/route.ts";
import type { Model, Verb } from "../../../src/model/define.ts";
import type { LevelName } from "../../../src/values/permission.ts";
import type { Sharing } from "../builders.ts";

/** `POST /stem/session`: how fixtures speak of a route. */
export type RouteName = `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`;

export function nameOf({ method, path }: Route): string {
  return `${method.toUpperCase()} ${path}`;
}

/** Something that the routes of a model can act on. */
export interface Target {
  /** What stands for `:id` in a path. */
  readonly id: string;
  /**
   * A valid body for each route that takes one; it changes something, and leaves no other route of the
   * target without sense.
   */
  readonly bodies: Readonly<Record<RouteName, unknown>>;
}

/**
 * What the tests that run over every route must know of one model. A route that is not named here
 * fails them.
 */
export interface Fixture {
  /**
   * The least level that each route asks of its caller, on all that the route touches: `"anyone"` for
   * what every bearer of a token may do, as for all lists, which show each caller what that caller may see.
   */
  readonly needs: Readonly<Record<RouteName, LevelName | "anyone">>;
  /** Builds a target on which users and groups hold these levels, and nobody else any. */
  readonly build: (sharing: Sharing) => Promise<Target>;
  /** The levels that there are on it, all four when absent. */
  readonly levels?: readonly LevelName[];
  /** Set where a user holds a level in person alone, never through a group. */
  readonly inPersonOnly?: true;
}

/** The least level that each verb asks for, where a model says nothing else. */
const LEVELS: Readonly<Record<Verb, LevelName | "anyone">> = {
  list: "anyone",
  detail: "member",
  create: "contributor",
  replace: "contributor",
  change: "contributor",
  remove: "contributor",
};

/** What is said of the routes of a model, said of its other paths too. */
export function withAliases<Said>(
  { path, aliases }: Model,
  said: Readonly<Record<RouteName, Said>>,
): Readonly<Record<RouteName, Said>> {
  const entries = Object.entries(said).flatMap(([name, value]) =>
    [path, ...aliases].map((alias) => [name.replace(path, alias), value]),
  );
  return Object.fromEntries(entries);
}

/** What the routes of a model ask for, verb by verb: what differs from `LEVELS` is given. */
export function needsOf(model: Model, differing: Partial<typeof LEVELS> = {}): Fixture["needs"] {
  const levels = { ...LEVELS, ...differing };
  const routes = model.verbs.map((verb) => [nameOf(routeOf(model, verb)), levels[verb]]);
  return Object.fromEntries(routes);
}

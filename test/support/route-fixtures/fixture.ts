import type { Route } from "../../../src/api/route.ts";
import type { LevelName } from "../../../src/values/permission.ts";
import type { Held } from "../builders.ts";

/** `POST /stem/session`: how fixtures speak of a route. */
export type RouteName = `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`;

export function nameOf({ method, path }: Route): string {
  return `${method.toUpperCase()} ${path}`;
}

/** Something that the routes of a resource can act on. */
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
 * What the tests that run over every route must know of one resource. A route that is not named here
 * fails them.
 */
export interface Fixture {
  /**
   * The least level that each route asks of its caller, on all that the route touches: `"anyone"` for
   * what every bearer of a token may do, as for all lists, which show each caller what that caller may see.
   */
  readonly needs: Readonly<Record<RouteName, LevelName | "anyone">>;
  /** Builds a target on which users and groups hold these levels, and nobody else any. */
  readonly build: (held: Held) => Promise<Target>;
  /** The levels that there are on it, all four when absent. */
  readonly levels?: readonly LevelName[];
  /** Set where a user holds a level in person alone, never through a group. */
  readonly inPersonOnly?: true;
}

/**
 * The levels of a user or a group on a project, data storage or group. A higher level includes the lower
 * ones.
 */
export const LEVEL = { member: 1, contributor: 2, manager: 3, owner: 4 } as const;

export type LevelName = keyof typeof LEVEL;

/** The name of a level: the highest that is not above it. */
export function nameOfLevel(level: number): LevelName {
  const names = Object.keys(LEVEL) as LevelName[];
  return names.findLast((name) => LEVEL[name] <= level) ?? "member";
}

/** The models whose records are shared with members, by the names of the API. */
export type SharedKind =
  | "project"
  | "datastorage"
  | "setup"
  | "behavioralassay"
  | "inventory"
  | "group";

export type Verb = "view" | "change" | "manage" | "own";

/** A permission on a record that is shared with members, or on the caller's own profile. */
export type Permission = `${Verb}_${SharedKind | "user"}`;

/** The lowest level that includes each verb. */
export const LEVEL_FOR: Readonly<Record<Verb, number>> = {
  view: LEVEL.member,
  change: LEVEL.contributor,
  manage: LEVEL.manager,
  own: LEVEL.owner,
};

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

/** The models whose records are shared with members, by their names in the API, each with its title in messages. */
export const SHARED_TITLES = {
  project: "project",
  datastorage: "data storage",
  setup: "setup",
  behavioralassay: "behavioral assay",
  inventory: "inventory",
  group: "group",
} as const;

export type SharedKind = keyof typeof SHARED_TITLES;

export const SHARED_KINDS = Object.keys(SHARED_TITLES) as readonly SharedKind[];

/** The kinds of records that are shared with groups too, and may be public: all but the groups themselves. */
export type SharedWithGroups = Exclude<SharedKind, "group">;

export const SHARED_WITH_GROUPS: readonly SharedWithGroups[] = SHARED_KINDS.filter(
  (kind) => kind !== "group",
);

export type Verb = "view" | "change" | "manage" | "own";

/** A permission on a record that is shared with members, or on the caller's own profile. */
export type Permission = `${Verb}_${SharedKind | "user"}`;

/** The title of the record that a permission is on: `data storage` for `change_datastorage`. */
export function titleOf(permission: Permission): string {
  // A permission is a verb and the kind, and no verb has an underscore.
  const kind = permission.slice(permission.indexOf("_") + 1) as SharedKind | "user";
  return kind === "user" ? kind : SHARED_TITLES[kind];
}

/** The lowest level that includes each verb. */
export const LEVEL_FOR: Readonly<Record<Verb, number>> = {
  view: LEVEL.member,
  change: LEVEL.contributor,
  manage: LEVEL.manager,
  own: LEVEL.owner,
};

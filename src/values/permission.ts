/** The levels at which a user or a group holds something; a higher one includes the lower. */
export const LEVEL = { member: 1, contributor: 2, manager: 3, owner: 4 } as const;

export type LevelName = keyof typeof LEVEL;

/** What permissions are held on. The names are those of the API's models. */
export type Holder = "project" | "datastorage" | "group";

export type Verb = "view" | "change" | "manage" | "own";

/** A permission on what is held, or on one's own profile. */
export type Permission = `${Verb}_${Holder | "user"}`;

/** The lowest level that carries each verb. */
export const LEVEL_FOR: Readonly<Record<Verb, number>> = {
  view: LEVEL.member,
  change: LEVEL.contributor,
  manage: LEVEL.manager,
  own: LEVEL.owner,
};

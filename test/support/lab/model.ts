import { LEVEL } from "../../../src/values/permission.ts";
import type { BuiltUser } from "../builders.ts";
import type { RecordModel } from "../module-records.ts";

// A lab as the contract has it (sections 2, 3 and 7): its projects, data storages and groups, the sessions
// with their storages and records, and what each of a few users may do to them.

/** Levels by the number of a user, 0 for none. */
export type Levels = readonly number[];

/** A project or a data storage: with whom it is shared, and at which level. */
export interface SharedRecord {
  readonly users: Levels;
  /** By the group's id. */
  readonly groups: ReadonlyMap<string, number>;
}

export interface ModelGroup {
  readonly name: string;
  readonly levels: Levels;
}

export interface ModelSession {
  readonly name: string;
  readonly description: string;
  readonly projects: readonly string[];
  readonly storages: readonly string[];
}

/** What epochs refer to, by the field in which they do. */
export const LINKS = {
  dataacquisition: "data_acquisition",
  behaviors: "behavior",
  manipulations: "manipulation",
} as const;

export type LinkName = keyof typeof LINKS;

export const LINK_NAMES = Object.keys(LINKS) as LinkName[];

/** What an epoch has beside what all records have. */
export interface EpochFields {
  readonly start: number | null;
  readonly end: number | null;
  readonly links: Readonly<Record<LinkName, readonly string[]>>;
}

export interface ModelRecord {
  readonly model: RecordModel;
  readonly session: string;
  readonly notes: string;
  readonly order: number | null;
  /** Set for an epoch. */
  readonly epoch?: EpochFields;
}

/** All maps have their entries in the order in which these were made. */
export interface Model {
  readonly projects: Map<string, SharedRecord>;
  readonly storages: Map<string, SharedRecord>;
  readonly groups: Map<string, ModelGroup>;
  readonly sessions: Map<string, ModelSession>;
  readonly records: Map<string, ModelRecord>;
}

/** The kinds of records that are shared with users and groups. */
export type SharedKind = "projects" | "storages";

/** The real lab. */
export interface Real {
  readonly users: readonly BuiltUser[];
  /** The ids that steps speak of by number: of all that there has ever been, so some may be gone. */
  readonly known: Readonly<Record<SharedKind | "groups", string[]>>;
}

/** Which of some things a step speaks of: taken around the number of those that there are. */
export const pick = <Item>(items: readonly Item[], index: number): Item | undefined =>
  items[index % items.length];

/** The level that a user has, in person or through a group. */
export function levelOn({ groups }: Model, record: SharedRecord | undefined, user: number): number {
  if (record === undefined) return 0;
  const throughGroups = [...record.groups]
    .filter(([id]) => (groups.get(id)?.levels[user] ?? 0) > 0)
    .map(([, level]) => level);
  return Math.max(record.users[user] ?? 0, ...throughGroups);
}

/** Whether a user may write with all of these projects or storages; what is gone is nobody's. */
export const mayUse = (model: Model, kind: SharedKind, ids: readonly string[], user: number) =>
  ids.every((id) => levelOn(model, model[kind].get(id), user) >= LEVEL.contributor);

export const mayChange = (model: Model, user: number, { projects }: ModelSession) =>
  mayUse(model, "projects", projects, user);

export const sees = (model: Model, user: number, { projects }: ModelSession) =>
  projects.some((id) => levelOn(model, model.projects.get(id), user) > 0);

export const hasOneOwner = (levels: Levels) =>
  levels.filter((level) => level === LEVEL.owner).length === 1;

export const byKey = <Row>(rows: readonly Row[], key: (row: Row) => string) =>
  rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));

/** The sessions that a user sees, as a list has them. */
export const visibleSessions = (model: Model, user: number) =>
  byKey(
    [...model.sessions].filter(([, session]) => sees(model, user, session)),
    ([, { name }]) => name,
  );

/** The records of one kind in a session, in their order: those without a place come last. */
export const recordsOf = ({ records }: Model, session: string, one: string) =>
  [...records]
    .filter(([, record]) => record.session === session && record.model.one === one)
    .toSorted(([, a], [, b]) => (a.order ?? Infinity) - (b.order ?? Infinity) || 0);

import { isJsonObject } from "../../values/json.ts";
import { LEVEL, type LevelName, nameOfLevel } from "../../values/permission.ts";

/** A member of a project: a user by email, or a group by name. */
export interface Member {
  readonly key: string;
  readonly level: number;
}

/** A project as its page shows it, from the JSON of the API. */
export interface ShownProject {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly isPublic: boolean;
  readonly tags: readonly string[];
  readonly extraFields: readonly (readonly [key: string, value: string])[];
  readonly users: readonly Member[];
  readonly groups: readonly Member[];
}

/** Reads the JSON of a project, whose fields the model declares. */
export function readProject(body: string): ShownProject {
  const project: Readonly<Record<string, unknown>> = JSON.parse(body);
  const textOf = (name: string) => String(project[name] ?? "");
  return {
    id: textOf("id"),
    name: textOf("name"),
    description: textOf("description"),
    isPublic: project.is_public === true,
    tags: Array.isArray(project.tags) ? project.tags.map(String) : [],
    extraFields: entriesOf(project.extra_fields).map(([key, value]) => [key, String(value)]),
    users: membersIn(project.users),
    groups: membersIn(project.groups),
  };
}

const entriesOf = (value: unknown) => (isJsonObject(value) ? Object.entries(value) : []);

const membersIn = (value: unknown): readonly Member[] =>
  entriesOf(value).map(([key, flags]) => ({ key, level: levelOf(flags) }));

/** The flags of the API, lowest first. */
const FLAGS = {
  can_change: LEVEL.contributor,
  is_manager: LEVEL.manager,
  is_owner: LEVEL.owner,
} as const;

function levelOf(flags: unknown): number {
  const given = isJsonObject(flags) ? flags : {};
  const levels = Object.entries(FLAGS).map(([flag, level]) => (given[flag] === true ? level : 0));
  return Math.max(LEVEL.member, ...levels);
}

/** A level as the API takes it. */
export function flagsOf(level: number): Readonly<Record<string, boolean>> {
  return Object.fromEntries(Object.entries(FLAGS).map(([flag, least]) => [flag, level >= least]));
}

/** The levels that a person of this level may give and take away, lowest first. */
export function levelsToGive(own: number): readonly LevelName[] {
  if (own < LEVEL.manager) return [];
  const most = own >= LEVEL.owner ? LEVEL.owner : LEVEL.contributor;
  return Object.values(LEVEL)
    .filter((level) => level <= most)
    .map(nameOfLevel);
}

import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import { type AuditDraft, fieldChange } from "../audit/entries.ts";
import { levelOn } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { dataStorageGroups, dataStorages, dataStorageUsers } from "../db/schema/data-storages.ts";
import { groupMembers, groups } from "../db/schema/groups.ts";
import { projectGroups, projects, projectUsers } from "../db/schema/projects.ts";
import {
  behavioralAssayGroups,
  behavioralAssays,
  behavioralAssayUsers,
  inventories,
  inventoryGroups,
  inventoryUsers,
  setupGroups,
  setups,
  setupUsers,
} from "../db/schema/setups.ts";
import { users } from "../db/schema/users.ts";
import type { Field, JsonSchema, ReadModel } from "../query/read-model.ts";
import { shorten } from "../values/error-list.ts";
import { isJsonObject } from "../values/json.ts";
import { LEVEL, type SharedKind } from "../values/permission.ts";
import { expected, text } from "./schemas.ts";

// The levels of users and groups: one implementation for the users and groups of projects and data storages
// and for the users of groups. Clients see and send objects such as
// `{"a@lab.example": {"can_change": true, "is_manager": false, "is_owner": false}}`.

/** The flags by which clients name levels, lowest first. A higher level includes the lower ones. */
const PROJECT_FLAGS = {
  can_change: LEVEL.contributor,
  is_manager: LEVEL.manager,
  is_owner: LEVEL.owner,
};
const GROUP_FLAGS = { is_manager: LEVEL.manager, is_owner: LEVEL.owner };

type Flags = Readonly<Record<string, number>>;

/** One relation between records of a kind (projects, data storages, groups) and their members. */
export interface Membership {
  readonly kind: SharedKind;
  /** The wire name of the field. */
  readonly field: string;
  readonly flags: Flags;
  readonly table: SQLiteTable;
  readonly recordId: SQLiteColumn;
  readonly ownId: SQLiteColumn;
  readonly memberId: SQLiteColumn;
  readonly level: SQLiteColumn;
  readonly members: { readonly table: SQLiteTable; readonly id: SQLiteColumn };
  /** The column by which clients name a member. */
  readonly memberKey: SQLiteColumn;
  readonly unknown: (key: Expression) => SQL;
}

const byEmail = {
  field: "users",
  members: { table: users, id: users.id },
  memberKey: users.email,
  unknown: (key: Expression) => sql`'No user has the email "' || ${key} || '".'`,
};

const byGroupName = {
  members: { table: groups, id: groups.id },
  memberKey: groups.name,
  unknown: (key: Expression) => sql`'No group has the name "' || ${key} || '".'`,
};

export const projectUserLevels: Membership = {
  ...byEmail,
  kind: "project",
  flags: PROJECT_FLAGS,
  table: projectUsers,
  recordId: projectUsers.recordId,
  ownId: projects.id,
  memberId: projectUsers.userId,
  level: projectUsers.level,
};

export const projectGroupLevels: Membership = {
  ...byGroupName,
  kind: "project",
  field: "groups",
  flags: PROJECT_FLAGS,
  table: projectGroups,
  recordId: projectGroups.recordId,
  ownId: projects.id,
  memberId: projectGroups.groupId,
  level: projectGroups.level,
};

export const dataStorageUserLevels: Membership = {
  ...byEmail,
  kind: "datastorage",
  flags: PROJECT_FLAGS,
  table: dataStorageUsers,
  recordId: dataStorageUsers.recordId,
  ownId: dataStorages.id,
  memberId: dataStorageUsers.userId,
  level: dataStorageUsers.level,
};

export const dataStorageGroupLevels: Membership = {
  ...byGroupName,
  kind: "datastorage",
  field: "authenticated_groups",
  flags: PROJECT_FLAGS,
  table: dataStorageGroups,
  recordId: dataStorageGroups.recordId,
  ownId: dataStorages.id,
  memberId: dataStorageGroups.groupId,
  level: dataStorageGroups.level,
};

/** The levels in two tables that `db/schema/levels.ts` made. */
function levelsOf(
  kind: SharedKind,
  ownId: SQLiteColumn,
  byUser: LevelTable<"userId">,
  byGroup: LevelTable<"groupId">,
): { readonly users: Membership; readonly groups: Membership } {
  const of = ({ recordId, level }: LevelTable<never>) => ({ kind, ownId, recordId, level });
  return {
    users: {
      ...byEmail,
      flags: PROJECT_FLAGS,
      ...of(byUser),
      table: byUser,
      memberId: byUser.userId,
    },
    groups: {
      ...byGroupName,
      flags: PROJECT_FLAGS,
      ...of(byGroup),
      field: "authenticated_groups",
      table: byGroup,
      memberId: byGroup.groupId,
    },
  };
}

type LevelTable<Member extends string> = SQLiteTable &
  Readonly<Record<"recordId" | "level" | Member, SQLiteColumn>>;

export const setupLevels = levelsOf("setup", setups.id, setupUsers, setupGroups);

export const behavioralAssayLevels = levelsOf(
  "behavioralassay",
  behavioralAssays.id,
  behavioralAssayUsers,
  behavioralAssayGroups,
);

export const inventoryLevels = levelsOf(
  "inventory",
  inventories.id,
  inventoryUsers,
  inventoryGroups,
);

export const groupUserLevels: Membership = {
  ...byEmail,
  kind: "group",
  flags: GROUP_FLAGS,
  table: groupMembers,
  recordId: groupMembers.recordId,
  ownId: groups.id,
  memberId: groupMembers.userId,
  level: groupMembers.level,
};

/** The new level of a member; 0 removes the member. */
export interface MemberChange {
  readonly key: string;
  readonly level: number;
}

// --- Reading

/** The members by email or name, the highest level first. Only members see them; the public never does. */
export function membersField(membership: Membership): Field {
  const { kind, ownId, flags } = membership;
  return {
    schema: { type: "object", additionalProperties: flagsSchema(flags) },
    json: (caller) =>
      caller.kind === "public"
        ? sql`'{}'`
        : sql`iif(${levelOn(caller, kind, ownId)} > 0, ${membersJson(membership)}, '{}')`,
  };
}

/** The members of a row for whom a condition holds. */
function membersJson(
  { table, recordId, ownId, memberId, level, members, memberKey, flags }: Membership,
  condition = sql`true`,
): SQL {
  return sql`(SELECT
    json_group_object(${memberKey}, json(${flagsJson(level, flags)}) ORDER BY ${level} DESC, ${memberKey})
    FROM ${table} JOIN ${members.table} ON ${members.id} = ${memberId}
    WHERE ${recordId} = ${ownId} AND ${condition})`;
}

/** The audit entries for the records that lose a member when the member is deleted. */
export function lossOfMember(membership: Membership, model: ReadModel, id: string): AuditDraft {
  const { field, table, recordId, memberId } = membership;
  const others = membersJson(membership, sql`${memberId} <> ${id}`);
  return {
    action: "change",
    model,
    id: sql`(SELECT ${recordId} FROM ${table} WHERE ${memberId} = ${id})`,
    changes: fieldChange(field, membersJson(membership), others),
  };
}

function flagsSchema(flags: Flags): JsonSchema {
  const names = Object.keys(flags);
  const properties = Object.fromEntries(names.map((name) => [name, { type: "boolean" }]));
  return { type: "object", properties, required: names, additionalProperties: false };
}

function flagsJson(level: SQLiteColumn, flags: Flags): SQL {
  const cases = Object.values(LEVEL).map((each) => {
    const shown = Object.entries(flags).map(([name, least]) => [name, each >= least]);
    return sql.raw(`WHEN ${each} THEN '${JSON.stringify(Object.fromEntries(shown))}'`);
  });
  return sql`CASE ${level} ${sql.join([...cases], sql` `)} END`;
}

// --- Writing

const memberKey = text(320);

/** How many members one request may set or remove. */
const MAX_ENTRIES = 1000;

/** The schema of the members to set or to remove. Members that the body does not name stay unchanged. */
export function memberChanges({ flags, members }: Membership) {
  const entries = z
    .custom<Record<string, unknown>>(isJsonObject, {
      error: expected("Expected an object with an entry for each member"),
      abort: true,
    })
    .check(({ value, issues }) => {
      const given = Object.entries(value);
      if (given.length > MAX_ENTRIES) {
        const message = `Ensure this field has no more than ${MAX_ENTRIES} entries.`;
        issues.push({ code: "custom", input: value, path: [], message });
        return;
      }
      for (const [key, entry] of given) {
        for (const { path, message } of entryProblems(key, entry, flags)) {
          issues.push({ code: "custom", input: entry, path: [key, ...path], message });
        }
      }
    });
  // MATLAB sends an empty list for an empty object.
  const emptyAsNone = z.transform((value) =>
    Array.isArray(value) && value.length === 0 ? {} : value,
  );
  const keyOf = members.table === users ? foldEmail : (key: string) => key;
  return z
    .pipe(
      z.pipe(emptyAsNone, entries),
      z.transform((value: Record<string, unknown>): readonly MemberChange[] => [
        ...new Map(
          Object.entries(value).map(([key, entry]) => [keyOf(key), changeOf(keyOf(key), entry)]),
        ).values(),
      ]),
    )
    .check(z.meta(changesSchema(flags)));
}

/** The stored form of an email: trimmed and in lower case, so that clients may send any case. */
export function foldEmail(email: string): string {
  return email.trim().toLowerCase();
}

interface Problem {
  readonly path: readonly string[];
  readonly message: string;
}

function entryProblems(key: string, entry: unknown, flags: Flags): readonly Problem[] {
  const badKey = z.safeParse(memberKey, key).error?.issues[0];
  if (badKey !== undefined) return [{ path: [], message: badKey.message }];
  if (!isJsonObject(entry)) {
    return [{ path: [], message: expected("Expected an object")({ input: entry }) }];
  }
  const names = [...Object.keys(flags), "remove"];
  return Object.entries(entry).flatMap(([name, value]): Problem[] => {
    if (!names.includes(name)) {
      return [{ path: [], message: `unknown key ${shorten(name)}. Keys: ${names.join(", ")}.` }];
    }
    if (typeof value === "boolean") return [];
    return [{ path: [name], message: expected("Must be a valid boolean")({ input: value }) }];
  });
}

/** The highest flag that is true gives the level. Without one the member may read. */
function changeOf(key: string, entry: unknown): MemberChange {
  const given = isJsonObject(entry) ? entry : {};
  if (given.remove === true) return { key, level: 0 };
  const levels = Object.entries(PROJECT_FLAGS).map(([name, level]) =>
    given[name] === true ? level : LEVEL.member,
  );
  return { key, level: Math.max(...levels) };
}

function changesSchema(flags: Flags): Record<string, unknown> {
  const names = [...Object.keys(flags), "remove"];
  const properties = Object.fromEntries(names.map((name) => [name, { type: "boolean" }]));
  return {
    type: "object",
    maxProperties: MAX_ENTRIES,
    additionalProperties: { type: "object", properties, additionalProperties: false },
  };
}

/** The changes as a relation of key and level. */
export function named(changes: readonly MemberChange[]): SQL {
  const rows = JSON.stringify(changes.map(({ key, level }) => [key, level]));
  return sql`(SELECT value ->> 0 AS key, value ->> 1 AS level FROM json_each(${rows})) AS named`;
}

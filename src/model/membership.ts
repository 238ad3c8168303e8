import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import { type AuditDraft, fieldChange } from "../audit/entries.ts";
import { levelOn } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { groups } from "../db/schema/groups.ts";
import { users } from "../db/schema/users.ts";
import { type LevelTable, SHARED_TABLES } from "../db/shared-tables.ts";
import type { Field, JsonSchema } from "../query/read-model.ts";
import { shorten } from "../values/error-list.ts";
import { isJsonObject } from "../values/json.ts";
import { LEVEL, type SharedKind, type SharedWithGroups } from "../values/permission.ts";
import { projectIdsOf } from "./access.ts";
import { expected, text } from "./schemas.ts";

// The levels of users and groups: one implementation for the users and groups of every kind of records that are
// shared with members. Clients see and send objects such as
// `{"a@lab.example": {"can_change": true, "is_manager": false, "is_owner": false}}`.

/** The flags by which clients name levels, lowest first. A higher level includes the lower ones. */
const FLAGS = {
  can_change: LEVEL.contributor,
  is_manager: LEVEL.manager,
  is_owner: LEVEL.owner,
};
/** Those for the users of a group, which has no contributors. */
const GROUP_FLAGS = { is_manager: LEVEL.manager, is_owner: LEVEL.owner };

type Flags = Readonly<Record<string, number>>;

/** One relation between the records of a kind and their members: users or groups. */
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

/** The users of the records of a kind. */
export function usersOf(kind: SharedKind): Membership {
  const { users: levels } = SHARED_TABLES[kind];
  return {
    ...levelsOn(kind, levels),
    field: "users",
    memberId: levels.userId,
    members: { table: users, id: users.id },
    memberKey: users.email,
    unknown: (key) => sql`'No user has the email "' || ${key} || '".'`,
  };
}

/** The groups of the records of a kind. */
export function groupsOf(kind: SharedWithGroups): Membership {
  const { groups: levels } = SHARED_TABLES[kind];
  return {
    ...levelsOn(kind, levels),
    // The public API calls those of all but projects authenticated groups.
    field: kind === "project" ? "groups" : "authenticated_groups",
    memberId: levels.groupId,
    members: { table: groups, id: groups.id },
    memberKey: groups.name,
    unknown: (key) => sql`'No group has the name "' || ${key} || '".'`,
  };
}

const levelsOn = (kind: SharedKind, table: LevelTable<never>) => ({
  kind,
  flags: kind === "group" ? GROUP_FLAGS : FLAGS,
  table,
  recordId: table.recordId,
  ownId: SHARED_TABLES[kind].records.id,
  level: table.level,
});

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

/** The audit entries for the records of a kind that lose a group when it is deleted. */
export function lossOfGroup(kind: SharedWithGroups, id: string): AuditDraft {
  const membership = groupsOf(kind);
  const { field, table, recordId, ownId, memberId } = membership;
  const others = membersJson(membership, sql`${memberId} <> ${id}`);
  return {
    action: "change",
    model: {
      name: kind,
      table: SHARED_TABLES[kind].records,
      id: ownId,
      ...projectIdsOf(kind, ownId),
    },
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
  const levels = Object.entries(FLAGS).map(([name, level]) =>
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

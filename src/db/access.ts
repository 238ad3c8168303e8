import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { DatabaseBeingFilledError, UnauthenticatedError } from "../values/errors.ts";
import { LEVEL, type SharedKind } from "../values/permission.ts";
import { isSameHash } from "../values/token.ts";
import type { Connection, Row, TokenHolder } from "./connection.ts";
import type { Expression } from "./expression.ts";
import { bareName } from "./names.ts";
import { dataStorageGroups, dataStorages, dataStorageUsers } from "./schema/data-storages.ts";
import { groupMembers, groups } from "./schema/groups.ts";
import { imports } from "./schema/imports.ts";
import { projectGroups, projects, projectUsers } from "./schema/projects.ts";
import { sessionProjects } from "./schema/sessions.ts";
import { accessTokens, users } from "./schema/users.ts";

/**
 * The caller on whose behalf a statement runs: the bearer of a token (the token's SHA-256, not yet looked
 * up), the public (the public portal), or the operator of the database (the administrator's command).
 */
export type Caller = Bearer | { readonly kind: "public" } | Operator;

/** The bearer of a token: the token's SHA-256, and the instant of the request. */
export interface Bearer {
  readonly kind: "bearer";
  readonly tokenHash: string;
  readonly now: string;
}

/**
 * The operator has direct access to the database. Only the administrator's command acts as the operator,
 * never a request.
 */
export interface Operator {
  readonly kind: "operator";
  /** The email of the user who owns what the operator creates. */
  readonly owner?: string;
}

export const OPERATOR: Operator = { kind: "operator" };

/**
 * The tables that store the levels on projects, data storages and groups. Only users have a level on a group,
 * and a group is never public.
 */
const GRANTS = {
  project: {
    table: projects,
    id: projects.id,
    isPublic: projects.isPublic,
    users: projectUsers,
    userRecordId: projectUsers.projectId,
    byGroup: { table: projectGroups, recordId: projectGroups.projectId },
  },
  datastorage: {
    table: dataStorages,
    id: dataStorages.id,
    isPublic: dataStorages.isPublic,
    users: dataStorageUsers,
    userRecordId: dataStorageUsers.dataStorageId,
    byGroup: { table: dataStorageGroups, recordId: dataStorageGroups.dataStorageId },
  },
  group: {
    table: groups,
    id: groups.id,
    isPublic: undefined,
    users: groupMembers,
    userRecordId: groupMembers.groupId,
    byGroup: undefined,
  },
} as const satisfies Record<SharedKind, unknown>;

const callerId = sql`(SELECT id FROM caller)`;

/** The token and its user. There is no row unless the token is valid at `now`. */
const fromCaller = ({ tokenHash, now }: Bearer) =>
  sql`FROM ${accessTokens} JOIN ${users} ON ${users.id} = ${accessTokens.userId}
    WHERE ${users.isActive} AND ${accessTokens.revokedDate} IS NULL
    AND ${accessTokens.tokenHash} = ${tokenHash} AND ${accessTokens.expiresDate} > ${now}`;

/**
 * The common table `caller(id)`: the caller's user id, or no row when the token is not valid. Every statement
 * that reads or checks on behalf of a caller begins with it. Its result therefore depends on the token at the
 * moment of the statement, not on an earlier check.
 */
export function callerTable(caller: Caller): SQL {
  if (caller.kind !== "bearer") return sql`caller(id) AS (SELECT NULL WHERE 0)`;
  return sql`caller(id) AS MATERIALIZED (SELECT users.id ${fromCaller(caller)})`;
}

/** The caller's level on one project, data storage or group, 0 for none: a scalar for any expression `id`. */
export function levelOn(caller: Caller, kind: SharedKind, id: Expression): SQL {
  const { table, id: ownId, isPublic, users: byUser, userRecordId, byGroup } = GRANTS[kind];
  if (caller.kind === "operator") return sql`${sql.raw(String(LEVEL.owner))}`;
  if (caller.kind === "public") {
    if (isPublic === undefined) return sql`0`;
    // An alias, because the expression `id` may refer to the same table outside.
    return sql`coalesce((SELECT ${asked(isPublic)} FROM ${table} AS asked WHERE ${asked(ownId)} = ${id}), 0)`;
  }
  const direct = sql`coalesce((SELECT ${byUser.level} FROM ${byUser}
      WHERE ${userRecordId} = ${id} AND ${byUser.userId} = ${callerId}), 0)`;
  if (byGroup === undefined) return direct;
  return sql`max(
    ${direct},
    coalesce((SELECT max(${byGroup.table.level}) FROM ${byGroup.table}
      JOIN ${groupMembers} ON ${groupMembers.groupId} = ${byGroup.table.groupId}
      WHERE ${byGroup.recordId} = ${id} AND ${groupMembers.userId} = ${callerId}), 0))`;
}

/** A column of the table that `levelOn` reads, under its alias there. */
const asked = (column: SQLiteColumn) => sql`asked.${bareName(column)}`;

/** The ids of the projects, data storages or groups that the caller may read: the right side of an `IN`. */
export function readableIds(caller: Caller, kind: SharedKind): SQL {
  const { table, id, isPublic } = GRANTS[kind];
  if (caller.kind === "operator") return sql`(SELECT ${id} FROM ${table})`;
  if (caller.kind === "public") {
    return isPublic === undefined
      ? sql`()`
      : sql`(SELECT ${id} FROM ${table} WHERE ${isPublic} = 1)`;
  }
  return idsSharedWith(kind, callerId);
}

/**
 * The ids of the projects, data storages or groups on which a user has a level, directly or through a group:
 * the right side of an `IN`. With `groupIds` (also the right side of an `IN`) only those groups count.
 */
export function idsSharedWith(kind: SharedKind, userId: Expression, groupIds?: Expression): SQL {
  const { users: byUser, userRecordId, byGroup } = GRANTS[kind];
  const direct = sql`SELECT ${userRecordId} FROM ${byUser} WHERE ${byUser.userId} = ${userId}`;
  if (byGroup === undefined) return sql`(${direct})`;
  return sql`(${direct}
    UNION ALL SELECT ${byGroup.recordId} FROM ${groupMembers}
      JOIN ${byGroup.table} ON ${byGroup.table.groupId} = ${groupMembers.groupId}
      WHERE ${groupMembers.userId} = ${userId}
      ${groupIds === undefined ? sql`` : sql`AND ${groupMembers.groupId} IN ${groupIds}`})`;
}

/** Whether the caller may see the sessions of one project set. It reads no other project set. */
export function projectSetIsVisible(caller: Caller, projectSetId: Expression): SQL {
  if (caller.kind === "operator") return sql`1`;
  return sql`EXISTS (SELECT 1 FROM ${sessionProjects}
    WHERE ${sessionProjects.projectSetId} = ${projectSetId}
    AND ${levelOn(caller, "project", sessionProjects.projectId)} > 0)`;
}

/**
 * Runs statements on behalf of a caller, in one round trip and one transaction. A statement before them reads
 * whether an import is filling the database, and looks up the bearer's token. No rows are returned when the
 * token is not valid, so no code can read without authentication. The hash that the index finds is compared
 * once more, in constant time.
 *
 * @throws UnauthenticatedError when the token is not valid, DatabaseBeingFilledError while an import runs
 */
export async function runAs(
  connection: Connection,
  caller: Caller,
  statements: readonly SQL[],
): Promise<readonly (readonly Row[])[]> {
  const [[state] = [], ...rows] = await connection.batch([findState(caller), ...statements]);
  if (state?.isFilling === 1) throw new DatabaseBeingFilledError();
  if (caller.kind === "bearer") connection.tokenHolder = readTokenHolder(caller, state);
  return rows;
}

/**
 * Whether an import is filling the database, and for a bearer the token and its user. There is always one
 * row.
 */
function findState(caller: Caller): SQL {
  const isFilling = sql`${isBeingFilled} AS "isFilling"`;
  if (caller.kind !== "bearer") return sql`SELECT ${isFilling}`;
  return sql`SELECT ${isFilling}, found.* FROM (SELECT 1) LEFT JOIN (
    SELECT ${users.id} AS "userId", ${accessTokens.id} AS "tokenId",
      ${accessTokens.tokenHash} AS "tokenHash", ${accessTokens.lifetimeDays} AS "lifetimeDays",
      ${accessTokens.lastUsedDate} AS "lastUsedDate" ${fromCaller(caller)}) AS found`;
}

/** Whether an import has started and not finished. */
export const isBeingFilled = sql`EXISTS (SELECT 1 FROM ${imports})`;

function readTokenHolder({ tokenHash }: Bearer, state: Row | undefined): TokenHolder {
  if (state?.userId == null || !isSameHash(String(state.tokenHash), tokenHash)) {
    throw new UnauthenticatedError();
  }
  return {
    userId: String(state.userId),
    tokenId: String(state.tokenId),
    lifetimeDays: Number(state.lifetimeDays),
    lastUsedDate: state.lastUsedDate == null ? null : String(state.lastUsedDate),
  };
}

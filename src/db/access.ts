import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { DatabaseBeingFilled, Unauthenticated } from "../domain/errors.ts";
import { type Holder, LEVEL } from "../domain/permission.ts";
import { isSameHash } from "../domain/token.ts";
import type { Caller, Connection, Row } from "./connection.ts";
import type { Expression } from "./expression.ts";
import { bareName } from "./names.ts";
import { dataStorageGroups, dataStorages, dataStorageUsers } from "./schema/data-storages.ts";
import { groupMembers, groups } from "./schema/groups.ts";
import { imports } from "./schema/imports.ts";
import { projectGroups, projects, projectUsers } from "./schema/projects.ts";
import { sessionProjects } from "./schema/sessions.ts";
import { accessTokens, users } from "./schema/users.ts";

/**
 * On whose behalf a statement runs: the bearer of a token (by the token's SHA-256, not yet looked up),
 * anyone (the public portal), or the operator of the database (the administrator's command).
 */
export type Viewer = Bearer | { readonly kind: "public" } | Operator;

/** The bearer of a token: its SHA-256 and the instant at which it is shown. */
export interface Bearer {
  readonly kind: "bearer";
  readonly tokenHash: string;
  readonly now: string;
}

/** Whoever has the database itself: what is open to the administrator's command and to no request. */
export interface Operator {
  readonly kind: "operator";
  /** The email of the user who owns what the operator creates. */
  readonly owner?: string;
}

export const OPERATOR: Operator = { kind: "operator" };

/** Where the levels on each kind of holder are kept; groups are held by users alone, and never public. */
const GRANTS = {
  project: {
    table: projects,
    id: projects.id,
    isPublic: projects.isPublic,
    users: projectUsers,
    userHolder: projectUsers.projectId,
    byGroup: { table: projectGroups, holder: projectGroups.projectId },
  },
  datastorage: {
    table: dataStorages,
    id: dataStorages.id,
    isPublic: dataStorages.isPublic,
    users: dataStorageUsers,
    userHolder: dataStorageUsers.dataStorageId,
    byGroup: { table: dataStorageGroups, holder: dataStorageGroups.dataStorageId },
  },
  group: {
    table: groups,
    id: groups.id,
    isPublic: undefined,
    users: groupMembers,
    userHolder: groupMembers.groupId,
    byGroup: undefined,
  },
} as const satisfies Record<Holder, unknown>;

const callerId = sql`(SELECT id FROM caller)`;

/** The token and its user, for a token that opens the door now. */
const fromCaller = ({ tokenHash, now }: Bearer) =>
  sql`FROM ${accessTokens} JOIN ${users} ON ${users.id} = ${accessTokens.userId}
    WHERE ${users.isActive} AND ${accessTokens.revokedDate} IS NULL
    AND ${accessTokens.tokenHash} = ${tokenHash} AND ${accessTokens.expiresDate} > ${now}`;

/**
 * The common table `caller(id)`: the caller's user id, no row for a token that is not valid. Every
 * statement that reads or checks on behalf of a viewer begins with it, so that its answer depends on
 * the token at the moment of reading, whatever was checked before.
 */
export function callerTable(viewer: Viewer): SQL {
  if (viewer.kind !== "bearer") return sql`caller(id) AS (SELECT NULL WHERE 0)`;
  return sql`caller(id) AS MATERIALIZED (SELECT users.id ${fromCaller(viewer)})`;
}

/** The viewer's level on one project, data storage or group, 0 for none: a scalar for any expression `id`. */
export function levelOn(viewer: Viewer, holder: Holder, id: Expression): SQL {
  const { table, id: ownId, isPublic, users: byUser, userHolder, byGroup } = GRANTS[holder];
  if (viewer.kind === "operator") return sql`${sql.raw(String(LEVEL.owner))}`;
  if (viewer.kind === "public") {
    if (isPublic === undefined) return sql`0`;
    // Under a name of its own: the expression may be about the same table outside.
    return sql`coalesce((SELECT ${asked(isPublic)} FROM ${table} AS asked WHERE ${asked(ownId)} = ${id}), 0)`;
  }
  const direct = sql`coalesce((SELECT ${byUser.level} FROM ${byUser}
      WHERE ${userHolder} = ${id} AND ${byUser.userId} = ${callerId}), 0)`;
  if (byGroup === undefined) return direct;
  return sql`max(
    ${direct},
    coalesce((SELECT max(${byGroup.table.level}) FROM ${byGroup.table}
      JOIN ${groupMembers} ON ${groupMembers.groupId} = ${byGroup.table.groupId}
      WHERE ${byGroup.holder} = ${id} AND ${groupMembers.userId} = ${callerId}), 0))`;
}

/** A column of the table that `levelOn` asks, under the name that it has there. */
const asked = (column: SQLiteColumn) => sql`asked.${bareName(column)}`;

/** The ids of the projects, data storages or groups that the viewer may read: the right side of an `IN`. */
export function readableIds(viewer: Viewer, holder: Holder): SQL {
  const { table, id, isPublic } = GRANTS[holder];
  if (viewer.kind === "operator") return sql`(SELECT ${id} FROM ${table})`;
  if (viewer.kind === "public") {
    return isPublic === undefined
      ? sql`()`
      : sql`(SELECT ${id} FROM ${table} WHERE ${isPublic} = 1)`;
  }
  return heldIds(holder, callerId);
}

/**
 * The ids of what a user holds, directly or through a group: the right side of an `IN`. With `groupIds`,
 * the right side of an `IN` too, only those groups count.
 */
export function heldIds(holder: Holder, userId: Expression, groupIds?: Expression): SQL {
  const { users: byUser, userHolder, byGroup } = GRANTS[holder];
  const direct = sql`SELECT ${userHolder} FROM ${byUser} WHERE ${byUser.userId} = ${userId}`;
  if (byGroup === undefined) return sql`(${direct})`;
  return sql`(${direct}
    UNION ALL SELECT ${byGroup.holder} FROM ${groupMembers}
      JOIN ${byGroup.table} ON ${byGroup.table.groupId} = ${groupMembers.groupId}
      WHERE ${groupMembers.userId} = ${userId}
      ${groupIds === undefined ? sql`` : sql`AND ${groupMembers.groupId} IN ${groupIds}`})`;
}

/** The project sets whose sessions the viewer may see: the right side of an `IN`. */
export function visibleProjectSets(viewer: Viewer): SQL {
  return sql`(SELECT ${sessionProjects.projectSetId} FROM ${sessionProjects}
    WHERE ${sessionProjects.projectId} IN ${readableIds(viewer, "project")})`;
}

/** Whether the viewer may see the sessions of one project set, without listing what else is visible. */
export function projectSetIsVisible(viewer: Viewer, projectSetId: Expression): SQL {
  if (viewer.kind === "operator") return sql`1`;
  return sql`EXISTS (SELECT 1 FROM ${sessionProjects}
    WHERE ${sessionProjects.projectSetId} = ${projectSetId}
    AND ${levelOn(viewer, "project", sessionProjects.projectId)} > 0)`;
}

/**
 * Runs statements on behalf of a viewer, in one round trip and one transaction. The first statement says
 * whether an import fills the database, and looks the token of a bearer up. Nothing is handed out when it
 * finds no one: no code can read without having authenticated. What the index found is compared once more,
 * in constant time.
 *
 * @throws Unauthenticated when the token opens nothing, DatabaseBeingFilled while an import is under way
 */
export async function runAs(
  connection: Connection,
  viewer: Viewer,
  statements: readonly SQL[],
): Promise<readonly (readonly Row[])[]> {
  const [[state] = [], ...rows] = await connection.batch([findState(viewer), ...statements]);
  if (state?.isFilling === 1) throw new DatabaseBeingFilled();
  if (viewer.kind === "bearer") connection.caller = readCaller(viewer, state);
  return rows;
}

/** Whether an import fills the database, and for a bearer the token and its user: always one row. */
function findState(viewer: Viewer): SQL {
  const isFilling = sql`${isBeingFilled} AS "isFilling"`;
  if (viewer.kind !== "bearer") return sql`SELECT ${isFilling}`;
  return sql`SELECT ${isFilling}, found.* FROM (SELECT 1) LEFT JOIN (
    SELECT ${users.id} AS "userId", ${accessTokens.id} AS "tokenId",
      ${accessTokens.tokenHash} AS "tokenHash", ${accessTokens.lifetimeDays} AS "lifetimeDays",
      ${accessTokens.lastUsedDate} AS "lastUsedDate" ${fromCaller(viewer)}) AS found`;
}

/** Whether an import has begun and not ended. */
export const isBeingFilled = sql`EXISTS (SELECT 1 FROM ${imports})`;

function readCaller({ tokenHash }: Bearer, state: Row | undefined): Caller {
  if (state?.userId == null || !isSameHash(String(state.tokenHash), tokenHash)) {
    throw new Unauthenticated();
  }
  return {
    userId: String(state.userId),
    tokenId: String(state.tokenId),
    lifetimeDays: Number(state.lifetimeDays),
    lastUsedDate: state.lastUsedDate == null ? null : String(state.lastUsedDate),
  };
}

import { type SQL, sql } from "drizzle-orm";
import { Unauthenticated } from "../domain/errors.ts";
import { type Holder, LEVEL } from "../domain/permission.ts";
import type { Connection, Row } from "./connection.ts";
import { dataStorageGroups, dataStorages, dataStorageUsers } from "./schema/data-storages.ts";
import { groupMembers } from "./schema/groups.ts";
import { projectGroups, projects, projectUsers } from "./schema/projects.ts";
import { sessionProjects } from "./schema/sessions.ts";
import { accessTokens, users } from "./schema/users.ts";

/**
 * On whose behalf a statement runs: the bearer of a token (by the token's SHA-256, not yet looked up),
 * anyone (the public portal), or the operator of the database (the administrator's command).
 */
export type Viewer =
  | { readonly kind: "bearer"; readonly tokenHash: string; readonly now: string }
  | { readonly kind: "public" }
  | { readonly kind: "operator" };

/** Where the levels on each kind of holder are kept. */
const GRANTS = {
  project: {
    table: projects,
    id: projects.id,
    isPublic: projects.isPublic,
    users: projectUsers,
    userHolder: projectUsers.projectId,
    groups: projectGroups,
    groupHolder: projectGroups.projectId,
  },
  datastorage: {
    table: dataStorages,
    id: dataStorages.id,
    isPublic: dataStorages.isPublic,
    users: dataStorageUsers,
    userHolder: dataStorageUsers.dataStorageId,
    groups: dataStorageGroups,
    groupHolder: dataStorageGroups.dataStorageId,
  },
} as const satisfies Record<Holder, unknown>;

const callerId = sql`(SELECT id FROM caller)`;

/** Holds for a token that opens the door at `now`. */
const tokenIsValid = (tokenHash: string, now: string) =>
  sql`${accessTokens.tokenHash} = ${tokenHash} AND ${accessTokens.revokedDate} IS NULL
    AND ${accessTokens.expiresDate} > ${now} AND ${users.isActive}`;

/**
 * The common table `caller(id)`: the caller's user id, no row for a token that is not valid. Every
 * statement that reads or checks on behalf of a viewer begins with it, so that its answer depends on
 * the token at the moment of reading, whatever was checked before.
 */
export function callerTable(viewer: Viewer): SQL {
  if (viewer.kind !== "bearer") return sql`caller(id) AS (SELECT NULL WHERE 0)`;
  return sql`caller(id) AS MATERIALIZED (SELECT ${users.id} FROM ${accessTokens}
    JOIN ${users} ON ${users.id} = ${accessTokens.userId}
    WHERE ${tokenIsValid(viewer.tokenHash, viewer.now)})`;
}

/** The viewer's level on one project or data storage, 0 for none: a scalar for any expression `id`. */
export function levelOn(viewer: Viewer, holder: Holder, id: SQL): SQL {
  const grants = GRANTS[holder];
  if (viewer.kind === "operator") return sql`${sql.raw(String(LEVEL.owner))}`;
  if (viewer.kind === "public") {
    return sql`coalesce((SELECT ${grants.isPublic} FROM ${grants.table} WHERE ${grants.id} = ${id}), 0)`;
  }
  return sql`max(
    coalesce((SELECT ${grants.users.level} FROM ${grants.users}
      WHERE ${grants.userHolder} = ${id} AND ${grants.users.userId} = ${callerId}), 0),
    coalesce((SELECT max(${grants.groups.level}) FROM ${grants.groups}
      JOIN ${groupMembers} ON ${groupMembers.groupId} = ${grants.groups.groupId}
      WHERE ${grants.groupHolder} = ${id} AND ${groupMembers.userId} = ${callerId}), 0))`;
}

/** The ids of the projects or data storages that the viewer may read: the right side of an `IN`. */
export function readableIds(viewer: Viewer, holder: Holder): SQL {
  const grants = GRANTS[holder];
  if (viewer.kind === "operator") return sql`(SELECT ${grants.id} FROM ${grants.table})`;
  if (viewer.kind === "public") {
    return sql`(SELECT ${grants.id} FROM ${grants.table} WHERE ${grants.isPublic} = 1)`;
  }
  return sql`(SELECT ${grants.userHolder} FROM ${grants.users}
      WHERE ${grants.users.userId} = ${callerId}
    UNION ALL SELECT ${grants.groupHolder} FROM ${groupMembers}
      JOIN ${grants.groups} ON ${grants.groups.groupId} = ${groupMembers.groupId}
      WHERE ${groupMembers.userId} = ${callerId})`;
}

/** The project sets whose sessions the viewer may see: the right side of an `IN`. */
export function visibleProjectSets(viewer: Viewer): SQL {
  return sql`(SELECT ${sessionProjects.projectSetId} FROM ${sessionProjects}
    WHERE ${sessionProjects.projectId} IN ${readableIds(viewer, "project")})`;
}

/** Whether the viewer may see the sessions of one project set, without listing what else is visible. */
export function projectSetIsVisible(viewer: Viewer, projectSetId: SQL): SQL {
  if (viewer.kind === "operator") return sql`1`;
  return sql`EXISTS (SELECT 1 FROM ${sessionProjects}
    WHERE ${sessionProjects.projectSetId} = ${projectSetId}
    AND ${levelOn(viewer, "project", sql`${sessionProjects.projectId}`)} > 0)`;
}

/**
 * Runs statements on behalf of a viewer, in one round trip and one transaction. For a bearer the first
 * statement looks the token up, and nothing is handed out when it finds no one: no code can read
 * without having authenticated.
 *
 * @throws Unauthenticated when the token opens nothing
 */
export async function runAs(
  connection: Connection,
  viewer: Viewer,
  statements: readonly SQL[],
): Promise<readonly (readonly Row[])[]> {
  if (viewer.kind !== "bearer") return statements.length > 0 ? connection.batch(statements) : [];
  const [callers, ...rows] = await connection.batch([findCaller(viewer), ...statements]);
  const caller = callers?.[0];
  if (caller === undefined) throw new Unauthenticated();
  connection.caller = {
    userId: String(caller.userId),
    tokenId: String(caller.tokenId),
    lifetimeDays: Number(caller.lifetimeDays),
    lastUsedDate: caller.lastUsedDate === null ? null : String(caller.lastUsedDate),
  };
  return rows;
}

function findCaller(viewer: Viewer & { kind: "bearer" }): SQL {
  return sql`SELECT ${users.id} AS "userId", ${accessTokens.id} AS "tokenId",
      ${accessTokens.lifetimeDays} AS "lifetimeDays", ${accessTokens.lastUsedDate} AS "lastUsedDate"
    FROM ${accessTokens} JOIN ${users} ON ${users.id} = ${accessTokens.userId}
    WHERE ${tokenIsValid(viewer.tokenHash, viewer.now)}`;
}

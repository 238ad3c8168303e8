import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { DatabaseBeingFilledError, UnauthenticatedError } from "../values/errors.ts";
import { LEVEL, type SharedKind } from "../values/permission.ts";
import { isSameHash } from "../values/token.ts";
import type { Connection, Credential, Row } from "./connection.ts";
import type { Expression } from "./expression.ts";
import { bareName } from "./names.ts";
import { groupMembers } from "./schema/groups.ts";
import { imports } from "./schema/imports.ts";
import { sessionProjects } from "./schema/sessions.ts";
import { browserSessions } from "./schema/sign-in.ts";
import { accessTokens, users } from "./schema/users.ts";
import { SHARED_TABLES } from "./shared-tables.ts";

/**
 * The caller on whose behalf a statement runs: a person by a token or a browser session (neither looked up
 * yet), the public (the public portal), or the operator of the database (the administrator's command).
 */
export type Caller = SignedIn | Public | Operator;

export type SignedIn = Bearer | BrowserSession;

/** The bearer of a token: the token's SHA-256, and the instant of the request. */
export interface Bearer {
  readonly kind: "bearer";
  readonly tokenHash: string;
  readonly now: string;
}

/** A person in a browser: the SHA-256 of the cookie's secret, and the instant of the request. */
export interface BrowserSession {
  readonly kind: "browser-session";
  readonly secretHash: string;
  readonly now: string;
}

export interface Public {
  readonly kind: "public";
  /** The browser session of who opens a public page. It only tells the page whose name to show. */
  readonly visitor?: BrowserSession;
}

export const PUBLIC: Public = { kind: "public" };

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

/** For each kind a caller without a credential. What is made for them has nothing of any caller in it. */
export const NOBODY = {
  bearer: { kind: "bearer", tokenHash: "", now: "" },
  "browser-session": { kind: "browser-session", secretHash: "", now: "" },
  public: PUBLIC,
  operator: OPERATOR,
} as const satisfies Record<Caller["kind"], Caller>;

/** The id of the caller, null when the credential is not valid: a scalar below `callerTable`. */
export const callerId = sql`(SELECT id FROM caller)`;

/** Whether a caller is a person, by a token or a browser session. */
export function isSignedIn(caller: Caller): caller is SignedIn {
  return caller.kind === "bearer" || caller.kind === "browser-session";
}

/** The credential with this hash and its user, valid or not. */
const fromCredential = (caller: SignedIn) =>
  caller.kind === "bearer"
    ? sql`FROM ${accessTokens} JOIN ${users} ON ${users.id} = ${accessTokens.userId}
        WHERE ${accessTokens.tokenHash} = ${caller.tokenHash}`
    : sql`FROM ${browserSessions} JOIN ${users} ON ${users.id} = ${browserSessions.userId}
        WHERE ${browserSessions.secretHash} = ${caller.secretHash}`;

/** Why the credential of `fromCredential` is refused at `now`; null when it is valid. */
const refusalOf = ({ kind, now }: SignedIn) =>
  kind === "bearer"
    ? sql`CASE WHEN ${accessTokens.revokedDate} IS NOT NULL THEN 'revoked'
        WHEN ${accessTokens.expiresDate} <= ${now} THEN 'expired'
        WHEN NOT ${users.isActive} THEN 'deactivated' END`
    : sql`CASE WHEN ${browserSessions.expiresDate} <= ${now} THEN 'expired'
        WHEN NOT ${users.isActive} THEN 'deactivated' END`;

/**
 * The common table `caller(id)`: the caller's user id, or no row when the credential is not valid. Every
 * statement that reads or checks on behalf of a caller begins with it. Its result therefore depends on the
 * credential at the moment of the statement, not on an earlier check.
 */
export function callerTable(caller: Caller): SQL {
  if (!isSignedIn(caller)) return sql`caller(id) AS (SELECT NULL WHERE 0)`;
  return sql`caller(id) AS MATERIALIZED (
    SELECT ${users.id} ${fromCredential(caller)} AND (${refusalOf(caller)}) IS NULL)`;
}

/** The caller's level on one record of a kind, 0 for none: a scalar for any expression `id`. */
export function levelOn(caller: Caller, kind: SharedKind, id: Expression): SQL {
  const { records, users: byUser, groups: byGroup } = SHARED_TABLES[kind];
  if (caller.kind === "operator") return sql`${sql.raw(String(LEVEL.owner))}`;
  if (caller.kind === "public") {
    if (records.isPublic === undefined) return sql`0`;
    // An alias, because the expression `id` may refer to the same table outside.
    return sql`coalesce((SELECT ${asked(records.isPublic)} FROM ${records} AS asked WHERE ${asked(records.id)} = ${id}), 0)`;
  }
  const direct = sql`coalesce((SELECT ${byUser.level} FROM ${byUser}
      WHERE ${byUser.recordId} = ${id} AND ${byUser.userId} = ${callerId}), 0)`;
  if (byGroup === undefined) return direct;
  return sql`max(
    ${direct},
    coalesce((SELECT max(${byGroup.level}) FROM ${byGroup}
      JOIN ${groupMembers} ON ${groupMembers.recordId} = ${byGroup.groupId}
      WHERE ${byGroup.recordId} = ${id} AND ${groupMembers.userId} = ${callerId}), 0))`;
}

/** A column of the table that `levelOn` reads, under its alias there. */
const asked = (column: SQLiteColumn) => sql`asked.${bareName(column)}`;

/** The ids of the records of a kind that the caller may read: the right side of an `IN`. */
export function readableIds(caller: Caller, kind: SharedKind): SQL {
  const { records } = SHARED_TABLES[kind];
  if (caller.kind === "operator") return sql`(SELECT ${records.id} FROM ${records})`;
  if (caller.kind === "public") {
    return records.isPublic === undefined
      ? sql`()`
      : sql`(SELECT ${records.id} FROM ${records} WHERE ${records.isPublic} = 1)`;
  }
  return idsSharedWith(kind, callerId);
}

/**
 * The ids of the records of a kind on which a user has a level, directly or through a group: the right side of an
 * `IN`. With `groupIds` (also the right side of an `IN`) only those groups count.
 */
export function idsSharedWith(kind: SharedKind, userId: Expression, groupIds?: Expression): SQL {
  const { users: byUser, groups: byGroup } = SHARED_TABLES[kind];
  const direct = sql`SELECT ${byUser.recordId} FROM ${byUser} WHERE ${byUser.userId} = ${userId}`;
  if (byGroup === undefined) return sql`(${direct})`;
  return sql`(${direct}
    UNION ALL SELECT ${byGroup.recordId} FROM ${groupMembers}
      JOIN ${byGroup} ON ${byGroup.groupId} = ${groupMembers.recordId}
      WHERE ${groupMembers.userId} = ${userId}
      ${groupIds === undefined ? sql`` : sql`AND ${groupMembers.recordId} IN ${groupIds}`})`;
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
 * whether an import is filling the database, and looks up the caller's token or browser session. No rows are
 * returned when it is not valid, so no code can read without authentication. The hash that the index finds is
 * compared once more, in constant time.
 *
 * @throws UnauthenticatedError when the credential is not valid, DatabaseBeingFilledError while an import runs
 */
export async function runAs(
  connection: Connection,
  caller: Caller,
  statements: readonly SQL[],
): Promise<readonly (readonly Row[])[]> {
  const [[state] = [], ...rows] = await connection.batch([findState(caller), ...statements]);
  if (state?.isFilling === 1) throw new DatabaseBeingFilledError();
  if (isSignedIn(caller)) {
    const found = readCredential(caller, state);
    if ("refusal" in found) throw new UnauthenticatedError(found.refusal);
    connection.credential = found;
  } else if (caller.kind === "public" && caller.visitor !== undefined) {
    const found = readCredential(caller.visitor, state);
    if (!("refusal" in found)) connection.credential = found;
  }
  return rows;
}

/**
 * Whether an import is filling the database, and the credential of the caller or the visitor with its user.
 * There is always one row.
 */
function findState(caller: Caller): SQL {
  const isFilling = sql`${isBeingFilled} AS "isFilling"`;
  const person = caller.kind === "public" ? caller.visitor : caller;
  if (person === undefined || !isSignedIn(person)) return sql`SELECT ${isFilling}`;
  return sql`SELECT ${isFilling}, found.* FROM (SELECT 1) LEFT JOIN (
    SELECT ${users.id} AS "userId", ${refusalOf(person)} AS "refusal", ${stateColumns(person)}
    ${fromCredential(person)}) AS found`;
}

const stateColumns = ({ kind }: SignedIn) =>
  kind === "bearer"
    ? sql`${accessTokens.id} AS "id", ${accessTokens.tokenHash} AS "hash",
        ${accessTokens.lifetimeDays} AS "lifetimeDays", ${accessTokens.lastUsedDate} AS "lastUsedDate"`
    : sql`${browserSessions.id} AS "id", ${browserSessions.secretHash} AS "hash",
        ${browserSessions.lastUsedDate} AS "lastUsedDate", ${shownName} AS "userName"`;

/** The name of a user on a page: first and last name, or the email when both are empty. */
export const shownName = sql`coalesce(
  nullif(trim(${users.firstName} || ' ' || ${users.lastName}), ''), ${users.email})`;

/** Whether an import has started and not finished. */
export const isBeingFilled = sql`EXISTS (SELECT 1 FROM ${imports})`;

function readCredential(
  person: SignedIn,
  state: Row | undefined,
): Credential | { readonly refusal: string } {
  const isToken = person.kind === "bearer";
  const sent = isToken ? person.tokenHash : person.secretHash;
  if (state?.userId == null || !isSameHash(String(state.hash), sent)) {
    return { refusal: isToken ? "The token is unknown." : "You are not signed in any more." };
  }
  if (state.refusal !== null) {
    const refusal = `${isToken ? "The token" : "Your browser session"} ${REFUSALS[String(state.refusal)]}`;
    return { refusal };
  }
  const { id, userId, lastUsedDate } = state;
  const common = {
    id: String(id),
    userId: String(userId),
    lastUsedDate: lastUsedDate == null ? null : String(lastUsedDate),
  };
  return isToken
    ? { ...common, kind: "token", lifetimeDays: Number(state.lifetimeDays) }
    : { ...common, kind: "browser-session", userName: String(state.userName) };
}

const REFUSALS: Readonly<Record<string, string>> = {
  revoked: "has been revoked.",
  expired: "has expired.",
  deactivated: "belongs to a user who has been deactivated.",
};

import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { type AuditDraft, fieldChange } from "../../src/audit/entries.ts";
import { type Operator, runAs } from "../../src/db/access.ts";
import { builder } from "../../src/db/builder.ts";
import type { Connection } from "../../src/db/connection.ts";
import { browserSessions, signInLinks } from "../../src/db/schema/sign-in.ts";
import { accessTokens, users } from "../../src/db/schema/users.ts";
import { SHARED_TABLES } from "../../src/db/shared-tables.ts";
import { selectList, type TypedRow, typedRows } from "../../src/db/typed-rows.ts";
import { execute } from "../../src/model/execute.ts";
import { foldEmail, usersOf } from "../../src/model/membership.ts";
import { Plan } from "../../src/model/plan.ts";
import { conflictWhere, type Precondition, valueIsFree } from "../../src/model/precondition.ts";
import { insertUser, type NewUser } from "../../src/models/account/new-user.ts";
import { user } from "../../src/models/user.ts";
import { LEVEL, SHARED_KINDS, type SharedKind } from "../../src/values/permission.ts";
import { executeForRecord, intentOf } from "./records.ts";

// Only the operator creates, deactivates and activates users.

/**
 * Creates a user.
 *
 * @param signInOrcid the ORCID iD with which the user signs in, in the form of `parseOrcid`
 * @returns the user as JSON text
 * @throws ValidationError when the email or the iD is taken
 */
export function createUser(
  connection: Connection,
  operator: Operator,
  input: NewUser,
  signInOrcid?: string,
): Promise<string> {
  const id = crypto.randomUUID();
  const intent = intentOf(operator);
  return executeForRecord(
    connection,
    intent,
    new Plan({
      preconditions: [
        valueIsFree("email", users.email, input.email, user.title),
        orcidIsFree(signInOrcid ?? "", input.email),
      ],
      statements: [insertUser(id, input, intent.now, signInOrcid)],
      audit: [{ action: "create", model: user, id }],
      reply: { show: "record", model: user, id },
    }),
  );
}

/**
 * Sets or removes the ORCID iD with which a user signs in.
 *
 * @param orcid in the form of `parseOrcid`; null for none
 * @throws ValidationError when the user does not exist, or another one signs in with the iD
 */
export async function changeSignInOrcid(
  connection: Connection,
  operator: Operator,
  email: string,
  orcid: string | null,
): Promise<void> {
  const key = foldEmail(email);
  const intent = intentOf(operator);
  await execute(
    connection,
    intent,
    new Plan({
      preconditions: [userExists(key), orcidIsFree(orcid ?? "", key)],
      statements: [
        builder
          .update(users)
          .set({ signInOrcid: orcid, updatedDate: intent.now })
          .where(eq(users.email, key))
          .getSQL(),
      ],
      audit: [
        {
          action: "change",
          model: user,
          id: sql`(SELECT ${users.id} FROM ${users}
            WHERE ${users.email} = ${key} AND ${users.signInOrcid} IS NOT ${orcid})`,
          changes: fieldChange(
            "sign_in_orcid",
            sql`json_quote(${users.signInOrcid})`,
            sql`json_quote(${orcid})`,
          ),
        },
      ],
      reply: { show: "nothing" },
    }),
  );
}

/** No other user signs in with this ORCID iD. */
const orcidIsFree = (orcid: string, email: string): Precondition =>
  conflictWhere(
    "orcid",
    `Another user signs in with the ORCID iD ${orcid}.`,
    sql`EXISTS (SELECT 1 FROM ${users} WHERE ${users.signInOrcid} = ${orcid}
      AND ${users.email} <> ${email})`,
  );

/**
 * Deactivates a user: revokes all of the user's tokens, ends the browser sessions, deletes the sign-in links,
 * and allows no new ones. The user's history and permissions remain.
 *
 * @throws ValidationError when the user does not exist, or a record would have no owner left
 */
export async function deactivateUser(
  connection: Connection,
  operator: Operator,
  email: string,
): Promise<void> {
  const key = foldEmail(email);
  const intent = intentOf(operator);
  await execute(
    connection,
    intent,
    new Plan({
      preconditions: [userExists(key), ...SHARED_KINDS.map((kind) => isNotLastOwner(key, kind))],
      statements: [
        setActive(key, false, intent.now),
        revokeTokens(key, intent.now),
        builder
          .delete(browserSessions)
          .where(eq(browserSessions.userId, userId(key)))
          .getSQL(),
        builder
          .delete(signInLinks)
          .where(eq(signInLinks.userId, userId(key)))
          .getSQL(),
      ],
      audit: [activityEntry(key, false)],
      reply: { show: "nothing" },
    }),
  );
}

/**
 * Activates a user, who can then have new tokens. Revoked tokens stay revoked.
 *
 * @throws ValidationError when the user does not exist
 */
export async function activateUser(
  connection: Connection,
  operator: Operator,
  email: string,
): Promise<void> {
  const key = foldEmail(email);
  const intent = intentOf(operator);
  await execute(
    connection,
    intent,
    new Plan({
      preconditions: [userExists(key)],
      statements: [setActive(key, true, intent.now)],
      audit: [activityEntry(key, true)],
      reply: { show: "nothing" },
    }),
  );
}

/** The id of the user with this email: a query in parentheses. */
export const userId = (email: string) =>
  sql`(SELECT ${users.id} FROM ${users} WHERE ${users.email} = ${email})`;

function setActive(email: string, isActive: boolean, now: string): SQL {
  return builder
    .update(users)
    .set({ isActive, updatedDate: now })
    .where(eq(users.email, email))
    .getSQL();
}

function revokeTokens(email: string, now: string): SQL {
  return builder
    .update(accessTokens)
    .set({ revokedDate: now })
    .where(and(isNull(accessTokens.revokedDate), eq(accessTokens.userId, userId(email))))
    .getSQL();
}

/** There is a user with this email. */
export function userExists(email: string): Precondition {
  return conflictWhere(
    "email",
    `No user has the email "${email}".`,
    sql`NOT EXISTS (SELECT 1 FROM ${users} WHERE ${users.email} = ${email})`,
  );
}

/** Every record of a kind that the user owns has another active owner. */
function isNotLastOwner(email: string, kind: SharedKind): Precondition {
  const { table, recordId, ownId, memberId, level } = usersOf(kind);
  const { records } = SHARED_TABLES[kind];
  const owners = sql`${table} JOIN ${users} ON ${users.id} = ${memberId}
    WHERE ${level} = ${LEVEL.owner}`;
  return () => sql`SELECT json_object('kind', 'conflict', 'field', 'email', 'message',
      ${`The last owner of the ${kind} "`} || ${records.name} || '": name another owner first.') AS violation
    FROM ${records} WHERE ${ownId} IN (SELECT ${recordId} FROM ${owners}
      AND ${users.email} = ${email})
    AND ${ownId} NOT IN (SELECT ${recordId} FROM ${owners}
      AND ${users.email} <> ${email} AND ${users.isActive})`;
}

/**
 * The audit entry of an activation or a deactivation, which no field of the profile shows. There is no entry
 * when nothing changes.
 */
function activityEntry(email: string, isActive: boolean): AuditDraft {
  return {
    action: "change",
    model: user,
    id: sql`(SELECT ${users.id} FROM ${users}
      WHERE ${users.email} = ${email} AND ${users.isActive} = ${isActive ? 0 : 1})`,
    changes: fieldChange("is_active", sql`${String(!isActive)}`, sql`${String(isActive)}`),
  };
}

const KNOWN_USER = {
  id: users.id,
  email: users.email,
  firstName: users.firstName,
  lastName: users.lastName,
  signInOrcid: users.signInOrcid,
  isActive: users.isActive,
  createdDate: users.createdDate,
};

/** A user as the operator sees it. The instant is in UTC in its stored form, without a zone. */
export type KnownUser = TypedRow<typeof KNOWN_USER>;

/** All users by email, including the deactivated ones. */
export async function listUsers(
  connection: Connection,
  operator: Operator,
): Promise<readonly KnownUser[]> {
  const [rows = []] = await runAs(connection, operator, [
    sql`SELECT ${selectList(KNOWN_USER)} FROM ${users} ORDER BY ${users.email}`,
  ]);
  return typedRows(KNOWN_USER, rows);
}

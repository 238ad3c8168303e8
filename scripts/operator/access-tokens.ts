import { eq, sql } from "drizzle-orm";
import { callerTable, type Operator, runAs } from "../../src/db/access.ts";
import { builder } from "../../src/db/builder.ts";
import type { Connection } from "../../src/db/connection.ts";
import { accessTokens, users } from "../../src/db/schema/users.ts";
import { selectList, type TypedRow, typedRows } from "../../src/db/typed-rows.ts";
import { execute } from "../../src/model/execute.ts";
import { foldEmail } from "../../src/model/membership.ts";
import { Plan } from "../../src/model/plan.ts";
import { conflictWhere, type Precondition, violationWhere } from "../../src/model/precondition.ts";
import { insertToken, TOKEN_DAYS } from "../../src/models/account/access-token.ts";
import { daysAfter, toInstant } from "../../src/values/instant.ts";
import { hashToken, makeToken } from "../../src/values/token.ts";
import { intentOf } from "./records.ts";

// The operator creates and revokes tokens of anybody. That leaves no audit entries: the rows are never deleted,
// and contain when each token was created, last used and revoked.

const KNOWN_TOKEN = {
  id: accessTokens.id,
  email: users.email,
  name: accessTokens.name,
  createdDate: accessTokens.createdDate,
  lastUsedDate: accessTokens.lastUsedDate,
  expiresDate: accessTokens.expiresDate,
  revokedDate: accessTokens.revokedDate,
};

/**
 * The stored properties of a token. The token itself is not stored. The instants are in UTC in their stored
 * form, without a zone.
 */
export type KnownToken = TypedRow<typeof KNOWN_TOKEN>;

/**
 * Creates a token for a user. The token cannot be read again later.
 *
 * @throws ValidationError when there is no active user with this email
 */
export async function createToken(
  connection: Connection,
  operator: Operator,
  of: { readonly email: string; readonly name?: string; readonly lifetimeDays?: number },
): Promise<{ readonly id: string; readonly token: string; readonly expiresDate: string }> {
  const { name = "", lifetimeDays = TOKEN_DAYS } = of;
  const id = crypto.randomUUID();
  const token = makeToken();
  const intent = intentOf(operator);
  const expiresDate = daysAfter(new Date(`${intent.now}Z`), lifetimeDays);
  const email = foldEmail(of.email);
  const tokenHash = await hashToken(token);
  await execute(
    connection,
    intent,
    new Plan({
      preconditions: [userIsActive(email)],
      statements: [
        insertToken(
          { id, name, tokenHash, lifetimeDays, createdDate: intent.now, expiresDate },
          sql`${users} WHERE ${users.email} = ${email}`,
        ),
      ],
      audit: [],
      reply: { show: "nothing" },
    }),
  );
  return { id, token, expiresDate };
}

/** There is an active user with this email. */
export function userIsActive(email: string): Precondition {
  return conflictWhere(
    "email",
    `No active user has the email "${email}".`,
    sql`NOT EXISTS (SELECT 1 FROM ${users} WHERE ${users.email} = ${email} AND ${users.isActive})`,
  );
}

/** The tokens of one user or of all users, newest first. */
export async function listTokens(
  connection: Connection,
  operator: Operator,
  email?: string,
): Promise<readonly KnownToken[]> {
  const ofOne = email === undefined ? sql`` : sql`WHERE ${users.email} = ${foldEmail(email)}`;
  const [rows = []] = await runAs(connection, operator, [
    sql`SELECT ${selectList(KNOWN_TOKEN)} FROM ${accessTokens} JOIN ${users} ON ${users.id} = ${accessTokens.userId} ${ofOne}
      ORDER BY ${accessTokens.createdDate} DESC, ${accessTokens.id}`,
  ]);
  return typedRows(KNOWN_TOKEN, rows);
}

/** The id of the user of a token; undefined when the token is not valid now. */
export async function findUserOfToken(
  connection: Connection,
  operator: Operator,
  token: string,
): Promise<string | undefined> {
  const tokenHash = await hashToken(token);
  const bearer = { kind: "bearer", tokenHash, now: toInstant(new Date()) } as const;
  const [rows = []] = await runAs(connection, operator, [
    sql`WITH ${callerTable(bearer)} SELECT id FROM caller`,
  ]);
  return rows.map(({ id }) => String(id))[0];
}

/**
 * Revokes a token. The change takes effect at once. A token that is already revoked keeps its date.
 *
 * @throws NotFoundError
 */
export async function revokeToken(
  connection: Connection,
  operator: Operator,
  id: string,
): Promise<void> {
  const intent = intentOf(operator);
  const { revokedDate } = accessTokens;
  await execute(
    connection,
    intent,
    new Plan({
      preconditions: [tokenExists(id)],
      statements: [
        builder
          .update(accessTokens)
          .set({ revokedDate: sql`coalesce(${revokedDate}, ${intent.now})` })
          .where(eq(accessTokens.id, id))
          .getSQL(),
      ],
      audit: [],
      reply: { show: "nothing" },
    }),
  );
}

function tokenExists(id: string): Precondition {
  return violationWhere(
    { kind: "absent" },
    sql`NOT EXISTS (SELECT 1 FROM ${accessTokens} WHERE ${accessTokens.id} = ${id})`,
  );
}

import { sql } from "drizzle-orm";
import { type Operator, runAs } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { history } from "../../src/db/schema/history.ts";
import { browserSessions, signInLinks } from "../../src/db/schema/sign-in.ts";
import { users } from "../../src/db/schema/users.ts";
import { selectList, type TypedRow, typedRows } from "../../src/db/typed-rows.ts";
import { execute } from "../../src/model/execute.ts";
import { foldEmail } from "../../src/model/membership.ts";
import { Plan } from "../../src/model/plan.ts";
import { insertLink } from "../../src/models/account/sign-in-link.ts";
import { user } from "../../src/models/user.ts";
import { daysAfter } from "../../src/values/instant.ts";
import { hashToken, makeSecret } from "../../src/values/token.ts";
import { userIsActive } from "./access-tokens.ts";
import { intentOf } from "./records.ts";
import { userExists, userId } from "./users.ts";

// How the operator lets people in: sign-in links, and the browser sessions that they start.

/** How many days a sign-in link is valid, by default: an hour. */
const LINK_DAYS = 1 / 24;

/** The longest lifetime of a sign-in link, in days: until it is used, whoever reads it is the user. */
export const MAX_LINK_DAYS = 30;

/**
 * Makes a sign-in link for a user. Its secret cannot be read again later.
 *
 * @param baseUrl the address of the service, with which the link begins
 * @throws ValidationError when there is no active user with this email
 */
export async function createSignInLink(
  connection: Connection,
  operator: Operator,
  of: { readonly email: string; readonly baseUrl: string; readonly days?: number },
): Promise<{ readonly address: string; readonly expiresDate: string }> {
  const intent = intentOf(operator);
  const secret = makeSecret();
  const email = foldEmail(of.email);
  const expiresDate = daysAfter(new Date(), of.days ?? LINK_DAYS);
  const link = {
    id: crypto.randomUUID(),
    email,
    secretHash: await hashToken(secret),
    createdDate: intent.now,
    expiresDate,
  };
  await execute(
    connection,
    intent,
    new Plan({
      preconditions: [userIsActive(email)],
      statements: [
        // A local service has no daily run, and makes a link with every start.
        sql`DELETE FROM ${signInLinks} WHERE ${signInLinks.userId} = ${userId(email)}
          AND ${signInLinks.expiresDate} <= ${intent.now}`,
        insertLink(link),
      ],
      audit: [],
      reply: { show: "nothing" },
    }),
  );
  return { address: new URL(`account/sign-in/?link=${secret}`, of.baseUrl).href, expiresDate };
}

const KNOWN_SESSION = {
  id: browserSessions.id,
  way: browserSessions.way,
  createdDate: browserSessions.createdDate,
  lastUsedDate: browserSessions.lastUsedDate,
  expiresDate: browserSessions.expiresDate,
};

/** A browser session as the operator sees it. Instants are in their stored form. */
export type KnownSession = TypedRow<typeof KNOWN_SESSION>;

/** The browser sessions of a user, the one used last first. */
export async function listSessions(
  connection: Connection,
  operator: Operator,
  email: string,
): Promise<readonly KnownSession[]> {
  const [rows] = await runAs(connection, operator, [
    sql`SELECT ${selectList(KNOWN_SESSION)}
      FROM ${browserSessions} WHERE ${browserSessions.userId} = ${userId(foldEmail(email))}
      ORDER BY ${browserSessions.lastUsedDate} DESC, ${browserSessions.id}`,
  ]);
  return typedRows(KNOWN_SESSION, rows);
}

/**
 * Ends the browser sessions of a user, or one of them, with the next request.
 *
 * @throws ValidationError when the user does not exist
 */
export async function endSessions(
  connection: Connection,
  operator: Operator,
  email: string,
  id?: string,
): Promise<void> {
  const key = foldEmail(email);
  const one = id === undefined ? sql`` : sql`AND ${browserSessions.id} = ${id}`;
  await execute(
    connection,
    intentOf(operator),
    new Plan({
      preconditions: [userExists(key)],
      statements: [
        sql`DELETE FROM ${browserSessions} WHERE ${browserSessions.userId} = ${userId(key)} ${one}`,
      ],
      audit: [],
      reply: { show: "nothing" },
    }),
  );
}

const ACCOUNT_ENTRY = {
  dateTime: history.dateTime,
  by: sql<string | null>`${users.email}`,
  action: history.action,
  changes: history.changes,
};

/**
 * An entry in the history of a user: the instant in its stored form, the email of the user who did it, or null
 * for the operator, and as JSON each field from what to what.
 */
export type AccountEntry = TypedRow<typeof ACCOUNT_ENTRY>;

/** How many entries of a user's history are shown. */
const MAX_ENTRIES = 1_000;

/** What happened to the account of a user: sign-ins, tokens, changes of the profile. The newest comes first. */
export async function listAccountHistory(
  connection: Connection,
  operator: Operator,
  email: string,
): Promise<readonly AccountEntry[]> {
  const [rows] = await runAs(connection, operator, [
    sql`SELECT ${selectList(ACCOUNT_ENTRY)}
      FROM ${history} LEFT JOIN ${users} ON ${users.id} = ${history.userId}
      WHERE ${history.recordId} = ${userId(foldEmail(email))} AND ${history.model} = ${user.name}
      ORDER BY ${history.id} DESC LIMIT ${MAX_ENTRIES}`,
  ]);
  return typedRows(ACCOUNT_ENTRY, rows);
}

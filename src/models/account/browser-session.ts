import { eq, type SQL, sql } from "drizzle-orm";
import { builder } from "../../db/builder.ts";
import { SESSION_DAYS } from "../../db/credential.ts";
import { browserSessions } from "../../db/schema/sign-in.ts";
import { users } from "../../db/schema/users.ts";
import { Plan } from "../../model/plan.ts";
import { blockedWhere, type Precondition } from "../../model/precondition.ts";
import { daysAfter, toInstant } from "../../values/instant.ts";
import { accountEntry } from "./history.ts";
import { linkIsGood, useLink, userOfLink } from "./sign-in-link.ts";

/** How many browser sessions a user has at most. A sign-in beyond that ends the one that was not used longest. */
const MAX_SESSIONS = 50;

/** A browser session that a sign-in starts. */
export interface NewSession {
  readonly id: string;
  readonly secretHash: string;
  /** The way in, for the history: `sign-in link`, or the name of an identity provider. */
  readonly way: string;
  readonly now: Date;
  /** The hash of the session that the browser had before, which ends. */
  readonly replacedHash?: string;
}

/** Signs a user in, whom an identity provider has identified. */
export function signInUser(userId: string, session: NewSession): Plan {
  return start(sql`(SELECT ${userId})`, session, [], []);
}

/** Signs in the user of a sign-in link, and uses the link up. */
export function signInByLink(linkHash: string, session: NewSession): Plan {
  const now = toInstant(session.now);
  return start(
    userOfLink(linkHash),
    session,
    [linkIsGood(linkHash, now)],
    [useLink(linkHash, now)],
  );
}

/** @param userId a query in parentheses that finds the id of the user */
function start(
  userId: SQL,
  { id, secretHash, way, now, replacedHash }: NewSession,
  preconditions: readonly Precondition[],
  statements: readonly SQL[],
): Plan {
  const instant = toInstant(now);
  return new Plan({
    preconditions: [...preconditions, userIsActive(userId)],
    statements: [
      builder
        .delete(browserSessions)
        .where(eq(browserSessions.secretHash, replacedHash ?? ""))
        .getSQL(),
      builder
        .insert(browserSessions)
        .values({
          id,
          userId,
          secretHash,
          way,
          createdDate: instant,
          lastUsedDate: instant,
          expiresDate: daysAfter(now, SESSION_DAYS),
        })
        .getSQL(),
      sql`DELETE FROM ${browserSessions} WHERE ${browserSessions.id} IN (
        SELECT ${browserSessions.id} FROM ${browserSessions} WHERE ${browserSessions.userId} = ${userId}
        ORDER BY ${browserSessions.lastUsedDate} DESC LIMIT -1 OFFSET ${MAX_SESSIONS})`,
      ...statements,
    ],
    audit: [accountEntry(userId, "signed_in", sql`json_object('way', ${way}, 'session', ${id})`)],
    reply: { show: "nothing" },
  });
}

const userIsActive = (userId: SQL): Precondition =>
  blockedWhere(
    "This account has been deactivated. Please ask the administrator of the service.",
    sql`EXISTS (SELECT 1 FROM ${users} WHERE ${users.id} = ${userId} AND NOT ${users.isActive})`,
  );

/** Ends the browser session of the caller, or all browser sessions of the caller's user. */
export function endSession(secretHash: string, everywhere: boolean): Plan {
  const own = sql`${browserSessions.secretHash} = ${secretHash}`;
  const condition = everywhere
    ? sql`${browserSessions.userId} = (SELECT ${browserSessions.userId} FROM ${browserSessions} WHERE ${own})`
    : own;
  return new Plan({
    preconditions: [],
    statements: [sql`DELETE FROM ${browserSessions} WHERE ${condition}`],
    audit: [],
    reply: { show: "nothing" },
  });
}

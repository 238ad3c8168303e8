import { type Operator, runAs } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import { daysAfter, toInstant } from "../../domain/instant.ts";
import { hashToken, makeToken } from "../../domain/token.ts";
import { foldEmail } from "../../record/membership.ts";
import { writeRecord } from "../../record/service.ts";
import { tokenExists, userIsActive } from "./rules.ts";
import { insertToken, revoke, selectTokens, selectUserOf } from "./store.ts";

// Tokens are made and revoked by the operator's hand alone; no route shows them. They have no history beside
// their own rows, which are never deleted and say when each was made, last used and revoked, and for whom.

/** How long a token is valid after its last use, when nothing else is said. */
const LIFETIME_DAYS = 365;

/** What is known of a token; the token itself is not kept. */
export interface KnownToken {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** Instants in UTC as they are stored, without a zone. */
  readonly createdDate: string;
  readonly lastUsedDate: string | null;
  readonly expiresDate: string;
  readonly revokedDate: string | null;
}

/**
 * Makes a token for a user. It is shown this once.
 *
 * @throws InvalidBody when there is no active user with this email
 */
export async function createToken(
  connection: Connection,
  operator: Operator,
  of: { readonly email: string; readonly name?: string; readonly lifetimeDays?: number },
): Promise<{ readonly id: string; readonly token: string; readonly expiresDate: string }> {
  const { email, name = "", lifetimeDays = LIFETIME_DAYS } = of;
  const id = crypto.randomUUID();
  const token = makeToken();
  const now = new Date();
  const expiresDate = daysAfter(now, lifetimeDays);
  const key = foldEmail(email);
  const statement = insertToken(key, {
    id,
    name,
    tokenHash: await hashToken(token),
    lifetimeDays,
    createdDate: toInstant(now),
    expiresDate,
  });
  await writeRecord(connection, operator, {
    checks: [userIsActive(key)],
    statements: [statement],
    answer: [],
    deeds: [],
  });
  return { id, token, expiresDate };
}

/** The tokens of one user, or of all, the newest first. */
export async function listTokens(
  connection: Connection,
  operator: Operator,
  email?: string,
): Promise<readonly KnownToken[]> {
  const key = email === undefined ? undefined : foldEmail(email);
  const [rows = []] = await runAs(connection, operator, [selectTokens(key)]);
  // The statement names its columns as KnownToken does.
  return rows as unknown as readonly KnownToken[];
}

/** The id of the user for whom a token opens the door now, undefined for a token that opens nothing. */
export async function findUserOfToken(
  connection: Connection,
  operator: Operator,
  token: string,
): Promise<string | undefined> {
  const tokenHash = await hashToken(token);
  const bearer = { kind: "bearer", tokenHash, now: toInstant(new Date()) } as const;
  const [rows = []] = await runAs(connection, operator, [selectUserOf(bearer)]);
  return rows.map(({ id }) => String(id))[0];
}

/**
 * Closes a token at once.
 *
 * @throws NotFound
 */
export async function revokeToken(
  connection: Connection,
  operator: Operator,
  id: string,
): Promise<void> {
  await writeRecord(connection, operator, {
    checks: [tokenExists(id)],
    statements: [revoke(id, toInstant(new Date()))],
    answer: [],
    deeds: [],
  });
}

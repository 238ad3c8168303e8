import { sql } from "drizzle-orm";
import { daysAfter } from "../values/instant.ts";
import type { Connection, Credential } from "./connection.ts";
import { bareName } from "./names.ts";
import { browserSessions } from "./schema/sign-in.ts";
import { accessTokens } from "./schema/users.ts";

/** How many days a browser session is valid after its last use. */
export const SESSION_DAYS = 30;

/**
 * Stores when a token or a browser session was last used. It is then valid for its whole lifetime again. One
 * that was revoked or deleted in the meantime stays so.
 */
export async function extendCredential(
  connection: Connection,
  credential: Credential,
  now: string,
): Promise<void> {
  const isToken = credential.kind === "token";
  const table = isToken ? accessTokens : browserSessions;
  const days = isToken ? credential.lifetimeDays : SESSION_DAYS;
  const expires = daysAfter(new Date(`${now}Z`), days);
  await connection.batch([
    sql`UPDATE ${table} SET ${bareName(table.lastUsedDate)} = ${now},
      ${bareName(table.expiresDate)} = ${expires} WHERE ${table.id} = ${credential.id}`,
  ]);
}

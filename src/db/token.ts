import { sql } from "drizzle-orm";
import { daysAfter } from "../values/instant.ts";
import type { Connection, TokenHolder } from "./connection.ts";
import { bareName } from "./names.ts";
import { accessTokens } from "./schema/users.ts";

/** Stores when a token was last used. The token is then valid for its whole lifetime again. */
export async function extendToken(
  connection: Connection,
  { tokenId, lifetimeDays }: TokenHolder,
  now: string,
): Promise<void> {
  const expires = daysAfter(new Date(`${now}Z`), lifetimeDays);
  await connection.batch([
    sql`UPDATE ${accessTokens} SET ${bareName(accessTokens.lastUsedDate)} = ${now},
      ${bareName(accessTokens.expiresDate)} = ${expires} WHERE ${accessTokens.id} = ${tokenId}`,
  ]);
}

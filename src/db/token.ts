import { eq, type SQL } from "drizzle-orm";
import { daysAfter } from "../domain/instant.ts";
import { build, type Caller, type Connection } from "./connection.ts";
import { accessTokens } from "./schema/users.ts";

/** Writes down that a token was used, from when on it is valid for its whole lifetime again. */
export async function extendToken(
  connection: Connection,
  { tokenId, lifetimeDays }: Caller,
  now: string,
): Promise<void> {
  const statement: SQL = build
    .update(accessTokens)
    .set({ lastUsedDate: now, expiresDate: daysAfter(new Date(`${now}Z`), lifetimeDays) })
    .where(eq(accessTokens.id, tokenId))
    .getSQL();
  await connection.batch([statement]);
}

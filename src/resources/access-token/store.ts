import { type Bearer, callerTable } from "../../db/access.ts";
import { type SQL, sql } from "../../db/sql.ts";
import { accessTokens, users } from "../../db/tables.ts";

interface NewToken {
  readonly id: string;
  readonly name: string;
  readonly tokenHash: string;
  readonly lifetimeDays: number;
  readonly createdDate: string;
  readonly expiresDate: string;
}

export function insertToken(email: string, token: NewToken): SQL {
  const { id, name, tokenHash, lifetimeDays, createdDate, expiresDate } = token;
  return sql`INSERT INTO ${accessTokens}
      (id, user_id, name, token_hash, lifetime_days, created_date, expires_date)
    SELECT ${id}, ${users.id}, ${name}, ${tokenHash}, ${lifetimeDays}, ${createdDate}, ${expiresDate}
    FROM ${users} WHERE ${users.email} = ${email}`;
}

export function selectTokens(email: string | undefined): SQL {
  const ofOne = email === undefined ? sql`` : sql`WHERE ${users.email} = ${email}`;
  return sql`SELECT ${accessTokens.id}, ${users.email}, ${accessTokens.name},
      ${accessTokens.createdDate} AS "createdDate", ${accessTokens.lastUsedDate} AS "lastUsedDate",
      ${accessTokens.expiresDate} AS "expiresDate", ${accessTokens.revokedDate} AS "revokedDate"
    FROM ${accessTokens} JOIN ${users} ON ${users.id} = ${accessTokens.userId} ${ofOne}
    ORDER BY ${accessTokens.createdDate} DESC, ${accessTokens.id}`;
}

/** The user for whom a token opens the door. */
export function selectUserOf(bearer: Bearer): SQL {
  return sql`WITH ${callerTable(bearer)} SELECT id FROM caller`;
}

/** A token that is revoked already keeps the date. */
export function revoke(id: string, now: string): SQL {
  return sql`UPDATE ${accessTokens} SET revoked_date = coalesce(revoked_date, ${now})
    WHERE ${accessTokens.id} = ${id}`;
}

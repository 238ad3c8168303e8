import { sql } from "../../db/sql.ts";
import { accessTokens, users } from "../../db/tables.ts";
import type { Fault } from "../../domain/fault.ts";
import type { Check } from "../../record/checks.ts";

export function userIsActive(email: string): Check {
  const message = `No active user has the email "${email}".`;
  const fault: Fault = { kind: "conflict", field: "email", message };
  return () => sql`SELECT ${JSON.stringify(fault)} AS fault
    WHERE NOT EXISTS (SELECT 1 FROM ${users} WHERE ${users.email} = ${email} AND ${users.isActive})`;
}

export function tokenExists(id: string): Check {
  return () => sql`SELECT '{"kind":"absent"}' AS fault
    WHERE NOT EXISTS (SELECT 1 FROM ${accessTokens} WHERE ${accessTokens.id} = ${id})`;
}

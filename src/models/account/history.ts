import { type SQL, sql } from "drizzle-orm";
import { type AuditDraft, fieldChange } from "../../audit/entries.ts";
import { user } from "../user.ts";

/**
 * The entry in the history of a user for something that the user did with the account, such as a sign-in.
 *
 * @param userId a query in parentheses that finds the id of the user
 * @param name what was done, such as `signed_in`
 * @param what the JSON that says how
 */
export function accountEntry(userId: SQL, name: string, what: SQL): AuditDraft {
  return {
    action: "change",
    model: user,
    id: userId,
    by: userId,
    changes: fieldChange(name, sql`'null'`, what),
  };
}

import { type SQL, sql } from "../../db/sql.ts";
import { accessTokens, users } from "../../db/tables.ts";
import { type Deed, fieldChange } from "../../record/history.ts";
import { asIs, storeOf, withFold } from "../../record/store.ts";
import { user } from "./fields.ts";
import type { UserInput } from "./schemas.ts";

/** The statements that write a user. */
export const userStore = storeOf<UserInput>(users, {
  email: asIs(users.email),
  firstName: withFold(users.firstName, users.firstNameFolded),
  lastName: withFold(users.lastName, users.lastNameFolded),
  website: asIs(users.website),
  googleScholar: asIs(users.googleScholar),
  orcidId: asIs(users.orcidId),
  atlasPreference: asIs(users.atlasPreference),
});

/** Closes the door to a user, for good what was open with a token. */
export function deactivate(email: string, now: string): readonly SQL[] {
  return [
    sql`UPDATE ${users} SET is_active = 0, updated_date = ${now} WHERE email = ${email}`,
    sql`UPDATE ${accessTokens} SET revoked_date = ${now} WHERE revoked_date IS NULL
      AND user_id = (SELECT id FROM ${users} WHERE email = ${email})`,
  ];
}

/** Opens the door again; the tokens from before stay revoked. */
export function activate(email: string, now: string): SQL {
  return sql`UPDATE ${users} SET is_active = 1, updated_date = ${now} WHERE email = ${email}`;
}

/** For the history, what no profile shows: that the door was opened or closed, where it was not so already. */
export function doorDeed(email: string, isOpen: boolean): Deed {
  return {
    action: "change",
    resource: user,
    id: sql`(SELECT id FROM ${users} WHERE email = ${email} AND is_active = ${isOpen ? 0 : 1})`,
    changes: fieldChange("is_active", sql`${String(!isOpen)}`, sql`${String(isOpen)}`),
  };
}

export function selectUsers(): SQL {
  return sql`SELECT ${users.id}, ${users.email}, ${users.firstName} AS "firstName",
      ${users.lastName} AS "lastName", ${users.isActive} AS "isActive", ${users.createdDate} AS "createdDate"
    FROM ${users} ORDER BY ${users.email}`;
}

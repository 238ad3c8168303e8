import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import { users } from "../../db/schema/users.ts";
import type { ParsedShape } from "../../model/input.ts";
import { foldEmail } from "../../model/membership.ts";
import { Plan } from "../../model/plan.ts";
import { valueIsFree } from "../../model/precondition.ts";
import { insertRow, newCells } from "../../model/rows.ts";
import { text } from "../../model/schemas.ts";
import { user } from "../user.ts";

const email = z.pipe(
  text(254).check(
    z.refine((address) => /^[^\s@]+@[^\s@]+$/.test(address.trim()), {
      error: "Enter a valid email address.",
    }),
  ),
  z.transform(foldEmail),
);

/** The fields of a new user: the email, and the fields of the profile that users write themselves. */
export const userInput = { shape: { ...user.input.shape, email }, readOnly: [] };

export type NewUser = ParsedShape<typeof userInput.shape>;

/** The statement that inserts a user. The user cannot authenticate before a token or a sign-in. */
export function insertUser(
  id: string,
  { email: address, ...profile }: NewUser,
  now: string,
  signInOrcid: string | null = null,
): SQL {
  return insertRow(users, [
    [users.email, address],
    [users.signInOrcid, signInOrcid],
    ...newCells(user, id, profile, now),
  ]);
}

/** Makes a user of a person who signs in for the first time. In the history the user has done it. */
export function join(id: string, input: NewUser, now: string): Plan {
  return new Plan({
    preconditions: [valueIsFree("email", users.email, input.email, user.title)],
    statements: [insertUser(id, input, now)],
    audit: [{ action: "create", model: user, id, by: sql`${id}` }],
    reply: { show: "nothing" },
  });
}

import { type Operator, runAs, type Viewer } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import { toInstant } from "../../domain/instant.ts";
import { foldEmail } from "../../record/membership.ts";
import { writeAndRead, writeRecord } from "../../record/service.ts";
import { user } from "./fields.ts";
import { rulesForDeactivation, rulesForNewUser, rulesForProfile, userExists } from "./rules.ts";
import type { ProfileInput, UserInput } from "./schemas.ts";
import { activate, deactivate, doorDeed, selectUsers, userStore } from "./store.ts";

/** Changes the fields of the caller's own profile that the input names. Answers with it, as JSON text. */
export function changeProfile(
  connection: Connection,
  viewer: Viewer,
  id: string,
  input: Partial<ProfileInput>,
): Promise<string> {
  const write = {
    checks: rulesForProfile(id),
    statements: userStore.update(id, input, toInstant(new Date())),
    deeds: [{ action: "change", resource: user, id }],
  } as const;
  return writeAndRead(connection, viewer, write, user, id);
}

// Users come and go by the operator's hand alone.

/** Makes a user, who can do nothing before a token is made. Answers with the user, as JSON text. */
export function createUser(
  connection: Connection,
  operator: Operator,
  input: UserInput,
): Promise<string> {
  const id = crypto.randomUUID();
  const write = {
    checks: rulesForNewUser(input.email),
    statements: userStore.insert(id, input, toInstant(new Date())),
    deeds: [{ action: "create", resource: user, id }],
  } as const;
  return writeAndRead(connection, operator, write, user, id);
}

/**
 * Revokes all tokens of a user and lets no new one be made. What they did and hold stays.
 *
 * @throws InvalidBody when there is no such user, or something would be left without an owner
 */
export async function deactivateUser(
  connection: Connection,
  operator: Operator,
  email: string,
): Promise<void> {
  const key = foldEmail(email);
  await writeRecord(connection, operator, {
    checks: rulesForDeactivation(key),
    statements: deactivate(key, toInstant(new Date())),
    answer: [],
    deeds: [doorDeed(key, false)],
  });
}

/**
 * Lets a user be given tokens again.
 *
 * @throws InvalidBody when there is no such user
 */
export async function activateUser(
  connection: Connection,
  operator: Operator,
  email: string,
): Promise<void> {
  const key = foldEmail(email);
  await writeRecord(connection, operator, {
    checks: [userExists(key)],
    statements: [activate(key, toInstant(new Date()))],
    answer: [],
    deeds: [doorDeed(key, true)],
  });
}

/** A user as the operator knows them. */
export interface KnownUser {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly isActive: boolean;
  /** In UTC as it is stored, without a zone. */
  readonly createdDate: string;
}

/** All users, those who were deactivated too, by email. */
export async function listUsers(
  connection: Connection,
  operator: Operator,
): Promise<readonly KnownUser[]> {
  const [rows = []] = await runAs(connection, operator, [selectUsers()]);
  // The statement names its columns as KnownUser does.
  return rows.map((row) => ({ ...(row as unknown as KnownUser), isActive: row.isActive === 1 }));
}

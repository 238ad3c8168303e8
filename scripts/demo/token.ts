import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { createToken, findUserOfToken } from "../operator/access-tokens.ts";
import { createSignInLink } from "../operator/sign-in.ts";
import { listUsers } from "../operator/users.ts";
import { DEMO_USER } from "./load.ts";

/**
 * A valid token of the demo user: the token of an earlier start, or a new one. The database has only its
 * hash, so the token is stored in a file beside the database that only the current user may read.
 *
 * @returns undefined when the data are not the demo data, or the demo user is deactivated
 */
export async function findDemoToken(
  connection: Connection,
  directory: string,
): Promise<string | undefined> {
  const users = await listUsers(connection, OPERATOR);
  // The user is identified by id, because other data may have a user with the same email.
  const demoUser = users.find(({ id, isActive }) => id === DEMO_USER.id && isActive);
  if (demoUser === undefined) return undefined;
  const file = join(directory, "demo-token");
  const kept = await readFile(file, "utf8").catch(() => "");
  if ((await findUserOfToken(connection, OPERATOR, kept)) === demoUser.id) return kept;
  const { token } = await createToken(connection, OPERATOR, {
    email: demoUser.email,
    name: "demo",
  });
  // An existing file would keep its access rights.
  await rm(file, { force: true });
  await writeFile(file, token, { mode: 0o600 });
  return token;
}

/**
 * A new sign-in link for the demo user, valid for a day.
 *
 * @throws ValidationError when the demo user is not active
 */
export async function makeDemoLink(connection: Connection, baseUrl: string): Promise<string> {
  const of = { email: DEMO_USER.email, baseUrl, days: 1 };
  const { address } = await createSignInLink(connection, OPERATOR, of);
  return address;
}

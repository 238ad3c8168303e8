import { env } from "cloudflare:workers";
import { LEVEL, type LevelName } from "../../src/domain/permission.ts";
import { type BuiltUser, buildGroup, buildUser, type Held } from "./builders.ts";
import type { Client } from "./client.ts";
import { countingClient } from "./d1-binding.ts";
import type { Fixture } from "./route-fixtures/fixture.ts";

// The rows of the denial matrix: everyone who may knock at a route, from the one without a token to
// the owner. Its columns are the routes; what each row gets is said by the fixtures and nothing else.

/** Somebody whom the door must not open for, though behind it everything would be theirs. */
export interface ClosedDoor {
  readonly title: string;
  readonly spoil: (user: BuiltUser) => Promise<Knock>;
}

/** What is sent in place of the user's good token. */
interface Knock {
  readonly token?: string | undefined;
  readonly authorization?: string;
}

const withHeader = (authorization: string) => async () => ({ authorization });

/** Spoils the user's own token in the database, and sends it all the same. */
const withSpoiledToken = (statement: string) => async (user: BuiltUser) => {
  await env.DB.prepare(statement).bind(user.id).run();
  return { token: user.client.token };
};

export const CLOSED_DOORS: readonly ClosedDoor[] = [
  { title: "no token", spoil: async () => ({}) },
  { title: "an empty header", spoil: withHeader("") },
  { title: "a header without a token", spoil: withHeader("Bearer") },
  { title: "a header with two words", spoil: withHeader("Bearer one two") },
  {
    title: "a good token under another scheme",
    spoil: async ({ client }) => ({ authorization: `Token ${client.token}` }),
  },
  { title: "an unknown token", spoil: withHeader(`Bearer bst_${"0".repeat(64)}`) },
  {
    title: "the hash of a token",
    spoil: async ({ tokenId }) => {
      const row = await env.DB.prepare("SELECT token_hash FROM access_tokens WHERE id = ?")
        .bind(tokenId)
        .first<{ token_hash: string }>();
      return { token: row?.token_hash };
    },
  },
  {
    title: "a revoked token",
    spoil: withSpoiledToken(
      "UPDATE access_tokens SET revoked_date = '2026-01-01T00:00:00' WHERE user_id = ?",
    ),
  },
  {
    title: "an expired token",
    spoil: withSpoiledToken(
      "UPDATE access_tokens SET expires_date = '2026-01-01T00:00:00' WHERE user_id = ?",
    ),
  },
  {
    title: "the token of a deactivated user",
    spoil: withSpoiledToken("UPDATE users SET is_active = 0 WHERE id = ?"),
  },
];

/** Somebody with a good token, and what they hold. */
export interface Caller {
  readonly title: string;
  /** Null for one who holds nothing at all. */
  readonly level: LevelName | null;
  /** The grants to build the target with. */
  readonly hold: (user: BuiltUser) => Promise<Held>;
}

/** The callers with a good token, for the levels that there are on the fixture's targets. */
export function callersOf({ levels, inPersonOnly }: Fixture): readonly Caller[] {
  const names = levels ?? (Object.keys(LEVEL) as LevelName[]);
  const inPerson = names.map((level) => ({
    title: `${level} in person`,
    level,
    hold: async (user: BuiltUser) => ({ users: { [level]: [user] } }),
  }));
  const throughGroup = names.map((level) => ({
    title: `${level} through a group`,
    level,
    hold: async (user: BuiltUser) => ({ groups: { [level]: [await buildGroup([user])] } }),
  }));
  const outsider = { title: "outsider", level: null, hold: async () => ({}) };
  return [outsider, ...inPerson, ...(inPersonOnly ? [] : throughGroup)];
}

/** Whether the contract lets a caller with this level do what asks for `needs`. */
export function isAllowed(level: LevelName | null, needs: LevelName | "anyone"): boolean {
  return needs === "anyone" || (level !== null && LEVEL[level] >= LEVEL[needs]);
}

/** A user who holds nothing yet, with a client that counts what its requests cost. */
export async function buildCountedUser() {
  const user = await buildUser();
  return { user, ...countingClient(user.client.token) };
}

/** A client that counts, and knocks as told. */
export function knockingClient({ token, authorization }: Knock) {
  const { client, cost } = countingClient(token);
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  const send: Client["send"] = (method, path, body) => client.send(method, path, body, headers);
  return { send, cost };
}

import { env } from "cloudflare:workers";
import { LEVEL, type LevelName } from "../../src/values/permission.ts";
import { type BuiltUser, buildGroup, buildUser, type Grants, type Sharing } from "./builders.ts";
import type { Client } from "./client.ts";
import { type Cost, countingClient } from "./d1-binding.ts";
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

/**
 * The doors that each route is tried at in `npm test`: no token, and one that is looked up and refused. What makes a
 * token good is one piece of code for all routes, and `test/api/token.test.ts` has the rest of it.
 */
export const USUAL_DOORS = CLOSED_DOORS.filter(({ title }) =>
  ["no token", "a revoked token"].includes(title),
);

/** Somebody with a good token. */
export interface Caller {
  readonly title: string;
  /** What the caller holds on the target; null for one who holds nothing at all. */
  readonly level: LevelName | null;
  readonly through: "user" | "group" | null;
}

const LEVELS = Object.keys(LEVEL) as LevelName[];

const OUTSIDER: Caller = { title: "outsider", level: null, through: null };

const CALLERS: readonly Caller[] = [
  OUTSIDER,
  ...LEVELS.map((level) => ({ title: `${level} in person`, level, through: "user" as const })),
  ...LEVELS.map((level) => ({
    title: `${level} through a group`,
    level,
    through: "group" as const,
  })),
];

/** The callers with a good token, as far as the fixture's targets know their levels. */
export function callersOf({ levels = LEVELS, inPersonOnly }: Fixture): readonly Caller[] {
  return CALLERS.filter(
    ({ level, through }) =>
      level === null || (levels.includes(level) && !(inPersonOnly && through === "group")),
  );
}

/**
 * The callers between whom the door stands: the outsider, and of those who come in the same way the highest of the
 * denied and the lowest of the allowed.
 */
export function decisiveCallersOf(
  fixture: Fixture,
  needs: LevelName | "anyone",
): readonly Caller[] {
  const callers = callersOf(fixture);
  return callers.filter(({ level, through }) => {
    if (level === null) return true;
    const beside = callers.filter((other) => other.through === through);
    const allowed = beside.filter((other) => isAllowed(other.level, needs));
    const denied = beside.filter((other) => !isAllowed(other.level, needs));
    return level === allowed[0]?.level || level === denied.at(-1)?.level;
  });
}

/** Whether the contract lets a caller with this level do what asks for `needs`. */
export function isAllowed(level: LevelName | null, needs: LevelName | "anyone"): boolean {
  return needs === "anyone" || (level !== null && LEVEL[level] >= LEVEL[needs]);
}

/** All who knock, made once; every target is built so that it knows them all. */
export interface Cast {
  /** The grants for a target: each caller's own, and everything for those before closed doors. */
  sharingFor(fixture: Fixture): Sharing;
  /** A client of the one with this title, which counts. */
  clientOf(title: string): { readonly client: Pick<Client, "send">; readonly cost: Cost };
}

export async function buildCast(): Promise<Cast> {
  const knocks = new Map<string, Knock>();
  const spoiled: BuiltUser[] = [];
  for (const { title, spoil } of CLOSED_DOORS) {
    const user = await buildUser();
    spoiled.push(user);
    knocks.set(title, await spoil(user));
  }
  const members = new Map<Caller, { readonly id: string }>();
  for (const caller of CALLERS) {
    const user = await buildUser();
    members.set(caller, caller.through === "group" ? await buildGroup([user]) : user);
    knocks.set(caller.title, { token: user.client.token });
  }
  return {
    sharingFor: (fixture) => {
      const grants = (through: "user" | "group", others: readonly BuiltUser[]): Grants =>
        Object.fromEntries(
          callersOf(fixture)
            .filter((caller) => caller.through === through)
            .map((caller) => [
              caller.level,
              [members.get(caller), ...(caller.level === "owner" ? others : [])],
            ]),
        );
      return { users: grants("user", spoiled), groups: grants("group", []) };
    },
    clientOf: (title) => knockingClient(knocks.get(title) ?? {}),
  };
}

function knockingClient({ token, authorization }: Knock) {
  const { client, cost } = countingClient(token);
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  const send: Client["send"] = (method, path, body) => client.send(method, path, body, headers);
  return { client: { send }, cost };
}

import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable, isBeingFilled } from "../../db/access.ts";
import { oldestGuess } from "../../db/expired.ts";
import { bareName, columnNames } from "../../db/names.ts";
import { codeGuesses, deviceAuthorizations } from "../../db/schema/sign-in.ts";
import { accessTokens, users } from "../../db/schema/users.ts";
import { Plan } from "../../model/plan.ts";
import { violationWhere } from "../../model/precondition.ts";
import { toInstant } from "../../values/instant.ts";
import { insertToken, type NewToken } from "./access-token.ts";
import { accountEntry } from "./history.ts";

/** How many minutes a request waits for its approval. */
export const WAITING_MINUTES = 15;

/** How many requests of one address wait at the same time, at most. */
const MAX_WAITING = 30;

/** How many rows the table has, at most: a bound on what strangers can store from many addresses. */
const MAX_ROWS = 100_000;

/** How many expired rows a new one removes, so that the table shrinks faster than it grows. */
const CLEARED = 20;

/** How many wrong codes an address may send within the time of `oldestGuess`. */
const MAX_GUESSES = 10;

/** A program's request for a token. Instants are in their stored form. */
export interface NewAuthorization {
  readonly id: string;
  readonly deviceCodeHash: string;
  readonly userCode: string;
  readonly clientName: string;
  /** The address of the caller, as the limit by address counts it. */
  readonly address: string;
  readonly now: string;
  readonly expiresDate: string;
}

/**
 * Inserts a request of a stranger, unless the address has too many waiting or the table is full. The last
 * statement returns a row when it was inserted.
 */
export function startAuthorization(request: NewAuthorization): readonly SQL[] {
  const { id, deviceCodeHash, userCode, clientName, address, now, expiresDate } = request;
  const columns = columnNames([
    deviceAuthorizations.id,
    deviceAuthorizations.deviceCodeHash,
    deviceAuthorizations.userCode,
    deviceAuthorizations.clientName,
    deviceAuthorizations.address,
    deviceAuthorizations.createdDate,
    deviceAuthorizations.expiresDate,
  ]);
  // Rows are numbered in their order, and the oldest are removed first: no row has to be counted.
  const rows = sql`coalesce((SELECT max(rowid) FROM ${deviceAuthorizations})
    - (SELECT min(rowid) FROM ${deviceAuthorizations}), 0)`;
  return [
    sql`DELETE FROM ${deviceAuthorizations} WHERE ${deviceAuthorizations.id} IN (
      SELECT ${deviceAuthorizations.id} FROM ${deviceAuthorizations}
      WHERE ${deviceAuthorizations.expiresDate} <= ${now}
      ORDER BY ${deviceAuthorizations.expiresDate} LIMIT ${CLEARED})`,
    sql`INSERT INTO ${deviceAuthorizations} (${columns})
      SELECT ${id}, ${deviceCodeHash}, ${userCode}, ${clientName}, ${address}, ${now}, ${expiresDate}
      WHERE NOT ${isBeingFilled} AND ${rows} < ${MAX_ROWS}
      AND (SELECT count(*) FROM ${deviceAuthorizations} WHERE ${deviceAuthorizations.address} = ${address}
        AND ${deviceAuthorizations.expiresDate} > ${now}
        AND ${deviceAuthorizations.status} = 'pending') < ${MAX_WAITING}
      RETURNING ${bareName(deviceAuthorizations.id)}`,
  ];
}

/** A request that has not expired. */
const isLive = (now: string) => sql`${deviceAuthorizations.expiresDate} > ${now}`;

/**
 * Gives an approved request its token, once. The rows of the second statement have `status`, and those of the
 * first `id` when the token was made.
 *
 * @param token the token to make; its name and its user are those of the request
 */
export function pollAuthorization(
  deviceCodeHash: string,
  token: Omit<NewToken, "name">,
): readonly SQL[] {
  const isAsked = sql`${deviceAuthorizations.deviceCodeHash} = ${deviceCodeHash}
    AND ${isLive(token.createdDate)}`;
  const isApproved = sql`${isAsked} AND ${deviceAuthorizations.status} = 'approved'`;
  return [
    insertToken(
      { ...token, name: sql`${deviceAuthorizations.clientName}` },
      sql`${deviceAuthorizations} JOIN ${users} ON ${users.id} = ${deviceAuthorizations.userId}
        WHERE ${isApproved} AND ${users.isActive} AND NOT ${isBeingFilled}`,
    ),
    sql`SELECT ${deviceAuthorizations.status} AS "status" FROM ${deviceAuthorizations} WHERE ${isAsked}`,
    sql`UPDATE ${deviceAuthorizations} SET ${bareName(deviceAuthorizations.status)} = 'used'
      WHERE ${isApproved} AND EXISTS (SELECT 1 FROM ${accessTokens} WHERE ${accessTokens.id} = ${token.id})`,
  ];
}

/**
 * What the page of a request shows: `clientName`, `address`, `userCode`, `createdDate`, `status` and
 * `isOwn`, whether the caller has answered it. There is no row for an unknown or expired request.
 */
export function findAuthorization(caller: Caller, id: string, now: string): SQL {
  return sql`WITH ${callerTable(caller)}
    SELECT ${deviceAuthorizations.clientName} AS "clientName", ${deviceAuthorizations.address},
      ${deviceAuthorizations.userCode} AS "userCode", ${deviceAuthorizations.createdDate} AS "createdDate",
      ${deviceAuthorizations.status}, ${deviceAuthorizations.userId} IS caller.id AS "isOwn"
    FROM ${deviceAuthorizations}, caller
    WHERE ${deviceAuthorizations.id} = ${id} AND ${isLive(now)}`;
}

/**
 * Looks a typed code up, and counts a wrong one against the address. The rows of the second statement have
 * `guesses`, how many wrong ones there were before, and `id`, the request with the code or null.
 */
export function findByCode(
  caller: Caller,
  code: string,
  address: string,
  now: Date,
): readonly SQL[] {
  const instant = toInstant(now);
  const oldest = oldestGuess(now);
  const guesses = sql`(SELECT count(*) FROM ${codeGuesses}
    WHERE ${codeGuesses.address} = ${address} AND ${codeGuesses.createdDate} > ${oldest})`;
  const found = sql`(SELECT ${deviceAuthorizations.id} FROM ${deviceAuthorizations}
    WHERE ${deviceAuthorizations.userCode} = ${code} AND ${isLive(instant)}
    AND ${deviceAuthorizations.status} = 'pending')`;
  const columns = columnNames([codeGuesses.address, codeGuesses.createdDate]);
  return [
    sql`DELETE FROM ${codeGuesses} WHERE ${codeGuesses.id} IN (SELECT ${codeGuesses.id} FROM ${codeGuesses}
      WHERE ${codeGuesses.createdDate} <= ${oldest} LIMIT ${CLEARED})`,
    sql`SELECT ${guesses} AS "guesses", CASE WHEN ${guesses} < ${MAX_GUESSES} THEN ${found} END AS "id"`,
    sql`WITH ${callerTable(caller)} INSERT INTO ${codeGuesses} (${columns})
      SELECT ${address}, ${instant} FROM caller
      WHERE ${guesses} < ${MAX_GUESSES} AND ${found} IS NULL AND NOT ${isBeingFilled}`,
  ];
}

/** Whether an address has sent so many wrong codes that the next one is not looked up. */
export const isOverGuessed = (guesses: number): boolean => guesses >= MAX_GUESSES;

const GONE =
  "This request is not known here, or it has expired. Start it again in your program, and open the new address.";
const ANSWERED = "This request has been answered already. Start it again in your program.";

/**
 * Approves or denies a request, as the caller. Of two answers to one request the second is refused. An
 * approved request gets its token when the program asks for it, so that no token is ever stored.
 */
export function decideAuthorization(
  caller: Caller,
  id: string,
  decision: "approved" | "denied",
  now: string,
): Plan {
  const own = sql`${deviceAuthorizations.id} = ${id}`;
  const isKnown = sql`EXISTS (SELECT 1 FROM ${deviceAuthorizations} WHERE ${own} AND ${isLive(now)})`;
  const isPending = sql`EXISTS (SELECT 1 FROM ${deviceAuthorizations} WHERE ${own}
    AND ${deviceAuthorizations.status} = 'pending')`;
  return new Plan({
    preconditions: [
      violationWhere({ kind: "blocked", message: GONE }, sql`NOT ${isKnown}`),
      violationWhere({ kind: "blocked", message: ANSWERED }, sql`${isKnown} AND NOT ${isPending}`),
    ],
    statements: [
      sql`WITH ${callerTable(caller)} UPDATE ${deviceAuthorizations}
        SET ${bareName(deviceAuthorizations.status)} = ${decision},
          ${bareName(deviceAuthorizations.userId)} = (SELECT id FROM caller) WHERE ${own}`,
    ],
    audit: [
      accountEntry(
        sql`(SELECT id FROM caller)`,
        decision === "approved" ? "approved_client" : "denied_client",
        sql`(SELECT json_object('client', ${deviceAuthorizations.clientName},
          'address', ${deviceAuthorizations.address}, 'session', ${deviceAuthorizations.id})
          FROM ${deviceAuthorizations} WHERE ${own})`,
      ),
    ],
    reply: { show: "nothing" },
  });
}

import { type Caller, PUBLIC, runAs } from "../db/access.ts";
import type { Connection } from "../db/connection.ts";
import { readWriteFailure } from "../db/constraint-error.ts";
import { newToken } from "../models/account/access-token.ts";
import {
  findByCode,
  isOverGuessed,
  pollAuthorization,
  startAuthorization,
  WAITING_MINUTES,
} from "../models/account/device-authorization.ts";
import { TooManyRequestsError } from "../values/errors.ts";
import { daysAfter, toInstant } from "../values/instant.ts";
import { hashToken, makeSecret, makeToken } from "../values/token.ts";

// Device authorization: a program without a browser asks for a token, and a person approves it in one.

/** How long a request waits for its approval, in seconds. */
export const EXPIRES_IN = WAITING_MINUTES * 60;

/** A request that has begun: its id is in the address for the browser, its codes go to the program. */
export interface Begun {
  readonly id: string;
  readonly deviceCode: string;
  /** As `shownCode` writes it. */
  readonly userCode: string;
}

/** How often a user code is made anew when another request has the same one. */
const ATTEMPTS = 3;

/**
 * Begins a request of a program.
 *
 * @param address the address of the program, as the limit by address counts it
 * @throws TooManyRequestsError when too many requests wait already
 */
export async function beginAuthorization(
  connection: Connection,
  clientName: string,
  address: string,
): Promise<Begun> {
  const now = new Date();
  const deviceCode = makeSecret();
  const deviceCodeHash = await hashToken(deviceCode);
  for (let attempt = 1; ; attempt += 1) {
    const id = crypto.randomUUID();
    const userCode = makeUserCode();
    const statements = startAuthorization({
      id,
      deviceCodeHash,
      userCode,
      clientName,
      address,
      now: toInstant(now),
      expiresDate: daysAfter(now, WAITING_MINUTES / 1440),
    });
    try {
      const rows = await runAs(connection, PUBLIC, statements);
      if (rows.at(-1)?.length === 1) return { id, deviceCode, userCode: shownCode(userCode) };
    } catch (error) {
      if (attempt < ATTEMPTS && readWriteFailure(error).kind === "unique") continue;
      throw error;
    }
    throw new TooManyRequestsError(
      "Too many programs wait for an approval. Answer those of yours, or try again in a quarter of an hour.",
    );
  }
}

/** What a program is told about its request, in the words of RFC 8628. */
export type Progress =
  | { readonly status: "authorization_pending" }
  | { readonly status: "success"; readonly token: string }
  | { readonly error: "access_denied" | "already_used" | "expired_token" };

/**
 * Tells a program how its request stands. The first time after the approval it makes the token: it is in this
 * answer and nowhere else.
 */
export async function pollForToken(connection: Connection, deviceCode: string): Promise<Progress> {
  const token = makeToken();
  const made = newToken(crypto.randomUUID(), await hashToken(token), new Date());
  const statements = pollAuthorization(await hashToken(deviceCode), made);
  const [inserted = [], [request] = []] = await runAs(connection, PUBLIC, statements);
  if (inserted.length > 0) return { status: "success", token };
  switch (request?.status) {
    case "pending":
      return { status: "authorization_pending" };
    case "used":
      return { error: "already_used" };
    case "denied":
    // Approved by a user who has been deactivated since.
    case "approved":
      return { error: "access_denied" };
    default:
      return { error: "expired_token" };
  }
}

/**
 * The id of the waiting request with a user code that a person has typed.
 *
 * @throws TooManyRequestsError when too many wrong codes came from the address
 */
export async function findByUserCode(
  connection: Connection,
  caller: Caller,
  typed: string,
  address: string,
): Promise<string | undefined> {
  const statements = findByCode(caller, readUserCode(typed), address, new Date());
  const [, [found] = []] = await runAs(connection, caller, statements);
  if (isOverGuessed(Number(found?.guesses))) {
    throw new TooManyRequestsError(
      "Too many wrong codes came from your network. Try again in a quarter of an hour.",
    );
  }
  return found?.id == null ? undefined : String(found.id);
}

/** Letters that spell no word and that nobody takes for a digit. */
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
const DIGITS = "0123456789";

/** A random user code, as it is stored: four letters and four digits, 1.6 thousand million of them. */
function makeUserCode(): string {
  const random = crypto.getRandomValues(new Uint32Array(8));
  return Array.from(random, (number, place) => {
    const signs = place < 4 ? LETTERS : DIGITS;
    return signs.charAt(number % signs.length);
  }).join("");
}

/** A user code as people read it: `WXYZ-1234`. */
export function shownCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** The stored form of a code that a person typed: in any case, with or without the dash and blanks. */
function readUserCode(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "")
    .slice(0, 9);
}

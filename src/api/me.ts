import { callerId, isSignedIn } from "../db/access.ts";
import { readAs } from "../model/read.ts";
import { describeCredential } from "../models/account/account.ts";
import { user } from "../models/user.ts";
import { compileDetail } from "../query/compile.ts";

import type { JsonSchema } from "../query/read-model.ts";
import { UnauthenticatedError } from "../values/errors.ts";
import type { ReadRoute } from "./route.ts";

const INSTANT: JsonSchema = { type: "string", format: "date-time" };

const DATES = {
  created_date: INSTANT,
  last_used_date: { type: ["string", "null"], format: "date-time" },
  expires_date: INSTANT,
} as const satisfies Record<string, JsonSchema>;

const ID: JsonSchema = { type: "string", format: "uuid" };

function orNull(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    type: ["object", "null"],
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

/**
 * `GET /users/me`: who calls, and with what: the user as `/users/user/:id` shows it, and the token with its name
 * and dates, or the browser session.
 */
export const meRoute: ReadRoute = {
  kind: "read",
  method: "get",
  path: "/users/me",
  portals: ["private"],
  summary: "Read who you are, and when your token expires",
  operationName: "me",
  model: user,
  query: "detail",
  answers: {
    status: 200,
    with: "one",
    beside: {
      token: orNull({ id: ID, name: { type: "string" }, ...DATES }),
      browser_session: orNull({ id: ID, ...DATES }),
    },
  },
  read: async ({ connection, caller, query }) => {
    if (!isSignedIn(caller)) throw new UnauthenticatedError("You are not signed in.");
    const [[self] = [], [credential] = []] = await readAs(connection, caller, [
      compileDetail(user, caller, callerId, query),
      describeCredential(caller),
    ]);
    const sent = String(credential?.body);
    const [token, session] = caller.kind === "bearer" ? [sent, "null"] : ["null", sent];
    const json = `{"user":${self?.body},"token":${token},"browser_session":${session}}`;
    return { status: 200, json };
  },
};

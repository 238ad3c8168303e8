import type { Context } from "hono";
import * as z from "zod/mini";
import { callerOfAddress } from "../auth/address.ts";
import { beginAuthorization, EXPIRES_IN, pollForToken } from "../auth/device.ts";
import type { Environment } from "../auth/environment.ts";
import { kindOf, parseInput } from "../model/input.ts";
import { visibleName } from "../model/schemas.ts";
import { ApiError, BadRequestError, ValidationError } from "../values/errors.ts";
import { isJsonObject } from "../values/json.ts";
import { readJsonBody } from "./body.ts";

/** The body of `POST /api/auth/device/`. */
export const DEVICE_INPUT = {
  shape: { client_name: z.optional(visibleName(100)) },
  descriptions: {
    client_name: {
      label: "Client name",
      help: "The program that asks: the person who approves reads it, and the token is named after it.",
    },
  },
  readOnly: [],
};

/** How many seconds a program waits between two questions. */
const INTERVAL = 5;

/**
 * `POST /api/auth/device/`: begins a device authorization. Fields that are not known are ignored, as in OAuth:
 * a newer client may send more.
 *
 * @throws ApiError for a body that is not JSON, or a `client_name` that cannot be shown; TooManyRequestsError
 * when too many programs of this address wait
 */
export async function answerDevice(context: Context<Environment>): Promise<Response> {
  const clientName = (await readClientName(context)) ?? programOf(context);
  const address = callerOfAddress(context.req.header("CF-Connecting-IP"));
  const begun = await beginAuthorization(context.get("connection"), clientName, address);
  const { href } = new URL("/account/authorize/", context.req.url);
  return context.json({
    session_id: begun.id,
    device_code: begun.deviceCode,
    user_code: begun.userCode,
    verification_uri: href,
    verification_uri_complete: `${href}?session=${begun.id}`,
    interval: INTERVAL,
    expires_in: EXPIRES_IN,
  });
}

async function readClientName({ req: { raw } }: Context<Environment>): Promise<string | undefined> {
  if (raw.body === null) return undefined;
  const read = await readJsonBody(raw);
  if (read instanceof ApiError) throw read;
  if (!isJsonObject(read.value)) {
    throw new BadRequestError(`Invalid data. Expected an object, but got ${kindOf(read.value)}.`);
  }
  const known = Object.entries(read.value).filter(([name]) => name in DEVICE_INPUT.shape);
  const { input, faults } = parseInput(DEVICE_INPUT, Object.fromEntries(known), "create");
  if (faults instanceof ApiError) throw faults;
  if (faults.size > 0) throw new ValidationError(faults.toErrors());
  return typeof input.client_name === "string" ? input.client_name : undefined;
}

/** The program that a `User-Agent` names first, such as `MATLAB`, whose client sends no name. */
function programOf(context: Context<Environment>): string {
  return /^[A-Za-z][\w.-]{0,49}/.exec(context.req.header("User-Agent") ?? "")?.[0] ?? "a program";
}

/**
 * `POST /api/auth/device/token/`: tells a program how its request stands. The status is always 200, because
 * the clients give up at any other.
 */
export async function answerDeviceToken(context: Context<Environment>): Promise<Response> {
  const read = await readJsonBody(context.req.raw);
  const body = read instanceof ApiError ? undefined : read.value;
  const code = isJsonObject(body) ? body.device_code : undefined;
  if (typeof code !== "string") return context.json({ error: "invalid_request" });
  return context.json(await pollForToken(context.get("connection"), code));
}

import { MAX_BYTES } from "../../api/body.ts";
import { carryOut } from "../../api/write.ts";
import type { Statement } from "../../db/connection.ts";
import type { Model } from "../../model/define.ts";
import { type InputMode, parseInput } from "../../model/input.ts";
import type { Intent, Plan } from "../../model/plan.ts";
import {
  ApiError,
  BadRequestError,
  ConflictError,
  type FieldErrors,
  ForbiddenError,
  TooLargeError,
  ValidationError,
} from "../../values/errors.ts";
import { toInstant } from "../../values/instant.ts";
import { isJsonObject, parseJson, writeJson } from "../../values/json.ts";
import type { BodyErrors } from "../../values/violation.ts";
import type { PageContext } from "../page.tsx";
import { type Form, strangers, Unreadable } from "./form-values.ts";

// A form is written as the API writes the body that it stands for.

/** Why a form was not written, as the page with the form shows it. */
export interface Refused {
  readonly errors?: FieldErrors;
  readonly message?: string;
  readonly status: 400 | 403 | 409 | 413;
}

/** What a form stands for: the body of a request, and which of its values have no form in JSON. */
interface Body {
  readonly body: Readonly<Record<string, unknown>>;
  readonly unreadable: ReadonlyMap<string, string>;
}

/** The body of these values of a form. What the form did not offer is in it too, so that it is refused. */
function bodyOf(model: Model, form: Form, values: ReadonlyMap<string, unknown>): Body {
  const entries = [...values].filter(([, value]) => value !== undefined);
  const unreadable = entries.flatMap(([name, value]) =>
    value instanceof Unreadable ? [[name, value.message] as const] : [],
  );
  const readable = entries.filter(([, value]) => !(value instanceof Unreadable));
  return {
    body: Object.fromEntries([...readable, ...strangers(model, form)]),
    unreadable: new Map(unreadable),
  };
}

/** The parsed input of a form, with the errors that the API would give. */
function parseForm(model: Model, { body, unreadable }: Body, mode: InputMode) {
  const shape = Object.entries(model.input.shape).filter(([name]) => !unreadable.has(name));
  const declaration = { ...model.input, shape: Object.fromEntries(shape) };
  const { input, faults } = parseInput(declaration, body, mode);
  if (faults instanceof ApiError) return { input, fault: faults };
  for (const [name, message] of unreadable) faults.add(name, message);
  const size = new TextEncoder().encode(writeJson(body)).byteLength;
  const fault: BodyErrors =
    size > MAX_BYTES
      ? new TooLargeError(`The body is larger than ${MAX_BYTES} bytes.`)
      : faults.size > 0
        ? faults
        : undefined;
  return { input, fault };
}

/** What a form is written with. */
interface FormWrite {
  readonly model: Model;
  readonly form: Form;
  readonly values: ReadonlyMap<string, unknown>;
  readonly mode: InputMode;
  plan(input: Readonly<Record<string, unknown>>, intent: Intent): Plan;
  /** Statements that fail the transaction, such as when the record has changed. */
  readonly guards?: readonly Statement[];
}

/**
 * Writes a form.
 *
 * @returns the record as JSON, or why it was not written
 * @throws every error that the form itself is not the reason of: of the sign-in, the target, or the database
 */
export async function writeForm(
  { var: { connection, caller } }: PageContext,
  { model, form, values, mode, plan, guards = [] }: FormWrite,
): Promise<{ readonly record: Readonly<Record<string, unknown>> } | { readonly refused: Refused }> {
  const { input, fault } = parseForm(model, bodyOf(model, form, values), mode);
  const intent = { caller, now: toInstant(new Date()) };
  try {
    const done = await carryOut(connection, intent, plan(input, intent), { fault, guards });
    const record = "body" in done ? parseJson(done.body) : {};
    return { record: isJsonObject(record) ? record : {} };
  } catch (error) {
    const refused = refusalOf(error);
    if (refused === undefined) throw error;
    return { refused };
  }
}

/** How a form shows an error that it is the reason of; undefined for any other error. */
export function refusalOf(error: unknown): Refused | undefined {
  if (error instanceof ValidationError) return { errors: error.fields, status: 400 };
  if (error instanceof BadRequestError) return { message: error.message, status: 400 };
  if (error instanceof ForbiddenError) return { message: error.message, status: 403 };
  if (error instanceof ConflictError) return { message: error.message, status: 409 };
  if (error instanceof TooLargeError) return { message: error.message, status: 413 };
  return undefined;
}

import type { Caller, Operator } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import type { Model } from "../../src/model/define.ts";
import { execute } from "../../src/model/execute.ts";
import type { Fields, InputOf } from "../../src/model/field.ts";
import { type InputDeclaration, type ParsedShape, parseInput } from "../../src/model/input.ts";
import type { Intent, Plan } from "../../src/model/plan.ts";
import { ApiError, ValidationError } from "../../src/values/errors.ts";
import { toInstant } from "../../src/values/instant.ts";

// The operator writes records with the same models, plans and preconditions as the API.

/** The intent of a write by the operator at the current time. */
export const intentOf = (caller: Caller): Intent => ({ caller, now: toInstant(new Date()) });

/**
 * Parses the fields of a new record as the API does.
 *
 * @throws an ApiError when the fields are invalid
 */
export function readInput<Declaration extends InputDeclaration>(
  declaration: Declaration,
  body: Readonly<Record<string, unknown>>,
): ParsedShape<Declaration["shape"]> {
  const { input, faults } = parseInput(declaration, body, "create");
  if (faults instanceof ApiError) throw faults;
  if (faults.size > 0) throw new ValidationError(faults.toErrors());
  // Without an error, the input has every field of the declaration.
  return input as ParsedShape<Declaration["shape"]>;
}

/** Parses the body of a new record of a model, as `readInput` does. */
export function readBody<F extends Fields>(
  model: Model<F>,
  body: Readonly<Record<string, unknown>>,
): InputOf<F> {
  // The fields of a model declare its input.
  return readInput(model.input, body) as InputOf<F>;
}

/**
 * Creates a record from a body as in the API. Its owner is the operator's `owner`, for models with members.
 *
 * @returns the record as JSON text
 * @throws an ApiError
 */
export function createRecord(
  connection: Connection,
  operator: Operator,
  model: Model,
  body: Readonly<Record<string, unknown>>,
): Promise<string> {
  const intent = intentOf(operator);
  const input = readBody(model, body);
  return executeForRecord(
    connection,
    intent,
    model.writes.create(crypto.randomUUID(), input, intent),
  );
}

/**
 * Changes the fields of a record that are in the input.
 *
 * @returns the record as JSON text
 * @throws an ApiError
 */
export function changeRecord<F extends Fields>(
  connection: Connection,
  operator: Operator,
  model: Model<F>,
  id: string,
  input: Partial<InputOf<F>>,
): Promise<string> {
  const intent = intentOf(operator);
  return executeForRecord(connection, intent, model.writes.change(id, input, intent));
}

/**
 * Executes a plan that replies with a record.
 *
 * @returns the record as JSON text
 * @throws an ApiError
 */
export async function executeForRecord(
  connection: Connection,
  intent: Intent,
  plan: Plan,
): Promise<string> {
  const replied = await execute(connection, intent, plan);
  if (replied.show !== "record") throw new Error("The plan replies with no record.");
  return replied.body;
}

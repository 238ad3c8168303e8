import { InvalidBody, Refusal } from "../../src/domain/errors.ts";
import { type InputDeclaration, type InputOf, parseInput } from "../../src/record/input.ts";

/**
 * Reads the fields of a new record as the API reads them.
 *
 * @throws a Refusal that says what is wrong
 */
export function readInput<Declaration extends InputDeclaration>(
  declaration: Declaration,
  body: Readonly<Record<string, unknown>>,
): InputOf<Declaration> {
  const { input, faults } = parseInput(declaration, body, "create");
  if (faults instanceof Refusal) throw faults;
  if (faults.size > 0) throw new InvalidBody(faults);
  // Without a fault every field of the declaration has been read.
  return input as InputOf<Declaration>;
}

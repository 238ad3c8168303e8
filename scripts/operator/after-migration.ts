import type { Connection } from "../../src/db/connection.ts";
import { fillFolded } from "./fold.ts";
import { findHiddenNames } from "./names.ts";

/** As many names as a person reads. */
const MAX_NAMES = 20;

/**
 * Does what a migration cannot do in SQL: fills the folded columns, and finds the names that today's rule
 * would refuse. It can be repeated.
 *
 * @returns what the operator has to know, in sentences
 */
export async function finishMigrations(connection: Connection): Promise<readonly string[]> {
  const filled = await fillFolded(connection);
  const names = await findHiddenNames(connection);
  const said = names
    .slice(0, MAX_NAMES)
    .map(({ model, id, hidden }) => `The name of the ${model} ${id} has ${hidden}.`);
  return [
    ...(filled === 0
      ? []
      : [`Texts that are found whatever their case: ${filled} were completed.`]),
    ...said,
    ...(names.length === 0
      ? []
      : [
          `${names.length} names have characters that nobody sees, and stay as they are. "npm run admin -- names" lists them.`,
        ]),
  ];
}

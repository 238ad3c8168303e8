import type { Connection } from "../../src/db/connection.ts";
import { fillFolded } from "./fold.ts";
import { findHiddenNames } from "./names.ts";
import { fillSearchIndexes } from "./search-index.ts";

/** How many names are listed: no more than a person reads. */
const MAX_NAMES = 20;

/**
 * Does the steps after a migration that SQL cannot do: it fills the folded columns and the search index, and
 * finds the names that the current rule refuses. It can be repeated.
 *
 * @returns sentences for the operator
 */
export async function finishMigrations(connection: Connection): Promise<readonly string[]> {
  const filled = await fillFolded(connection);
  const indexed = await fillSearchIndexes((statements) => connection.batch(statements));
  const names = await findHiddenNames(connection);
  const said = names
    .slice(0, MAX_NAMES)
    .map(({ model, id, hidden }) => `The name of the ${model} ${id} has ${hidden}.`);
  return [
    ...(filled === 0
      ? []
      : [`Texts that are found whatever their case: ${filled} were completed.`]),
    ...(indexed === 0 ? [] : [`Records that a search finds from now on: ${indexed}.`]),
    ...said,
    ...(names.length === 0
      ? []
      : [
          `${names.length} names have characters that nobody sees, and stay as they are. "npm run admin -- names" lists them.`,
        ]),
  ];
}

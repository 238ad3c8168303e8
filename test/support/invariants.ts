import { env } from "cloudflare:workers";
import { Connection } from "../../src/db/connection.ts";
import { findBrokenRules } from "./invariant-rules.ts";
import { countSearchFaults } from "./search-index.ts";

/**
 * The invariants that the database of the tests breaks, with what breaks them; none when all is well.
 *
 * @param owned whether all that is shared with members was made with an owner
 */
export async function findBrokenInvariants({ owned = false } = {}) {
  const connection = new Connection(env.DB);
  const broken = await findBrokenRules(connection, { owned });
  const faults = await countSearchFaults(connection);
  return faults === 0 ? broken : { ...broken, "a search finds what sessions contain": faults };
}

import { env } from "cloudflare:workers";
import { Connection } from "../../src/db/connection.ts";
import { findBrokenRules } from "./invariant-rules.ts";

/**
 * The invariants that the database of the tests breaks, with what breaks them; none when all is well.
 *
 * @param owned whether all projects, data storages and groups were made with an owner
 */
export function findBrokenInvariants({ owned = false } = {}) {
  return findBrokenRules(new Connection(env.DB), { owned });
}

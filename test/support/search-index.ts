import { sql } from "drizzle-orm";
import type { Connection } from "../../src/db/connection.ts";

const COLUMNS = "name, tags, name_used_in_storage, extra_fields, description, refs";

/** Each part of three characters in each place of each record that an index has. */
const parts = (table: string) => `SELECT term, doc, col, offset FROM ${table}_parts`;

/**
 * How many parts of three characters the search index has that the sessions do not have, or the other way
 * round: 0 when it is what an index made from nothing would be.
 */
export async function countSearchFaults(connection: Connection): Promise<number> {
  const answers = await connection.batch(
    [
      `CREATE VIRTUAL TABLE expected USING fts5(${COLUMNS}, content = '', contentless_delete = 1,
        tokenize = 'trigram case_sensitive 1')`,
      `INSERT INTO expected (rowid, ${COLUMNS}) SELECT document, ${COLUMNS} FROM session_search_documents`,
      "CREATE VIRTUAL TABLE expected_parts USING fts5vocab('expected', 'instance')",
      "CREATE VIRTUAL TABLE session_search_parts USING fts5vocab('session_search', 'instance')",
      `SELECT (SELECT count(*) FROM (${parts("expected")} EXCEPT ${parts("session_search")}))
        + (SELECT count(*) FROM (${parts("session_search")} EXCEPT ${parts("expected")}))
        + (SELECT count(*) FROM session_search_deferred) AS faults`,
      "DROP TABLE session_search_parts",
      "DROP TABLE expected_parts",
      "DROP TABLE expected",
    ].map((text) => sql.raw(text)),
  );
  return Number(answers[4]?.[0]?.faults);
}

import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "../../src/db/connection.ts";
import { models } from "../../src/models/all.ts";
import type { SearchIndex } from "../../src/query/read-model.ts";

/** Each part of three characters in each place of each record that an index has. */
const parts = (table: string) => `SELECT term, doc, col, offset FROM ${table}_parts`;

/** The statements that compare an index with one made from nothing. One of them counts the differences. */
function comparison({ table, columns }: SearchIndex): readonly SQL[] {
  const names = [...columns.flat(), "refs"].join(", ");
  return [
    `CREATE VIRTUAL TABLE expected USING fts5(${names}, content = '', contentless_delete = 1,
      tokenize = 'trigram case_sensitive 1')`,
    `INSERT INTO expected (rowid, ${names}) SELECT document, ${names} FROM ${table}_documents`,
    "CREATE VIRTUAL TABLE expected_parts USING fts5vocab('expected', 'instance')",
    `CREATE VIRTUAL TABLE ${table}_parts USING fts5vocab('${table}', 'instance')`,
    `SELECT (SELECT count(*) FROM (${parts("expected")} EXCEPT ${parts(table)}))
      + (SELECT count(*) FROM (${parts(table)} EXCEPT ${parts("expected")}))
      + (SELECT count(*) FROM ${table}_deferred) AS faults`,
    `DROP TABLE ${table}_parts`,
    "DROP TABLE expected_parts",
    "DROP TABLE expected",
  ].map((text) => sql.raw(text));
}

/**
 * How many parts of three characters the search indexes have that the records do not have, or the other way
 * round: 0 when they are what indexes made from nothing would be.
 */
export async function countSearchFaults(connection: Connection): Promise<number> {
  const indexes = models.flatMap(({ search }) => search?.index ?? []);
  const answers = await connection.batch(indexes.flatMap(comparison));
  return answers.flat().reduce((sum, { faults }) => sum + Number(faults ?? 0), 0);
}

import { type SQL, sql } from "drizzle-orm";
import type { Row } from "../../src/db/connection.ts";
import type { Model } from "../../src/model/define.ts";
import { models } from "../../src/models/all.ts";
import type { SearchIndex } from "../../src/query/read-model.ts";

/** The size of a step: about so many bytes of text, and at most so many records. A step takes under a second. */
const PAGE = { bytes: 4_000_000, records: 2_000 };

/** Runs statements as one transaction, and returns the rows of each. */
type Batch = (statements: readonly SQL[]) => Promise<readonly (readonly Row[])[]>;

/**
 * Adds the records that the search indexes do not have: those that are older than the index, and those of an
 * import. Triggers keep the index from then on. The service can run meanwhile, and this can be repeated.
 *
 * @returns the number of added records
 */
export async function fillSearchIndexes(batch: Batch): Promise<number> {
  let added = 0;
  for (const { model, index } of indexed()) added += await fillIndex(batch, model, index);
  return added;
}

/** Builds the search indexes again from nothing. Until it has ended, searches do not find everything. */
export async function rebuildSearchIndexes(batch: Batch): Promise<number> {
  for (const { index } of indexed()) {
    const table = sql.identifier(index.table);
    await batch([sql`INSERT INTO ${table} (${table}) VALUES ('delete-all')`]);
  }
  return fillSearchIndexes(batch);
}

function indexed(): readonly { readonly model: Model; readonly index: SearchIndex }[] {
  return models.flatMap((model) => {
    const index = model.search?.index;
    return index === undefined ? [] : [{ model, index }];
  });
}

async function fillIndex(batch: Batch, model: Model, index: SearchIndex): Promise<number> {
  let last = 0;
  for (let added = 0; ; ) {
    const [rows = []] = await batch([findMissing(model, index, last)]);
    const found = rows.map(({ record }) => Number(record));
    if (found.length === 0) return added;
    await batch([addRecords(index, JSON.stringify(found))]);
    added += found.length;
    last = found.at(-1) ?? last;
  }
}

/** The first records after `last` that are not in the index, as many as one step takes and at least one. */
function findMissing({ table }: Model, index: SearchIndex, last: number): SQL {
  const names = sql.identifier(index.table);
  const missing = sql`SELECT ${table}.rowid AS record FROM ${table} WHERE ${table}.rowid > ${last}
    AND NOT EXISTS (SELECT 1 FROM ${names} WHERE ${names}.rowid = ${table}.rowid)
    ORDER BY record LIMIT ${sql.raw(String(PAGE.records))}`;
  return sql`SELECT record FROM (
      SELECT record, sum(${bytesOf(index)}) OVER (ORDER BY record) - ${bytesOf(index)} AS before
      FROM (${missing}) CROSS JOIN ${documentsOf(index)} ON document = record)
    WHERE before < ${sql.raw(String(PAGE.bytes))} ORDER BY record`;
}

const bytesOf = (index: SearchIndex) =>
  sql.join(
    index.columns.flat().map((name) => sql`coalesce(octet_length(${sql.identifier(name)}), 0)`),
    sql` + `,
  );

/** The statement replaces a record that the service has indexed meanwhile. */
function addRecords(index: SearchIndex, records: string): SQL {
  const columns = sql.join(
    [...index.columns.flat(), "refs"].map((name) => sql.identifier(name)),
    sql`, `,
  );
  return sql`INSERT OR REPLACE INTO ${sql.identifier(index.table)} (rowid, ${columns})
    SELECT document, ${columns} FROM ${documentsOf(index)}
    WHERE document IN (SELECT value FROM json_each(${records}))`;
}

const documentsOf = (index: SearchIndex) => sql.identifier(`${index.table}_documents`);

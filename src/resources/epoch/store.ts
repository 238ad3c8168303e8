import { type SQL, sql } from "../../db/sql.ts";
import { epochs } from "../../db/tables.ts";
import { columnsOfSession } from "../../record/of-session-write.ts";
import { asIs, type RecordStore, storeOf, withFold } from "../../record/store.ts";
import { LINK_NAMES, LINKS, type Link } from "./links.ts";
import type { EpochInput } from "./schemas.ts";

const row = storeOf<EpochInput>(epochs, {
  ...columnsOfSession(epochs),
  name: withFold(epochs.name, epochs.nameFolded),
  start: asIs(epochs.start),
  end: asIs(epochs.end),
});

/** An epoch is its row and its links, which go with it. */
export const epochStore: RecordStore<EpochInput> = {
  insert: (id, input, now) => [...row.insert(id, input, now), ...replaceLinks(id, input)],
  update: (id, input, now) => [...row.update(id, input, now), ...replaceLinks(id, input)],
  remove: row.remove,
};

/** Links the records that the input names, in their order, and those alone. */
function replaceLinks(id: string, input: Partial<EpochInput>): readonly SQL[] {
  return LINK_NAMES.flatMap((name) => {
    const ids = input[name];
    return ids === undefined
      ? []
      : [deleteLinks(LINKS[name], id), insertLinks(LINKS[name], id, ids)];
  });
}

function deleteLinks({ table }: Link, id: string): SQL {
  return sql`DELETE FROM ${table} WHERE ${table.epochId} = ${id}`;
}

function insertLinks({ table, reference }: Link, id: string, ids: readonly string[]): SQL {
  return sql`INSERT INTO ${table} (epoch_id, ${sql.identifier(reference.name)}, position)
    SELECT ${id}, value, key FROM json_each(${JSON.stringify(ids)})`;
}

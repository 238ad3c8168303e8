import { env } from "cloudflare:workers";
import { OPERATOR } from "../../src/db/access.ts";
import { Connection } from "../../src/db/connection.ts";
import { listRecords } from "../../src/model/read.ts";
import { NO_QUERY } from "../../src/query/parse.ts";
import type { ReadModel } from "../../src/query/read-model.ts";
import { readHistory, type StoredEntry } from "./history.ts";
import { NAMED_PROJECT } from "./module-records.ts";

/** The fields of a record as JSON text, by their names. */
type Fields = ReadonlyMap<string, string>;

const keyOf = (model: string, id: string) => `${model} ${id}`;

/**
 * Tells once more all that the history says. Each change must begin with what was told before, and in the
 * end what is told must be what is there.
 *
 * @param models those whose records have all been made with a history
 * @returns what does not fit; nothing when no write has been forgotten
 */
export async function findHistoryFaults(models: readonly ReadModel[]): Promise<readonly string[]> {
  const faults: string[] = [];
  const told = new Map<string, Fields>();
  const names = models.map(({ name }) => name);
  for (const entry of await readHistory()) {
    if (names.includes(entry.model)) faults.push(...tell(entry, told));
  }
  const there = new Map((await Promise.all(models.map(readRecords))).flat());
  for (const key of new Set([...told.keys(), ...there.keys()])) {
    const [said, is] = [told, there].map((all) => JSON.stringify(sorted(all.get(key))));
    if (said !== is) faults.push(`${key}: the history tells ${said}, and there is ${is}`);
  }
  return faults;
}

/** Takes an entry into what is told, and says where it does not go on from there. */
function tell(
  { id, action, model, record, changes }: StoredEntry,
  told: Map<string, Fields>,
): readonly string[] {
  const key = keyOf(model, record);
  const old = told.get(key);
  const own = Object.entries(changes);
  const next = own.map(([field, { to }]) => [field, JSON.stringify(to)] as const);
  if (action === "delete") told.delete(key);
  else told.set(key, new Map([...(old ?? []), ...next]));
  if ((action === "create") === (old !== undefined)) return [`entry ${id}: ${action} of ${key}`];
  return own
    .filter(([field, { from }]) => JSON.stringify(from) !== (old?.get(field) ?? "null"))
    .map(([field, { from }]) => `entry ${id}: ${key}: ${field} was ${JSON.stringify(from)}`);
}

async function readRecords(model: ReadModel): Promise<readonly [key: string, Fields][]> {
  // What is the same in every record is told by no entry.
  const constant = Object.entries(model.fields).filter(([, field]) => field.isConstant);
  const query = { ...NO_QUERY, limit: 1000, exclude: constant.map(([name]) => name) };
  const { bodies } = await listRecords(new Connection(env.DB), OPERATOR, model, query);
  const records = bodies.map((body): Record<string, unknown> => JSON.parse(body));
  // What `buildNamed` made has no history.
  return records
    .filter(({ id }) => id !== NAMED_PROJECT)
    .map((record) => {
      // Lists of records with histories of their own are repeated by no entry.
      const own = Object.entries(record).filter(([field]) => !model.fields[field]?.hasOwnHistory);
      const fields = own.map(([field, value]) => [field, JSON.stringify(value)] as const);
      return [keyOf(model.name, String(record.id)), new Map(fields)];
    });
}

const sorted = (fields: Fields | undefined) => fields && [...fields].sort();

import { type SQL, sql } from "drizzle-orm";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { sessionDataStorages } from "../../src/db/schema/sessions.ts";
import { sessionDataStorage } from "../../src/models/session-data-storage.ts";
import { LEVEL } from "../../src/values/permission.ts";

/** The scopes of the rows of one block, in the order of their numbers. */
const scopesOf = (from: string) => `(SELECT group_concat(scope, '') FROM (${from} ORDER BY scope))`;

/** What the blocks of a list of sessions should contain: the key and the id by which their rows are sorted. */
const BLOCKS = [
  ["name", "name", "''"],
  ["id", "id", "''"],
  ["date_time", "coalesce(date_time, '')", "id"],
  ["created_date", "created_date", "id"],
  ["updated_date", "updated_date", "id"],
]
  .map(
    ([list, key, id]) => `SELECT list, key, id FROM (
      SELECT *, lead(key, 1, x'ff') OVER (ORDER BY key, id) AS end_key, lead(id, 1, '') OVER (ORDER BY key, id) AS end_id
      FROM session_blocks WHERE list = '${list}') AS block
    WHERE row_count > 64 OR row_count = 0 AND (key <> '' OR id <> '') OR row_count * 9 <> length(scopes)
    OR ${scopesOf(`SELECT value || ',' AS scope FROM json_each(
        '["' || replace(rtrim(scopes, ','), ',', '","') || '"]') WHERE value <> ''`)}
    IS NOT ${scopesOf(`SELECT printf('%08d,', project_set_id) AS scope FROM (
        SELECT ${key} AS row_key, ${id} AS row_id, project_set_id FROM sessions)
      WHERE (row_key, row_id) >= (block.key, block.id) AND (row_key, row_id) < (block.end_key, block.end_id)`)}`,
  )
  .join(" UNION ALL ");

/** What must never be found in the database: a query for the ids of whatever breaks the rule. */
const RULES: Readonly<Record<string, string>> = {
  "a project set counts its sessions": `SELECT id FROM project_sets WHERE session_count <>
    (SELECT count(*) FROM sessions WHERE project_set_id = project_sets.id)`,
  "a project set goes with its last session": "SELECT id FROM project_sets WHERE session_count = 0",
  "the members of a project set are those that it names": `SELECT id FROM project_sets
    WHERE (SELECT json_group_array(value ORDER BY key) FROM json_each(project_ids)) IS NOT
    (SELECT json_group_array(project_id ORDER BY position) FROM session_projects
      WHERE project_set_id = project_sets.id)`,
  "the blocks of a list have the project sets of its rows": BLOCKS,
  "a session is in at least one project": `SELECT id FROM sessions WHERE NOT EXISTS
    (SELECT 1 FROM session_projects WHERE project_set_id = sessions.project_set_id)`,
  "names are unique": ["sessions", "projects", "data_storages", "groups"]
    .map((table) => `SELECT name FROM ${table} GROUP BY name HAVING count(*) > 1`)
    .join(" UNION ALL "),
  "an epoch refers to records of its own session": ["data_acquisition", "behavior", "manipulation"]
    .map(
      (kind) => `SELECT epoch_id FROM epoch_${kind}s
        JOIN epochs ON epochs.id = epoch_id JOIN ${kind}s AS records ON records.id = ${kind}_id
        WHERE epochs.session_id <> records.session_id`,
    )
    .join(" UNION ALL "),
  "no row refers to one that is not there": `SELECT "table" FROM pragma_foreign_key_check`,
};

/** The rank of an association as the API shows it; a session whose ranks are not 0, 1, 2 ... breaks the rule. */
const denseOrder = (): SQL => sql`SELECT session_id FROM (
    SELECT session_id, ${sessionDataStorage.fields.order.json?.(OPERATOR) ?? null} AS place
    FROM ${sessionDataStorages})
  GROUP BY session_id
  HAVING min(place) <> 0 OR max(place) <> count(*) - 1 OR count(DISTINCT place) <> count(*)`;

/** What is made through the API has an owner from then on; what a builder makes may have none. */
const OWNED = [
  ["projects", "project_users", "project_id"],
  ["data_storages", "data_storage_users", "data_storage_id"],
  ["groups", "group_members", "group_id"],
]
  .map(
    ([table, members, record]) => `SELECT id FROM ${table} WHERE NOT EXISTS (SELECT 1
      FROM ${members} WHERE ${record} = ${table}.id AND level = ${LEVEL.owner})`,
  )
  .join(" UNION ALL ");

/**
 * The rules that the whole of a database breaks, with what breaks them; none when all is well.
 *
 * @param owned whether all projects, data storages and groups were made with an owner
 */
export async function findBrokenRules(
  connection: Connection,
  { owned = false } = {},
): Promise<Readonly<Record<string, unknown>>> {
  const rules: Readonly<Record<string, SQL>> = {
    ...Object.fromEntries(Object.entries(RULES).map(([rule, text]) => [rule, sql.raw(text)])),
    "the order of a session's data storages is dense": denseOrder(),
    ...(owned && { "what is shared has an owner": sql.raw(OWNED) }),
  };
  const answers = await connection.batch(Object.values(rules));
  return Object.fromEntries(
    Object.keys(rules)
      .map((rule, index) => [rule, answers[index]] as const)
      .filter(([, rows]) => rows?.length !== 0),
  );
}

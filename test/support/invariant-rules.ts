import { getTableName, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { sessionDataStorages } from "../../src/db/schema/sessions.ts";
import { SHARED_TABLES } from "../../src/db/shared-tables.ts";
import { models } from "../../src/models/all.ts";
import { sessionDataStorage } from "../../src/models/session-data-storage.ts";
import { type BlockList, MAX_IN_BLOCK } from "../../src/query/read-model.ts";
import { LEVEL, SHARED_KINDS } from "../../src/values/permission.ts";

/** The tables of what belongs to a session, a subject or a procedure, and the parents. */
const BELONGING = [
  ["session_data_storages", "sessions", "session_id"],
  ["data_acquisitions", "sessions", "session_id"],
  ["behaviors", "sessions", "session_id"],
  ["manipulations", "sessions", "session_id"],
  ["epochs", "sessions", "session_id"],
  ["procedures", "subjects", "subject_id"],
  ["subject_logs", "subjects", "subject_id"],
  ["procedure_logs", "procedures", "procedure_id"],
] as const;

/** The tables whose rows the project sets count, and the columns that do. */
const COUNTED = [
  ["sessions", "session_count"],
  ["subjects", "subject_count"],
  ...BELONGING.map(([table]) => [table, `${table.replace(/s$/, "")}_count`] as const),
] as const;

/** The tables whose rows belong to one record that counts them. */
const COUNTED_BY_ONE = [
  ["collections", "project_id", "projects", "collection_count"],
  ["cohorts", "project_id", "projects", "cohort_count"],
  ["equipment", "setup_id", "setups", "equipment_count"],
  ["consumable_stocks", "inventory_id", "inventories", "consumable_stock_count"],
] as const;

/** The tables of mentions, and the lists that they stand for. */
const MENTIONS = [
  ["behavior_subjects", "behaviors", "subjects"],
  ["data_acquisition_procedures", "data_acquisitions", "procedures"],
  ["data_acquisition_equipment", "data_acquisitions", "equipment"],
  ["manipulation_procedures", "manipulations", "procedures"],
  ["manipulation_equipment", "manipulations", "equipment"],
  ["procedure_equipment", "procedures", "equipment"],
] as const;

/** A rule for each of several tables. */
const eachOf = <Each>(all: readonly Each[], rule: (one: Each) => readonly [string, string]) =>
  Object.fromEntries(all.map(rule));
/** What must never be found in the database: a query for the ids of whatever breaks the rule. */
const RULES: Readonly<Record<string, string>> = {
  "a project set counts its sessions": `SELECT id FROM project_sets WHERE session_count <>
    (SELECT count(*) FROM sessions WHERE project_set_id = project_sets.id)`,
  "a project set counts its subjects": `SELECT id FROM project_sets WHERE subject_count <>
    (SELECT count(*) FROM subjects WHERE project_set_id = project_sets.id)`,
  "a project set goes with its last session and subject":
    "SELECT id FROM project_sets WHERE session_count = 0 AND subject_count = 0",
  ...eachOf(COUNTED, ([table, count]) => [
    `a project set counts its ${table} for each project`,
    `SELECT project_set_id FROM session_projects WHERE ${count} <>
      (SELECT count(*) FROM ${table} WHERE project_set_id = session_projects.project_set_id)`,
  ]),
  "a project counts its subjects": `SELECT id FROM projects WHERE subject_count <>
    (SELECT count(*) FROM subjects JOIN session_projects
      ON session_projects.project_set_id = subjects.project_set_id
      WHERE session_projects.project_id = projects.id)`,
  ...eachOf(COUNTED_BY_ONE, ([table, parentId, parents, count]) => [
    `the ${parents} count their ${table}`,
    `SELECT id FROM ${parents} WHERE ${count} <>
      (SELECT count(*) FROM ${table} WHERE ${parentId} = ${parents}.id)`,
  ]),
  ...eachOf(BELONGING, ([table, parents, parentId]) => [
    `the ${table} have the project sets of their ${parents}`,
    `SELECT ${table}.id FROM ${table} JOIN ${parents} ON ${parents}.id = ${parentId}
      WHERE ${table}.project_set_id IS NOT ${parents}.project_set_id`,
  ]),
  ...eachOf(MENTIONS, ([table, records, list]) => [
    `the rows of ${table} are what the lists say`,
    `SELECT id FROM ${records} WHERE
      (SELECT json_group_array(value ORDER BY value) FROM (SELECT DISTINCT value FROM json_each(${list})))
      IS NOT (SELECT json_group_array(mentioned_id ORDER BY mentioned_id) FROM ${table} WHERE record_id = id)`,
  ]),
  "an interval of a log does not end before it begins":
    "SELECT subject_log_id FROM subject_log_entries WHERE end_date_time < date_time",
  "the members of a project set are those that it names": `SELECT id FROM project_sets
    WHERE (SELECT json_group_array(value ORDER BY key) FROM json_each(project_ids)) IS NOT
    (SELECT json_group_array(project_id ORDER BY position) FROM session_projects
      WHERE project_set_id = project_sets.id)`,
  "a session is in at least one project": `SELECT id FROM sessions WHERE NOT EXISTS
    (SELECT 1 FROM session_projects WHERE project_set_id = sessions.project_set_id)`,
  "a subject is in at least one project": `SELECT id FROM subjects WHERE NOT EXISTS
    (SELECT 1 FROM session_projects WHERE project_set_id = subjects.project_set_id)`,
  "names are unique": ["sessions", "subjects", "projects", "data_storages", "groups"]
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
const OWNED = eachOf(SHARED_KINDS, (kind) => {
  const { records, users } = SHARED_TABLES[kind];
  const table = getTableName(records);
  return [
    `the ${table} have owners`,
    `SELECT id FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM ${getTableName(users)}
      WHERE ${users.recordId.name} = ${table}.id AND level = ${LEVEL.owner})`,
  ];
});

/** The rules of the blocks of all lists. They follow from the declarations of the models. */
function blocksOfLists(): Readonly<Record<string, SQL>> {
  const lists = models.flatMap(({ table, scope }) =>
    Object.values(scope?.orders ?? {}).flatMap(({ blocks }) =>
      scope === undefined || blocks === undefined ? [] : [{ table, scope, blocks }],
    ),
  );
  return Object.fromEntries(
    lists.map(({ table, scope, blocks }) => [
      `the blocks of ${blocks.list} have the project sets of its rows`,
      wrongBlocks(table, scope.ofRow, blocks),
    ]),
  );
}

/** The blocks of a list that do not have the rows between their start and the next one's, or too many. */
function wrongBlocks(table: SQLiteTable, scope: SQLiteColumn, { list, keys, id }: BlockList): SQL {
  const sorted = sql`(SELECT group_concat(value || ',', '' ORDER BY value) FROM json_each(
    '["' || replace(rtrim(scopes, ','), ',', '","') || '"]') WHERE value <> '')`;
  // Each row follows the start of its block in the order of the list.
  return sql`WITH starts_and_rows AS (
      SELECT key, id, row_count, scopes, NULL AS scope FROM list_blocks WHERE list = ${list}
      UNION ALL SELECT coalesce(${keys[0]}, ''), ${id ?? sql`''`}, NULL, NULL, ${scope} FROM ${table}),
    numbered AS (
      SELECT *, count(scopes) OVER (ORDER BY key, id, scope IS NOT NULL) AS block FROM starts_and_rows)
    SELECT key, id FROM (
      SELECT max(row_count) AS row_count, max(scopes) AS scopes, min(key) AS key, id,
        group_concat(printf('%08d,', scope), '' ORDER BY scope) FILTER (WHERE scope IS NOT NULL) AS found
      FROM numbered GROUP BY block)
    WHERE row_count > ${MAX_IN_BLOCK} OR row_count = 0 AND (key <> '' OR id <> '')
    OR row_count * 9 IS NOT length(scopes) OR ${sorted} IS NOT found`;
}

/**
 * The rules that the whole of a database breaks, with what breaks them; none when all is well.
 *
 * @param owned whether all that is shared with members was made with an owner
 */
export async function findBrokenRules(
  connection: Connection,
  { owned = false } = {},
): Promise<Readonly<Record<string, unknown>>> {
  const texts = Object.entries({ ...RULES, ...(owned && OWNED) });
  const rules: Readonly<Record<string, SQL>> = {
    ...Object.fromEntries(texts.map(([rule, text]) => [rule, sql.raw(text)])),
    ...blocksOfLists(),
    "the order of a session's data storages is dense": denseOrder(),
  };
  const answers = await connection.batch(Object.values(rules));
  return Object.fromEntries(
    Object.keys(rules)
      .map((rule, index) => [rule, answers[index]] as const)
      .filter(([, rows]) => rows?.length !== 0),
  );
}

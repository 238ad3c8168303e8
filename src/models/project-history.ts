import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable, levelOn } from "../db/access.ts";
import type { Row } from "../db/connection.ts";
import { history } from "../db/schema/history.ts";
import { projects } from "../db/schema/projects.ts";
import { sessions } from "../db/schema/sessions.ts";
import { users } from "../db/schema/users.ts";
import { LEVEL_FOR } from "../values/permission.ts";

/** The bounds of one page: its entries, the entries that are looked at, the fields and texts of an entry. */
const MOST = { entries: 25, looked: 50_000, fields: 12, text: 160 } as const;

/** One audit entry of a record that was in the project at the time. */
export interface FeedEntry {
  readonly id: number;
  readonly dateTime: string;
  /** The email of who did it; null for the administrator's command. */
  readonly user: string | null;
  readonly action: string;
  readonly model: string;
  readonly recordId: string;
  /** The name of the record now, else the one that the entry has; null for a record without a name. */
  readonly name: string | null;
  /** Whether the record is still there; only known of sessions and projects. */
  readonly isThere: boolean;
  /** The first fields that changed, each with the beginning of its value before and after. */
  readonly changes: readonly (readonly [field: string, from: string | null, to: string | null])[];
}

/** A page of the history of a project, the newest entry first. */
export interface ProjectHistory {
  readonly entries: readonly FeedEntry[];
  /** The id before which the next page begins; null at the end of the history. */
  readonly before: number | null;
}

/**
 * Finds who changed what in a project, from the newest entry before `before` on. Entries are looked at from the
 * newest one back, and at most `MOST.looked` of them, because an index of entries by project would cost every
 * write a row, and few people read this. The caller sees entries only as a manager of the project.
 *
 * @param before the id of an entry; undefined for the newest ones
 */
export function findProjectHistory(caller: Caller, id: string, before: number | undefined): SQL {
  const end =
    before === undefined ? sql`(SELECT max(${history.id}) + 1 FROM ${history})` : sql`${before}`;
  const sessionName = sql`(SELECT ${sessions.name} FROM ${sessions} WHERE ${sessions.id} = ${history.recordId})`;
  const projectName = sql`(SELECT ${projects.name} FROM ${projects} WHERE ${projects.id} = ${history.recordId})`;
  const shortened = (of: "from" | "to") => sql`substr(value ->> ${of}, 1, ${MOST.text})`;
  return sql`WITH ${callerTable(caller)},
    part AS MATERIALIZED (SELECT ${end} AS stop, ${end} - ${MOST.looked} AS start)
    SELECT ${history.id} AS id, ${history.dateTime} AS "dateTime", ${history.action} AS action,
      ${history.model} AS model, ${history.recordId} AS "recordId",
      (SELECT ${users.email} FROM ${users} WHERE ${users.id} = ${history.userId}) AS user,
      coalesce(${sessionName}, ${projectName}, ${history.changes} ->> '$.name.to',
        ${history.changes} ->> '$.name.from') AS name,
      ${sessionName} IS NOT NULL OR ${projectName} IS NOT NULL AS "isThere",
      (SELECT json_group_array(json_array(key, ${shortened("from")}, ${shortened("to")}))
        FROM (SELECT key, value FROM json_each(${history.changes}) LIMIT ${MOST.fields})) AS changes,
      part.start AS start, (SELECT min(${history.id}) FROM ${history}) AS first
    FROM part LEFT JOIN ${history} ON ${history.id} >= part.start AND ${history.id} < part.stop
      AND instr(${history.projects}, ${id}) > 0
      AND ${levelOn(caller, "project", sql`${id}`)} >= ${LEVEL_FOR.manage}
    ORDER BY ${history.id} DESC LIMIT ${MOST.entries + 1}`;
}

/** The page in the rows of `findProjectHistory`. */
export function readProjectHistory(rows: readonly Row[] = []): ProjectHistory {
  const found = rows.filter((row) => row.id !== null).map(readEntry);
  const entries = found.slice(0, MOST.entries);
  const { start = null, first = null } = rows[0] ?? {};
  const isMore = found.length > MOST.entries;
  const isFurther = start !== null && first !== null && Number(start) > Number(first);
  const last = entries.at(-1)?.id ?? null;
  return { entries, before: isMore ? last : isFurther ? Number(start) : null };
}

const readEntry = (row: Row): FeedEntry => ({
  id: Number(row.id),
  dateTime: String(row.dateTime),
  user: row.user == null ? null : String(row.user),
  action: String(row.action),
  model: String(row.model),
  recordId: String(row.recordId),
  name: row.name == null ? null : String(row.name),
  isThere: row.isThere === 1,
  // The statement makes the list.
  changes: JSON.parse(String(row.changes)) as FeedEntry["changes"],
});

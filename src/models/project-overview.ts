import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable, levelOn, readableIds } from "../db/access.ts";
import type { Row } from "../db/connection.ts";
import { dataStorages } from "../db/schema/data-storages.ts";
import { projects } from "../db/schema/projects.ts";
import {
  projectSets,
  sessionDataStorages,
  sessionProjects,
  sessions,
  sessionTags,
} from "../db/schema/sessions.ts";
import { selectList } from "../db/typed-rows.ts";
import { LEVEL } from "../values/permission.ts";

// What the page of a project shows beside the project itself.

const STANDING = {
  createdDate: projects.createdDate,
  updatedDate: projects.updatedDate,
  subject: projects.subjectCount,
  collection: projects.collectionCount,
  cohort: projects.cohortCount,
} as const;

/**
 * The dates of a project in their stored form, the caller's level on it, and how many records of other models it has.
 * A level of 0 is none.
 */
export interface Standing {
  readonly level: number;
  readonly createdDate: string;
  readonly updatedDate: string;
  /** By the name of the model. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Finds the standing of the caller on a project: no row when it does not exist. */
export function findStanding(caller: Caller, id: string): SQL {
  return sql`WITH ${callerTable(caller)}
    SELECT ${selectList(STANDING)}, ${levelOn(caller, "project", sql`${id}`)} AS level
    FROM ${projects} WHERE ${projects.id} = ${id}`;
}

/** The standing in the row of `findStanding`. */
export function readStanding([row]: readonly Row[] = []): Standing {
  return {
    level: Number(row?.level ?? 0),
    createdDate: String(row?.createdDate ?? ""),
    updatedDate: String(row?.updatedDate ?? ""),
    counts: new Map(
      (["subject", "collection", "cohort"] as const).map((name) => [
        name,
        Number(row?.[name] ?? 0),
      ]),
    ),
  };
}

/** What the sessions of a project are counted by, beside the month. */
export const SPLITS = ["storage", "tag"] as const;

export type Split = (typeof SPLITS)[number];

/** The bounds of a count: the sessions, the storages or tags of sessions, and the storages or tags. */
export const MOST_COUNTED = { sessions: 20_000, pairs: 40_000, keys: 5 } as const;

/** How many sessions a month has; with a split, how many of them have one storage or tag. */
export interface MonthCount {
  /** `2023-03`. */
  readonly month: string;
  /** The id of the storage, or the tag; `""` without a split. */
  readonly key: string;
  readonly name: string;
  readonly count: number;
}

/** The sessions of a project over time. */
export interface SessionCounts {
  /** All sessions of the project, with and without a date; more than `MOST_COUNTED.sessions` is at least that. */
  readonly total: number;
  /** The year that is counted; null when all years are. */
  readonly year: string | null;
  /** The first and the last year with a session; null when no session has a date. */
  readonly firstYear: string | null;
  readonly lastYear: string | null;
  /** Set when there was more to count than the bound. */
  readonly isCut: boolean;
  readonly months: readonly MonthCount[];
}

/** The tables with what sessions are split by, and the columns of the key and of its name. */
const SPLIT_BY = {
  storage: (caller: Caller) => ({
    key: dataStorages.id,
    name: dataStorages.name,
    from: sql`CROSS JOIN ${sessionDataStorages} ON ${sessionDataStorages.sessionId} = counted.id
      CROSS JOIN ${dataStorages} ON ${dataStorages.id} = ${sessionDataStorages.dataStorageId}
      WHERE ${dataStorages.id} IN ${readableIds(caller, "datastorage")}`,
  }),
  tag: () => ({
    key: sessionTags.tag,
    name: sessionTags.tag,
    from: sql`CROSS JOIN ${sessionTags} ON ${sessionTags.sessionId} = counted.id`,
  }),
};

const sumIsAbove = (most: number) => sql`(SELECT sum(count) FROM grouped) > ${most}`;

/** The counts of all sessions of a month, and whether there were more. */
const bySessions = {
  grouped: sql`SELECT month, '' AS key, '' AS name, count(*) AS count FROM counted GROUP BY month`,
  isCut: sumIsAbove(MOST_COUNTED.sessions),
};

/** The counts of the sessions of a month with one storage or tag, and whether there were more. */
const byPairs = ({ key, name, from }: ReturnType<(typeof SPLIT_BY)[Split]>) => ({
  grouped: sql`SELECT month, key, name, count(*) AS count FROM (
      SELECT month, ${key} AS key, ${name} AS name FROM counted ${from}
      LIMIT ${MOST_COUNTED.pairs + 1})
    GROUP BY month, key`,
  isCut: sql`${sumIsAbove(MOST_COUNTED.pairs)}
    OR chosen.year IS NOT NULL AND (SELECT count(*) FROM counted) > ${MOST_COUNTED.sessions}`,
});

/**
 * Counts the sessions of a project that the caller may see, by month. The sessions are read from an index by
 * project set and date, at most `MOST_COUNTED.sessions` of them: a project with more is counted one year at a
 * time. `readSessionCounts` reads the rows.
 *
 * @param year the year to count, such as `2023`; the last one with a session, or all, when absent
 */
export function countSessions(
  caller: Caller,
  id: string,
  split: Split | undefined,
  year: string | undefined,
): SQL {
  const { sessions: most, keys } = MOST_COUNTED;
  const edge = (which: SQL) => sql`(SELECT ${which}(edge) FROM (
    SELECT (SELECT ${which}(${sessions.dateTime}) FROM ${sessions}
      WHERE ${sessions.projectSetId} = sets.id AND ${sessions.dateTime} IS NOT NULL) AS edge FROM sets))`;
  const { grouped, isCut } = split === undefined ? bySessions : byPairs(SPLIT_BY[split](caller));
  return sql`WITH ${callerTable(caller)},
    sets AS MATERIALIZED (
      SELECT ${projectSets.id} AS id, ${projectSets.sessionCount} AS count FROM ${sessionProjects}
      JOIN ${projectSets} ON ${projectSets.id} = ${sessionProjects.projectSetId}
      WHERE ${sessionProjects.projectId} = ${id}
      AND ${levelOn(caller, "project", sql`${id}`)} >= ${LEVEL.member} LIMIT ${most + 1}),
    chosen AS MATERIALIZED (
      SELECT total, first, last, CASE WHEN ${year ?? null} IS NOT NULL THEN ${year ?? null}
        WHEN total > ${most} THEN last END AS year
      FROM (SELECT coalesce((SELECT sum(count) FROM sets), 0) AS total,
        substr(${edge(sql`min`)}, 1, 4) AS first, substr(${edge(sql`max`)}, 1, 4) AS last)),
    counted AS (
      SELECT ${sessions.id} AS id, substr(${sessions.dateTime}, 1, 7) AS month
      FROM sets CROSS JOIN ${sessions} ON ${sessions.projectSetId} = sets.id
      WHERE ${sessions.dateTime} >= coalesce((SELECT year FROM chosen), '')
      AND ${sessions.dateTime} < coalesce((SELECT year FROM chosen), '') || '~' LIMIT ${most + 1}),
    grouped AS MATERIALIZED (${grouped}),
    shown AS (SELECT key FROM grouped GROUP BY key ORDER BY sum(count) DESC, key LIMIT ${keys})
    SELECT chosen.total, chosen.year, chosen.first, chosen.last, counts.*,
      ${isCut} AS "isCut"
    FROM chosen LEFT JOIN (SELECT * FROM grouped WHERE key IN (SELECT key FROM shown)) AS counts
    ORDER BY counts.month, counts.key`;
}

/** The counts in the rows of `countSessions`. */
export function readSessionCounts(rows: readonly Row[] = []): SessionCounts {
  const [about] = rows;
  const textOf = (value: Row[string] | undefined) => (value == null ? null : String(value));
  return {
    total: Number(about?.total ?? 0),
    year: textOf(about?.year),
    firstYear: textOf(about?.first),
    lastYear: textOf(about?.last),
    isCut: about?.isCut === 1,
    months: rows
      .filter(({ month }) => month !== null)
      .map(({ month, key, name, count }) => ({
        month: String(month),
        key: String(key),
        name: String(name),
        count: Number(count),
      })),
  };
}

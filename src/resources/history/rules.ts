import { levelOn } from "../../db/access.ts";
import { sql } from "../../db/sql.ts";
import { history } from "../../db/tables.ts";
import type { Fault } from "../../domain/fault.ts";
import { LEVEL_FOR } from "../../domain/permission.ts";
import type { Resource } from "../../query/resource.ts";
import type { Check } from "../../record/checks.ts";

/** The caller manages a project that the record is in, or was in at one time of its history. */
export function historyIsOpen(resource: Resource, id: string): Check {
  const hidden: Fault = { kind: "hidden", model: "history", permission: "manage_project" };
  const { table, projectIds = sql`'[]'` } = resource;
  const entries = sql`${history} WHERE ${history.recordId} = ${id}`;
  const record = sql`${table} WHERE ${resource.id} = ${id}`;
  return (viewer) => {
    const managesOne = sql`${levelOn(viewer, "project", sql`ids.value`)} >= ${LEVEL_FOR.manage}`;
    return sql`SELECT fault FROM (SELECT CASE
        WHEN EXISTS (SELECT 1 FROM (SELECT ${projectIds} AS list FROM ${record}), json_each(list) AS ids
          WHERE ${managesOne}) THEN NULL
        WHEN EXISTS (SELECT 1 FROM (SELECT ${history.projects} AS list FROM ${entries}),
          json_each(list) AS ids WHERE ${managesOne}) THEN NULL
        WHEN EXISTS (SELECT 1 FROM ${record}) OR EXISTS (SELECT 1 FROM ${entries})
          THEN ${JSON.stringify(hidden)}
        ELSE '{"kind":"absent"}' END AS fault) WHERE fault IS NOT NULL`;
  };
}

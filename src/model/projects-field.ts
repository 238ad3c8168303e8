import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { type Caller, readableIds } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { projects } from "../db/schema/projects.ts";
import { projectSets, sessionProjects } from "../db/schema/sessions.ts";
import { IDS_SCHEMA, jsonList, jsonValues } from "../query/field.ts";
import type { Target } from "../query/operators.ts";
import type { Filter, ReadModel } from "../query/read-model.ts";
import type { About, WritableField } from "./field.ts";
import { idsExist } from "./precondition.ts";
import { ensureProjectSet, type InProjectSet, projectSetWith } from "./project-set.ts";
import { someUuids } from "./schemas.ts";

/** The most projects, and the most data storages, of one record. */
export const MAX_RELATED = 100;

/**
 * A filter matches only what the caller is shown. The public portal shows only public projects and data
 * storages. The private portal shows the ids of all of a record's, and the names of those that the caller
 * may read.
 */
export function onlyShown(
  caller: Caller,
  id: Expression,
  kind: "project" | "datastorage",
  shown: "ids" | "readable",
): SQL {
  if (caller.kind !== "public" && shown === "ids") return sql``;
  return sql` AND ${id} IN ${readableIds(caller, kind)}`;
}

/**
 * A column that SQLite looks up in no index. For the few rows of one session it would otherwise look up each
 * thing that the caller may read.
 */
export const noIndex = (column: SQLiteColumn) => sql`+${column}`;

/** A filter on the projects of a record. It depends only on the record's project set. */
function onProjects(type: Filter["type"], target: Target, shown: "ids" | "readable"): Filter {
  return {
    type,
    related: true,
    scoped: true,
    where: (test, caller, scope) => sql`${scope} IN (
      SELECT ${sessionProjects.projectSetId} FROM ${sessionProjects}
      JOIN ${projects} ON ${projects.id} = ${sessionProjects.projectId}
      WHERE ${test(target)}${onlyShown(caller, projects.id, "project", shown)})`,
  };
}

/** The projects of a session or a subject, at least one, in the order in which the client sent them. */
export function projectsOf(
  { projectSetId }: InProjectSet,
  model: () => ReadModel,
  { help }: Pick<About, "help">,
): WritableField<string[]> {
  const onId = onProjects("id", { column: projects.id }, "ids");
  const onName = { column: projects.name, folded: projects.nameFolded };
  return {
    help,
    input: "references",
    schema: IDS_SCHEMA,
    json: (caller) =>
      caller.kind === "public"
        ? jsonValues(
            sessionProjects.projectId,
            sessionProjects.position,
            sql`${sessionProjects} WHERE ${sessionProjects.projectSetId} = ${projectSetId}
              ${onlyShown(caller, noIndex(sessionProjects.projectId), "project", "ids")}`,
          )
        : sql`(SELECT ${projectSets.projectIds} FROM ${projectSets}
            WHERE ${projectSets.id} = ${projectSetId})`,
    filters: { "": onId, id: onId, name: onProjects("text", onName, "readable") },
    include: {
      model,
      list: (each, caller) =>
        jsonList(
          each,
          sessionProjects.position,
          sql`${sessionProjects} JOIN ${projects} ON ${projects.id} = ${sessionProjects.projectId}
            WHERE ${sessionProjects.projectSetId} = ${projectSetId}
            ${onlyShown(caller, noIndex(projects.id), "project", "ids")}`,
        ),
    },
    // The access (`throughProjects`) checks the caller's permissions on the projects.
    write: {
      schema: someUuids(MAX_RELATED),
      preconditions: (ids) => [idsExist("projects", projects, ids)],
      before: (ids) => [ensureProjectSet(ids)],
      cells: (ids) => [[projectSetId, projectSetWith(ids)]],
    },
  };
}

import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import { type Caller, readableIds } from "../../db/access.ts";
import type { Expression } from "../../db/expression.ts";
import { columnNames } from "../../db/names.ts";
import { dataStorages } from "../../db/schema/data-storages.ts";
import { projects } from "../../db/schema/projects.ts";
import {
  projectSets,
  sessionDataStorages,
  sessionProjects,
  sessions,
} from "../../db/schema/sessions.ts";
import type { WritableField } from "../../model/field.ts";
import { projectSetOf } from "../../model/in-session.ts";
import { changesAll, holdsOn, idsExist, type Precondition } from "../../model/precondition.ts";
import { someUuids, uuids } from "../../model/schemas.ts";
import { IDS_SCHEMA, jsonList, jsonValues } from "../../query/field.ts";
import type { Target } from "../../query/operators.ts";
import type { Filter } from "../../query/read-model.ts";
import { dataStorage } from "../data-storage.ts";
import { project } from "../project.ts";
import { ensureProjectSet, projectSetWith } from "./project-set.ts";

// The projects and the data storages of a session.

/** The most projects, and the most data storages, of one session. */
export const MAX_RELATED = 100;

/**
 * A filter matches only what the caller is shown. The public portal shows only public projects and data
 * storages. The private portal shows the ids of all of a session's, and the names of those that the caller
 * may read.
 */
function onlyShown(
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
const noIndex = (column: SQLiteColumn) => sql`+${column}`;

/** A filter on the projects of a session. It depends only on the session's project set. */
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

/** The projects of a session, at least one, in the order in which the client sent them. */
export function projectsOfSession(): WritableField<string[]> {
  const onId = onProjects("id", { column: projects.id }, "ids");
  const onName = { column: projects.name, folded: projects.nameFolded };
  return {
    help: "The projects that the session belongs to, at least one; they say who may read and change it.",
    input: "references",
    schema: IDS_SCHEMA,
    json: (caller) =>
      caller.kind === "public"
        ? jsonValues(
            sessionProjects.projectId,
            sessionProjects.position,
            sql`${sessionProjects} WHERE ${sessionProjects.projectSetId} = ${sessions.projectSetId}
              ${onlyShown(caller, noIndex(sessionProjects.projectId), "project", "ids")}`,
          )
        : sql`(SELECT ${projectSets.projectIds} FROM ${projectSets}
            WHERE ${projectSets.id} = ${sessions.projectSetId})`,
    filters: { "": onId, id: onId, name: onProjects("text", onName, "readable") },
    include: {
      model: () => project,
      list: (each, caller) =>
        jsonList(
          each,
          sessionProjects.position,
          sql`${sessionProjects} JOIN ${projects} ON ${projects.id} = ${sessionProjects.projectId}
            WHERE ${sessionProjects.projectSetId} = ${sessions.projectSetId}
            ${onlyShown(caller, noIndex(projects.id), "project", "ids")}`,
        ),
    },
    // The access to a session (`throughProjects`) checks the caller's permissions on the projects.
    write: {
      schema: someUuids(MAX_RELATED),
      preconditions: (ids) => [idsExist("projects", projects, ids)],
      before: (ids) => [ensureProjectSet(ids)],
      cells: (ids) => [[sessions.projectSetId, projectSetWith(ids)]],
    },
  };
}

const storageOrder = sql`${sessionDataStorages.position}, ${sessionDataStorages.id}`;

function onDataStorages(type: Filter["type"], target: Target, shown: "ids" | "readable"): Filter {
  const matching = (test: (target: Target) => SQL, caller: Caller) => sql`${sessionDataStorages}
    JOIN ${dataStorages} ON ${dataStorages.id} = ${sessionDataStorages.dataStorageId}
    WHERE ${test(target)}
    ${onlyShown(caller, dataStorages.id, "datastorage", shown)}`;
  return {
    type,
    related: true,
    cost: 4,
    where: (test, caller) => sql`EXISTS (SELECT 1 FROM ${matching(test, caller)}
      AND ${sessionDataStorages.sessionId} = ${sessions.id})`,
    candidates: (test, caller) =>
      sql`SELECT ${sessionDataStorages.sessionId} FROM ${matching(test, caller)}`,
  };
}

/** The data storages of a session, in their order. */
export function storagesOfSession(): WritableField<string[]> {
  const onId = onDataStorages("id", { column: dataStorages.id }, "ids");
  const onName = { column: dataStorages.name, folded: dataStorages.nameFolded };
  return {
    label: "Data storages",
    help: "The data storages where the data lies, the main one first.",
    input: "references",
    schema: IDS_SCHEMA,
    json: (caller) =>
      jsonValues(
        sessionDataStorages.dataStorageId,
        storageOrder,
        sql`${sessionDataStorages} WHERE ${sessionDataStorages.sessionId} = ${sessions.id}
          ${onlyShown(caller, noIndex(sessionDataStorages.dataStorageId), "datastorage", "ids")}`,
      ),
    filters: { "": onId, id: onId, name: onDataStorages("text", onName, "readable") },
    include: {
      model: () => dataStorage,
      list: (each, caller) =>
        jsonList(
          each,
          storageOrder,
          sql`${sessionDataStorages}
            JOIN ${dataStorages} ON ${dataStorages.id} = ${sessionDataStorages.dataStorageId}
            WHERE ${sessionDataStorages.sessionId} = ${sessions.id}
            ${onlyShown(caller, noIndex(dataStorages.id), "datastorage", "ids")}`,
        ),
    },
    write: {
      schema: z._default(uuids(MAX_RELATED), []),
      preconditions: (ids, { id, isNew }) => [
        ...(ids.length === 0
          ? []
          : [idsExist("datastorage", dataStorages, ids), holdsOn("change", "datastorage", ids)]),
        ...(isNew ? [] : [changesStoragesBeside(id, ids)]),
      ],
      after: (ids, { id, isNew }) => [
        ...(isNew ? [] : [removeStoragesBeside(id, ids)]),
        ...(ids.length === 0 ? [] : [setStorages(id, ids)]),
      ],
    },
  };
}

/** The data storages of a session that a new list removes. */
const storagesBeside = (id: string, kept: readonly string[]) =>
  sql`${sessionDataStorages} WHERE ${sessionDataStorages.sessionId} = ${id}
    AND ${sessionDataStorages.dataStorageId} NOT IN (SELECT value FROM json_each(${JSON.stringify(kept)}))`;

function changesStoragesBeside(id: string, kept: readonly string[]): Precondition {
  return changesAll("datastorage", sessionDataStorages.dataStorageId, storagesBeside(id, kept));
}

function removeStoragesBeside(id: string, kept: readonly string[]): SQL {
  return sql`DELETE FROM ${storagesBeside(id, kept)}`;
}

/**
 * Sets the data storages of a session in this order. Storages that are already there keep their associations
 * and the ids of these.
 */
function setStorages(id: string, storageIds: readonly string[]): SQL {
  const { sessionId, dataStorageId, position, projectSetId } = sessionDataStorages;
  const rows = JSON.stringify(storageIds.map((storage) => [crypto.randomUUID(), storage]));
  const columns = columnNames([
    sessionDataStorages.id,
    sessionId,
    dataStorageId,
    position,
    projectSetId,
  ]);
  return sql`INSERT INTO ${sessionDataStorages} (${columns})
    SELECT value ->> 0, ${id}, value ->> 1, key, ${projectSetOf(sql`${id}`)} FROM json_each(${rows}) WHERE true
    ON CONFLICT (${columnNames([sessionId, dataStorageId])})
    DO UPDATE SET ${columnNames([position])} = excluded.${columnNames([position])}`;
}

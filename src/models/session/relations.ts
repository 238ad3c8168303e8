import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import type { Caller } from "../../db/access.ts";
import { columnNames } from "../../db/names.ts";
import { collectionSessions, collections } from "../../db/schema/collections.ts";
import { dataStorages } from "../../db/schema/data-storages.ts";
import { behaviorSubjects, behaviors } from "../../db/schema/modules.ts";
import { sessionDataStorages, sessions } from "../../db/schema/sessions.ts";
import { subjects } from "../../db/schema/subjects.ts";
import type { Field, WritableField } from "../../model/field.ts";
import { readOnly } from "../../model/fields.ts";
import { projectSetOf } from "../../model/in-session.ts";
import { listedIn } from "../../model/listed-in.ts";
import { idPasses, type NamedTest, namePasses, ofOneRow } from "../../model/mentions.ts";
import { changesAll, holdsOn, idsExist, type Precondition } from "../../model/precondition.ts";
import { MAX_RELATED, noIndex, onlyShown } from "../../model/projects-field.ts";
import type { Related } from "../../model/relations.ts";
import { uuids } from "../../model/schemas.ts";
import { IDS_SCHEMA, jsonList, jsonValues } from "../../query/field.ts";
import type { Target } from "../../query/operators.ts";
import type { Filter } from "../../query/read-model.ts";
import { collection } from "../collection.ts";
import { dataStorage } from "../data-storage.ts";
import { subject } from "../subject.ts";

// The data storages, the subjects and the collections of a session.

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

/**
 * The subjects of a session are those of its behaviors. A list of sessions can be filtered by them: all sessions of
 * an animal. No answer shows them, because the behaviors do.
 */
export function subjectsOfSession(): Field {
  const { recordId, mentionedId } = behaviorSubjects;
  const on = (type: Filter["type"], passes: NamedTest): Filter => ({
    type,
    related: true,
    cost: 4,
    where: (test, caller) => sql`EXISTS (SELECT 1 FROM ${behaviors}
      CROSS JOIN ${behaviorSubjects} ON ${recordId} = ${behaviors.id}
      WHERE ${behaviors.sessionId} = ${sessions.id} AND ${passes(ofOneRow(type, mentionedId), test, caller)})`,
    candidates: (test, caller) => sql`SELECT ${behaviors.sessionId} FROM ${behaviorSubjects}
      CROSS JOIN ${behaviors} ON ${behaviors.id} = ${recordId}
      WHERE ${passes(mentionedId, test, caller)}`,
  });
  const onId = on("id", idPasses);
  const name = { column: subjects.name, folded: subjects.nameFolded };
  const onName = on("text", namePasses({ model: (): Related => subject, table: subjects }, name));
  return {
    ...readOnly(
      { filters: { "": onId, id: onId, name: onName } },
      { help: "The subjects of the session's behaviors: to find all sessions of an animal." },
    ),
    refersTo: subjects,
  };
}

/** The collections that a session is in, for filters: the sessions of a collection. */
export const collectionsOfSession = (): Field =>
  listedIn(
    sessions.id,
    {
      links: {
        table: collectionSessions,
        recordId: collectionSessions.collectionId,
        relatedId: collectionSessions.sessionId,
      },
      table: collections,
      name: { column: collections.name, folded: collections.nameFolded },
      model: (): Related => collection,
    },
    { help: "The collections that the session is in: to find all sessions of a collection." },
  );

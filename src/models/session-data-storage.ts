import { eq, type SQL, sql } from "drizzle-orm";
import { alias, type SQLiteColumn } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import type { AuditDraft } from "../audit/entries.ts";
import { projectSetIsVisible } from "../db/access.ts";
import { builder } from "../db/builder.ts";
import type { Expression } from "../db/expression.ts";
import { columnNames } from "../db/names.ts";
import { dataStorages } from "../db/schema/data-storages.ts";
import { sessionDataStorages, sessionProjects, sessions } from "../db/schema/sessions.ts";
import type { Access, Accessed } from "../model/access.ts";
import { type Action, defineModel, type Writes } from "../model/define.ts";
import type { InputOf } from "../model/field.ts";
import * as field from "../model/fields.ts";
import { mayChangeSession, projectSetOf, sessionOf } from "../model/in-session.ts";
import type { ParsedShape } from "../model/input.ts";
import { sortedById, sortedByPlace } from "../model/list-orders.ts";
import { Plan } from "../model/plan.ts";
import {
  changesProjectsOf,
  conflictWhere,
  holdsOn,
  holdsOnAll,
  idsExist,
  type Precondition,
  targetIsVisible,
} from "../model/precondition.ts";
import { projectSetScope, readThroughProjectSet } from "../model/project-set.ts";
import { MAX_RELATED } from "../model/projects-field.ts";
import { namedRecord } from "../model/relations.ts";
import { deleteRow } from "../model/rows.ts";
import { order as orderValue, uuid, uuids } from "../model/schemas.ts";
import { indexedReferenceField, numberField } from "../query/field.ts";
import { NO_QUERY } from "../query/parse.ts";
import { DEFAULT_ORDER } from "../query/read-model.ts";
import { session } from "./session/session.ts";

const earlier = alias(sessionDataStorages, "earlier");

/** The rank of an association among those of its session: it starts at 0 and has no gaps. */
const rank = sql`(SELECT count(*) FROM ${sessionDataStorages} AS earlier
  WHERE ${earlier.sessionId} = ${sessionDataStorages.sessionId}
  AND (${earlier.position}, ${earlier.id}) < (${sessionDataStorages.position}, ${sessionDataStorages.id}))`;

const fields = {
  id: field.id(sessionDataStorages.id),
  session: {
    ...indexedReferenceField(sessionDataStorages.sessionId, sessionDataStorages.id),
    named: namedRecord(sessionDataStorages.sessionId, sessions, sessions.name),
    help: "The session; it cannot be changed later.",
    input: "reference" as const,
    refersTo: sessions,
    write: { schema: uuid },
  },
  datastorage: {
    ...indexedReferenceField(sessionDataStorages.dataStorageId, sessionDataStorages.id),
    label: "Data storage",
    help: "The data storage; it cannot be changed later.",
    input: "reference" as const,
    refersTo: dataStorages,
    write: { schema: uuid },
  },
  // Without an order, a new association goes to the end.
  order: {
    ...numberField(rank, "integer"),
    help: "The position among the data storages of the session, counted from 0; the end when absent.",
    input: "number" as const,
    write: { schema: z.optional(orderValue) },
  },
};

type Input = InputOf<typeof fields>;

const PLACE = {
  keys: [sessionDataStorages.position, sessionDataStorages.id],
  text: sql`printf('%020d %s', ${sessionDataStorages.position}, ${sessionDataStorages.id})`,
};

/**
 * The access to associations: a write requires the change permission on the session and on the data storage.
 */
const access: Access<Input> = {
  read: readThroughProjectSet(
    projectSetScope(sessionDataStorages.projectSetId, sessionProjects.sessionDataStorageCount, {
      [DEFAULT_ORDER]: {
        ...sortedByPlace(sessionDataStorages, sessionDataStorages.sessionId, PLACE),
        ofScope: "session_data_storages_project_set_order",
        ofAll: "session_data_storages_order",
      },
      id: sortedById(sessionDataStorages),
    }),
  ),
  create: ({ session, datastorage }) => [
    ...(session === undefined ? [] : mayChangeSession(session)),
    ...(datastorage === undefined ? [] : mayUseStorages([datastorage])),
    ...(session === undefined || datastorage === undefined
      ? []
      : [pairIsNew(session, datastorage), hasRoom(session)]),
  ],
  change: (model, id, { session, datastorage }) => [
    ...mayChangeAssociation(model, id),
    ...stays(id, "session", sessionDataStorages.sessionId, session),
    ...stays(id, "datastorage", sessionDataStorages.dataStorageId, datastorage),
  ],
  remove: mayChangeAssociation,
};

function mayUseStorages(ids: readonly string[]): readonly Precondition[] {
  return [idsExist("datastorage", dataStorages, ids), holdsOn("change", "datastorage", ids)];
}

function mayChangeAssociation(model: Accessed, id: string): readonly Precondition[] {
  return [
    targetIsVisible(model, id),
    changesProjectsOf(projectSetOf(sessionOf(sessionDataStorages, id))),
    holdsOnAll(
      "change",
      "datastorage",
      sql`SELECT ${sessionDataStorages.dataStorageId} AS value FROM ${sessionDataStorages}
        WHERE ${sessionDataStorages.id} = ${id}`,
    ),
  ];
}

function stays(
  id: string,
  name: string,
  column: SQLiteColumn,
  value?: string,
): readonly Precondition[] {
  if (value === undefined) return [];
  return [
    conflictWhere(
      name,
      `The ${name} of an association does not change: remove it and add another.`,
      sql`(SELECT ${column} FROM ${sessionDataStorages}
        WHERE ${sessionDataStorages.id} = ${id}) <> ${value}`,
    ),
  ];
}

/**
 * A conflict with the data storages of a session. Only callers who may see the session see the conflict,
 * because it reveals what the session contains.
 */
function conflictInSession(id: string, message: string, condition: Expression): Precondition {
  return conflictWhere(
    "datastorage",
    message,
    (caller) => sql`${projectSetIsVisible(caller, projectSetOf(sql`${id}`))} AND ${condition}`,
  );
}

function pairIsNew(session: string, datastorage: string): Precondition {
  return conflictInSession(
    session,
    "This session already has this data storage.",
    sql`EXISTS (SELECT 1 FROM ${sessionDataStorages}
      WHERE ${sessionDataStorages.sessionId} = ${session}
      AND ${sessionDataStorages.dataStorageId} = ${datastorage})`,
  );
}

/** Else the list of its storages could be read, and not sent back. */
function hasRoom(session: string): Precondition {
  return conflictInSession(
    session,
    `This session has ${MAX_RELATED} data storages, and can have no more.`,
    sql`(SELECT count(*) FROM ${sessionDataStorages}
      WHERE ${sessionDataStorages.sessionId} = ${session}) >= ${MAX_RELATED}`,
  );
}

function namesAllStorages(session: string, ids: readonly string[]): Precondition {
  const named = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const ofSession = sql`(SELECT ${sessionDataStorages.dataStorageId} FROM ${sessionDataStorages}
    WHERE ${sessionDataStorages.sessionId} = ${session})`;
  return conflictInSession(
    session,
    "These must be exactly the data storages that the session has now.",
    sql`((SELECT count(*) FROM ${ofSession}) <> ${ids.length}
      OR EXISTS (SELECT 1 FROM ${named} WHERE value NOT IN ${ofSession}))`,
  );
}

/** The data storages of a session are part of it, so that their changes are in the history of the session. */
const changeOf = (id: AuditDraft["id"]): readonly AuditDraft[] => [
  { action: "change", model: session, id },
];

const writes = (model: Accessed & { readonly name: string }): Writes<Input> => ({
  create: (id, input, { now }) => {
    const { session: of = "", datastorage = "", order } = input;
    return new Plan({
      preconditions: access.create(input),
      statements: [
        insertAssociation(id, of, datastorage),
        ...(order === undefined ? [] : [moveAssociation(id, order)]),
        touchSession(sql`${of}`, now),
      ],
      audit: changeOf(of),
      reply: { show: "record", model: sessionDataStorage, id },
    });
  },
  change: (id, input, { now }) =>
    new Plan({
      preconditions: access.change(model, id, input),
      statements:
        input.order === undefined
          ? []
          : [
              moveAssociation(id, input.order),
              touchSession(sessionOf(sessionDataStorages, id), now),
            ],
      audit: changeOf(sessionOf(sessionDataStorages, id)),
      reply: { show: "record", model: sessionDataStorage, id },
    }),
  remove: (id, { now }) =>
    new Plan({
      preconditions: access.remove(model, id),
      statements: [
        touchSession(sessionOf(sessionDataStorages, id), now),
        deleteRow(sessionDataStorages, id),
      ],
      audit: changeOf(sessionOf(sessionDataStorages, id)),
      reply: { show: "nothing" },
    }),
});

const wholeOrder = { session: uuid, datastorage: uuids() };

/** Reorders all data storages of a session at once. The reply is the list of its associations. */
const reorder: Action<ParsedShape<typeof wholeOrder>> = {
  method: "post",
  path: "/reorder",
  summary: "Set the whole order of a session's data storages",
  input: {
    shape: wholeOrder,
    descriptions: {
      session: { label: "Session", help: "The session." },
      datastorage: {
        label: "Data storages",
        help: "All data storages that the session has now, in their new order.",
      },
    },
    readOnly: [],
  },
  plan: (_id, { session: of, datastorage }, { now }) =>
    new Plan({
      preconditions: [
        ...(of === undefined ? [] : mayChangeSession(of)),
        ...(datastorage === undefined ? [] : mayUseStorages(datastorage)),
        ...(of === undefined || datastorage === undefined
          ? []
          : [namesAllStorages(of, datastorage)]),
      ],
      statements: [
        orderAssociations(of ?? "", datastorage ?? []),
        touchSession(sql`${of ?? ""}`, now),
      ],
      audit: changeOf(of ?? ""),
      reply: {
        show: "list",
        model: sessionDataStorage,
        query: {
          ...NO_QUERY,
          filters: [{ path: "session", operator: "eq", negated: false, values: [of ?? ""] }],
          limit: Math.max(1, datastorage?.length ?? 0),
        },
      },
    }),
};

/** The association of a session with a data storage, in an order (contract, section 7). */
export const sessionDataStorage = defineModel({
  name: "sessiondatastorage",
  plural: "sessiondatastorages",
  title: "session data storage",
  help: "That a session has data in a data storage, and in which place among its data storages.",
  path: "/stem/sessiondatastorage",
  table: sessionDataStorages,
  portals: ["private"],
  verbs: ["list", "detail", "create", "change", "remove"],
  access,
  order: [sessionDataStorages.sessionId, ...PLACE.keys],
  fields,
  writes,
  actions: [reorder],
});

/** Updates the instant of the session's last change, for a change in another table. */
function touchSession(id: Expression, now: string): SQL {
  return builder.update(sessions).set({ updatedDate: now }).where(eq(sessions.id, id)).getSQL();
}

/** Inserts an association after the others of its session. */
function insertAssociation(id: string, session: string, datastorage: string): SQL {
  const { sessionId, dataStorageId, position, projectSetId } = sessionDataStorages;
  const columns = columnNames([
    sessionDataStorages.id,
    sessionId,
    dataStorageId,
    position,
    projectSetId,
  ]);
  return sql`INSERT INTO ${sessionDataStorages} (${columns})
    SELECT ${id}, ${session}, ${datastorage}, coalesce(max(${position}) + 1, 0),
      ${projectSetOf(sql`${session}`)}
    FROM ${sessionDataStorages} WHERE ${sessionId} = ${session}`;
}

/** Moves an association to a position, counted from 0. A position past the end means the end. */
function moveAssociation(id: string, order: number): SQL {
  const { id: each, sessionId, position } = sessionDataStorages;
  // The others keep their relative order. The association gets half a position less than its new one, which
  // puts it before the association that has that position now.
  return sql`UPDATE ${sessionDataStorages} SET ${columnNames([position])} = ranked.place FROM (
      SELECT id, row_number() OVER (ORDER BY CASE id WHEN ${id} THEN ${order} - 0.5 ELSE place END) - 1 AS place
      FROM (
        SELECT ${each} AS id, row_number() OVER (ORDER BY ${each} = ${id}, ${position}, ${each}) - 1 AS place
        FROM ${sessionDataStorages} WHERE ${sessionId} = ${sessionOf(sessionDataStorages, id)}
      )
    ) AS ranked WHERE ${each} = ranked.id`;
}

/** Sorts the associations of a session in the order of these data storages. */
function orderAssociations(session: string, storageIds: readonly string[]): SQL {
  const { sessionId, dataStorageId, position } = sessionDataStorages;
  return sql`UPDATE ${sessionDataStorages} SET ${columnNames([position])} = named.key
    FROM json_each(${JSON.stringify(storageIds)}) AS named
    WHERE ${sessionId} = ${session} AND ${dataStorageId} = named.value`;
}

import type { Viewer } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import { toInstant } from "../../domain/instant.ts";
import { compileList } from "../../query/compile.ts";
import { NO_QUERY, type Query } from "../../query/parse.ts";
import type { Deed } from "../../record/history.ts";
import { type Page, pageOf, writeAndRead, writeRecord } from "../../record/service.ts";
import { session } from "../session/fields.ts";
import { touchSession } from "../session/store.ts";
import { sessionDataStorage } from "./fields.ts";
import { rulesForAdd, rulesForMove, rulesForRemove, rulesForReorder } from "./rules.ts";
import type { MovedAssociation, NewAssociation, WholeOrder } from "./schemas.ts";
import {
  deleteAssociation,
  insertAssociation,
  moveAssociation,
  orderAssociations,
  sessionOf,
} from "./store.ts";

/** Adds a storage to a session, at the end or at `order`. Answers with the association, as JSON text. */
export function addAssociation(
  connection: Connection,
  viewer: Viewer,
  input: NewAssociation,
): Promise<string> {
  const id = crypto.randomUUID();
  const statements = [
    insertAssociation(id, input),
    ...(input.order === undefined ? [] : [moveAssociation(id, input.order)]),
    touchSession(input.session, toInstant(new Date())),
  ];
  const write = { checks: rulesForAdd(input), statements, deeds: changeOf(input.session) };
  return writeAndRead(connection, viewer, write, sessionDataStorage, id);
}

/** Moves an association among those of its session. Answers with it, as JSON text. */
export function changeAssociation(
  connection: Connection,
  viewer: Viewer,
  id: string,
  input: Partial<MovedAssociation>,
): Promise<string> {
  const statements =
    input.order === undefined
      ? []
      : [moveAssociation(id, input.order), touchSession(sessionOf(id), toInstant(new Date()))];
  const write = { checks: rulesForMove(id, input), statements, deeds: changeOf(sessionOf(id)) };
  return writeAndRead(connection, viewer, write, sessionDataStorage, id);
}

/** Takes a storage from its session; those after it move up. */
export async function removeAssociation(
  connection: Connection,
  viewer: Viewer,
  id: string,
): Promise<void> {
  const statements = [touchSession(sessionOf(id), toInstant(new Date())), deleteAssociation(id)];
  const deeds = changeOf(sessionOf(id));
  const checks = rulesForRemove(id);
  await writeRecord(connection, viewer, { checks, statements, answer: [], deeds });
}

/** Puts all storages of a session in a new order at once. Answers with all its associations. */
export async function reorderAssociations(
  connection: Connection,
  viewer: Viewer,
  input: WholeOrder,
): Promise<Page> {
  const answer = compileList(sessionDataStorage, viewer, associationsOf(input));
  const statements = [
    orderAssociations(input.session, input.datastorage),
    touchSession(input.session, toInstant(new Date())),
  ];
  const checks = rulesForReorder(input);
  const deeds = changeOf(input.session);
  return pageOf(await writeRecord(connection, viewer, { checks, statements, answer, deeds }));
}

/** The storages of a session are part of it: what happens to them stands in its history. */
function changeOf(sessionId: Deed["id"]): readonly Deed[] {
  return [{ action: "change", resource: session, id: sessionId }];
}

/** The query for all associations of a session. */
function associationsOf({ session, datastorage }: WholeOrder): Query {
  return {
    ...NO_QUERY,
    filters: [{ path: "session", operator: "eq", negated: false, values: [session] }],
    limit: Math.max(1, datastorage.length),
  };
}

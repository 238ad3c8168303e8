import type { Viewer } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import { toInstant } from "../../domain/instant.ts";
import { writeAndRead, writeRecord } from "../../record/service.ts";
import { session } from "./fields.ts";
import { rulesForChange, rulesForCreate, rulesForDelete } from "./rules.ts";
import type { SessionInput } from "./schemas.ts";
import { deleteSession, insertSession, updateSession } from "./store.ts";

/** Creates a session. Answers with it, as JSON text. */
export function createSession(
  connection: Connection,
  viewer: Viewer,
  input: SessionInput,
): Promise<string> {
  const id = crypto.randomUUID();
  const statements = insertSession(id, input, toInstant(new Date()));
  const write = { checks: rulesForCreate(input), statements };
  return writeAndRead(connection, viewer, write, session, id);
}

/** Changes the fields that the input names. Answers with the whole session, as JSON text. */
export function changeSession(
  connection: Connection,
  viewer: Viewer,
  id: string,
  input: Partial<SessionInput>,
): Promise<string> {
  const statements = updateSession(id, input, toInstant(new Date()));
  const write = { checks: rulesForChange(id, input), statements };
  return writeAndRead(connection, viewer, write, session, id);
}

/** Deletes a session with its associations and module records. */
export async function removeSession(
  connection: Connection,
  viewer: Viewer,
  id: string,
): Promise<void> {
  const checks = rulesForDelete(id);
  await writeRecord(connection, viewer, { checks, statements: [deleteSession(id)], answer: [] });
}

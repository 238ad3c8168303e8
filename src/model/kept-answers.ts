import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable } from "../db/access.ts";
import type { Row } from "../db/connection.ts";
import { raise } from "../db/constraint-error.ts";
import { oldestAnswer } from "../db/expired.ts";
import { columnNames } from "../db/names.ts";
import { idempotencyKeys } from "../db/schema/history.ts";
import { selectList, typedRows } from "../db/typed-rows.ts";
import { compileDetail } from "../query/compile.ts";
import type { ReadModel } from "../query/read-model.ts";
import { takenMessage } from "./precondition.ts";

/** The condition for the answer to the caller under this key, unless the answer has expired. */
const isKept = (key: string) =>
  sql`${idempotencyKeys.userId} = (SELECT id FROM caller) AND ${idempotencyKeys.key} = ${key}
    AND ${idempotencyKeys.createdDate} >= ${oldestAnswer(new Date())}`;

/** A statement that fails the batch when the record is not the same as in `body`. */
export function guardUnchanged(model: ReadModel, caller: Caller, id: string, body: string): SQL {
  return guardSame(compileDetail(model, caller, id), body);
}

/** A statement that fails the batch when a SELECT of one `body` does not give this one. */
export function guardSame(stored: SQL, body: string): SQL {
  return raise(sql`SELECT '{"kind":"stale"}' WHERE (SELECT body FROM (${stored})) IS NOT ${body}`);
}

/** A statement that fails the batch when there is a record with this id. */
export function guardNew(model: ReadModel, id: string): SQL {
  const taken = { kind: "conflict", field: "id", message: takenMessage(model.title, "id") };
  return raise(sql`SELECT ${JSON.stringify(taken)}
    WHERE EXISTS (SELECT 1 FROM ${model.table} WHERE ${model.id} = ${id})`);
}

/** An answer that is kept under a key. */
export interface KeptAnswer {
  readonly answer: string;
  /** The hash of the request that was answered. */
  readonly requestHash: string;
  /** Whether the caller may read the record now: 1 or 0; null when the record is deleted. */
  readonly readable: 0 | 1 | null;
}

/** The statement that finds the answer to the caller under this key, and the answer in its rows. */
export function findKeptAnswer(
  model: ReadModel,
  caller: Caller,
  key: string,
): { readonly statement: SQL; read(rows?: readonly Row[]): KeptAnswer | undefined } {
  const selected = {
    answer: idempotencyKeys.answer,
    requestHash: idempotencyKeys.requestHash,
    readable: sql<0 | 1 | null>`(SELECT ${model.readable(caller)} FROM ${model.table}
      WHERE ${model.id} = ${idempotencyKeys.answer} ->> 'id')`,
  };
  return {
    statement: sql`WITH ${callerTable(caller)} SELECT ${selectList(selected)}
      FROM ${idempotencyKeys} WHERE ${isKept(key)}`,
    read: (rows) => typedRows(selected, rows)[0],
  };
}

/**
 * A statement that fails the batch when another request with the same key has been answered in the meantime.
 */
export function guardNotKept(caller: Caller, key: string): SQL {
  return sql`WITH ${callerTable(caller)} ${raise(sql`SELECT '{"kind":"repeated"}'
    WHERE EXISTS (SELECT 1 FROM ${idempotencyKeys} WHERE ${isKept(key)})`)}`;
}

/** The statements that store an answer under a key. It replaces an expired answer. */
export function keepAnswer(
  caller: Caller,
  key: string,
  requestHash: string,
  answer: SQL,
): readonly SQL[] {
  const columns = columnNames([
    idempotencyKeys.userId,
    idempotencyKeys.key,
    idempotencyKeys.requestHash,
    idempotencyKeys.answer,
  ]);
  return [
    sql`WITH ${callerTable(caller)}
      INSERT OR REPLACE INTO ${idempotencyKeys} (${columns})
      SELECT (SELECT id FROM caller), ${key}, ${requestHash}, body FROM (${answer})`,
  ];
}

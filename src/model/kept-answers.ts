import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable } from "../db/access.ts";
import { oldestAnswer } from "../db/expired.ts";
import { columnNames } from "../db/names.ts";
import { idempotencyKeys } from "../db/schema/history.ts";
import { compileDetail } from "../query/compile.ts";
import type { ReadModel } from "../query/resource.ts";

/** The answer to the caller under this key, unless it has had its day. */
const isKept = (key: string) =>
  sql`${idempotencyKeys.userId} = (SELECT id FROM caller) AND ${idempotencyKeys.key} = ${key}
    AND ${idempotencyKeys.createdDate} >= ${oldestAnswer(new Date())}`;

/** A statement that fails the batch when the record does not read as it did. */
export function guardUnchanged(resource: ReadModel, caller: Caller, id: string, body: string): SQL {
  return sql`INSERT INTO write_faults (fault) SELECT '{"kind":"stale"}'
    WHERE (SELECT body FROM (${compileDetail(resource, caller, id)})) IS NOT ${body}`;
}

/**
 * What was answered to the caller under this key, if anything: `answer`, the hash of the request, and
 * whether the caller may read the record now (`readable`: 1, 0, or null when it is gone).
 */
export function findKeptAnswer(resource: ReadModel, caller: Caller, key: string): SQL {
  return sql`WITH ${callerTable(caller)}
    SELECT answer, request_hash AS "requestHash",
      (SELECT ${resource.readable(caller)} FROM ${resource.table}
        WHERE ${resource.id} = ${idempotencyKeys.answer} ->> 'id') AS readable
    FROM ${idempotencyKeys} WHERE ${isKept(key)}`;
}

/** A statement that fails the batch when another request under the same key has been answered meanwhile. */
export function guardNotKept(caller: Caller, key: string): SQL {
  return sql`WITH ${callerTable(caller)}
    INSERT INTO write_faults (fault) SELECT '{"kind":"repeated"}'
    WHERE EXISTS (SELECT 1 FROM ${idempotencyKeys} WHERE ${isKept(key)})`;
}

/** The statements that keep an answer under a key, in place of one that has had its day. */
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

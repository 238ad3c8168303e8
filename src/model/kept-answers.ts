import { type SQL, sql } from "drizzle-orm";
import { callerTable, type Viewer } from "../db/access.ts";
import { idempotencyKeys } from "../db/schema/history.ts";
import { daysAfter } from "../domain/instant.ts";
import { compileDetail } from "../query/compile.ts";
import type { Resource } from "../query/resource.ts";

/** For how many days a client may repeat a request under its key. */
const DAYS_KEPT = 1;

/** A statement that fails the batch when the record does not read as it did. */
export function guardUnchanged(resource: Resource, viewer: Viewer, id: string, body: string): SQL {
  return sql`INSERT INTO write_faults (fault) SELECT '{"kind":"stale"}'
    WHERE (SELECT body FROM (${compileDetail(resource, viewer, id)})) IS NOT ${body}`;
}

/**
 * What was answered to the viewer under this key, if anything: `answer`, the hash of the request, and
 * whether the viewer may read the record now (`readable`: 1, 0, or null when it is gone).
 */
export function findKeptAnswer(resource: Resource, viewer: Viewer, key: string): SQL {
  return sql`WITH ${callerTable(viewer)}
    SELECT answer, request_hash AS "requestHash",
      (SELECT ${resource.readable(viewer)} FROM ${resource.table}
        WHERE ${resource.id} = ${idempotencyKeys.answer} ->> 'id') AS readable
    FROM ${idempotencyKeys}
    WHERE user_id = (SELECT id FROM caller) AND key = ${key}`;
}

/** A statement that fails the batch when another request under the same key has been answered meanwhile. */
export function guardNotKept(viewer: Viewer, key: string): SQL {
  return sql`WITH ${callerTable(viewer)}
    INSERT INTO write_faults (fault) SELECT '{"kind":"repeated"}'
    WHERE EXISTS (SELECT 1 FROM ${idempotencyKeys}
      WHERE user_id = (SELECT id FROM caller) AND key = ${key})`;
}

/** The statements that keep an answer under a key, and let go of those that have had their day. */
export function keepAnswer(
  viewer: Viewer,
  key: string,
  requestHash: string,
  answer: SQL,
): readonly SQL[] {
  return [
    sql`DELETE FROM ${idempotencyKeys} WHERE created_date < ${daysAfter(new Date(), -DAYS_KEPT)}`,
    sql`WITH ${callerTable(viewer)}
      INSERT INTO ${idempotencyKeys} (user_id, key, request_hash, answer)
      SELECT (SELECT id FROM caller), ${key}, ${requestHash}, body FROM (${answer})`,
  ];
}

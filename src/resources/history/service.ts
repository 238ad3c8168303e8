import type { Viewer } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import type { Query } from "../../query/parse.ts";
import type { Resource } from "../../query/resource.ts";
import { listBelow, type Page } from "../../record/service.ts";
import { historyEntry } from "./fields.ts";
import { historyIsOpen } from "./rules.ts";

/**
 * A page of the history of one record: what the caller, as a manager of one of its projects at the
 * time, may read of it, the oldest first. It stays when the record is deleted.
 *
 * @throws Unauthenticated, NotFound for a record that never was, Forbidden for who manages none of its
 * projects
 */
export function readHistory(
  connection: Connection,
  viewer: Viewer,
  resource: Resource,
  id: string,
  query: Query,
): Promise<Page> {
  const ofRecord = { path: "record", operator: "eq", negated: false, values: [id] } as const;
  const filters = [...query.filters, ofRecord];
  const checks = [historyIsOpen(resource, id)];
  return listBelow(connection, viewer, checks, historyEntry, { ...query, filters });
}

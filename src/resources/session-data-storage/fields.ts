import { sql } from "../../db/sql.ts";
import { alias, sessionDataStorages } from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import { idField, numberField, referenceField } from "../../query/field.ts";
import type { Resource } from "../../query/resource.ts";
import { seenWithSession } from "../../record/of-session.ts";

const earlier = alias(sessionDataStorages, "earlier");

/** The rank of an association among those of its session: 0-based, dense. */
const order = sql`(SELECT count(*) FROM ${sessionDataStorages} AS earlier
  WHERE ${earlier.sessionId} = ${sessionDataStorages.sessionId}
  AND (${earlier.position}, ${earlier.id}) < (${sessionDataStorages.position}, ${sessionDataStorages.id}))`;

/** The ordered association of a session with a data storage (contract, section 7). */
export const sessionDataStorage: Resource = {
  name: "sessiondatastorage",
  listName: "sessiondatastorages",
  title: "session data storage",
  viewPermission: "view_project",
  table: sessionDataStorages,
  id: sessionDataStorages.id,
  fields: once(() => ({
    id: idField(sessionDataStorages.id),
    session: referenceField(sessionDataStorages.sessionId),
    datastorage: referenceField(sessionDataStorages.dataStorageId),
    order: numberField(order, "integer"),
  })),
  defaultOrder: [
    sessionDataStorages.sessionId,
    sessionDataStorages.position,
    sessionDataStorages.id,
  ],
  ...seenWithSession(sessionDataStorages.sessionId),
};

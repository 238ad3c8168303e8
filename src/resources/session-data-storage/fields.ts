import { alias } from "drizzle-orm/sqlite-core";
import { sessionDataStorages } from "../../db/schema/sessions.ts";
import { sql } from "../../db/sql.ts";
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
  table: sql`${sessionDataStorages}`,
  id: sql`${sessionDataStorages.id}`,
  fields: {
    id: idField(sessionDataStorages.id),
    session: referenceField(sessionDataStorages.sessionId),
    datastorage: referenceField(sessionDataStorages.dataStorageId),
    order: numberField(order, "integer"),
  },
  defaultOrder: [
    sql`${sessionDataStorages.sessionId}`,
    sql`${sessionDataStorages.position}`,
    sql`${sessionDataStorages.id}`,
  ],
  ...seenWithSession(sessionDataStorages.sessionId),
};

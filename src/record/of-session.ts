import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { projectSetIsVisible, type Viewer, visibleProjectSets } from "../db/access.ts";
import { sessions } from "../db/schema/sessions.ts";

/** Who sees a record that belongs to a session: whoever sees the session. */
export function seenWithSession(sessionId: SQLiteColumn): {
  visible: (viewer: Viewer) => SQL;
  readable: (viewer: Viewer) => SQL;
} {
  return {
    visible: (viewer) => sql`${sessionId} IN (SELECT ${sessions.id} FROM ${sessions}
      WHERE ${sessions.projectSetId} IN ${visibleProjectSets(viewer)})`,
    readable: (viewer) =>
      projectSetIsVisible(
        viewer,
        sql`(SELECT ${sessions.projectSetId} FROM ${sessions} WHERE ${sessions.id} = ${sessionId})`,
      ),
  };
}

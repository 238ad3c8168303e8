import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable, type SignedIn, shownName } from "../../db/access.ts";
import { groupMembers, groups } from "../../db/schema/groups.ts";
import { projectGroups, projects, projectUsers } from "../../db/schema/projects.ts";
import { browserSessions } from "../../db/schema/sign-in.ts";
import { accessTokens, users } from "../../db/schema/users.ts";

/** How many grants the page of an account shows, at most. */
export const MAX_GRANTS = 1_000;

/**
 * What the page of an account shows, in three statements: the profile of the caller with `sessions`, the number
 * of browser sessions; the groups with `level`; and the projects with `level` and `through`, the name of the
 * group, or null for a level in person. A project has one row for each of its grants, up to one more than
 * `MAX_GRANTS` in all.
 */
export function readAccount(caller: Caller, now: string): readonly SQL[] {
  const own = sql`(SELECT id FROM caller)`;
  return [
    sql`WITH ${callerTable(caller)}
      SELECT ${users.id}, ${users.email}, ${shownName} AS "name", ${users.website},
        ${users.googleScholar} AS "googleScholar", ${users.orcidId} AS "orcidId",
        ${users.signInOrcid} AS "signInOrcid",
        ${users.createdDate} AS "createdDate",
        (SELECT count(*) FROM ${browserSessions} WHERE ${browserSessions.userId} = ${own}
          AND ${browserSessions.expiresDate} > ${now}) AS "sessions"
      FROM ${users} WHERE ${users.id} = ${own}`,
    sql`WITH ${callerTable(caller)}
      SELECT ${groups.id}, ${groups.name}, ${groupMembers.level}
      FROM ${groupMembers} JOIN ${groups} ON ${groups.id} = ${groupMembers.recordId}
      WHERE ${groupMembers.userId} = ${own} ORDER BY ${groups.name} LIMIT ${MAX_GRANTS + 1}`,
    sql`WITH ${callerTable(caller)}
      SELECT ${projects.id}, ${projects.name} AS "name", ${projectUsers.level} AS "level", NULL AS "through"
      FROM ${projectUsers} JOIN ${projects} ON ${projects.id} = ${projectUsers.recordId}
      WHERE ${projectUsers.userId} = ${own}
      UNION ALL
      SELECT ${projects.id}, ${projects.name}, ${projectGroups.level}, ${groups.name}
      FROM ${groupMembers} JOIN ${projectGroups} ON ${projectGroups.groupId} = ${groupMembers.recordId}
        JOIN ${projects} ON ${projects.id} = ${projectGroups.recordId}
        JOIN ${groups} ON ${groups.id} = ${groupMembers.recordId}
      WHERE ${groupMembers.userId} = ${own}
      ORDER BY "name", "level" DESC, "through" LIMIT ${MAX_GRANTS + 1}`,
  ];
}

/**
 * The token or the browser session of the caller, without its secret, as JSON text (`body`) with the keys that
 * the API shows. There is no row when it is not valid.
 */
export function describeCredential(caller: SignedIn): SQL {
  const [table, name, isSent] =
    caller.kind === "bearer"
      ? [
          accessTokens,
          sql`'name', ${accessTokens.name},`,
          sql`${accessTokens.tokenHash} = ${caller.tokenHash}`,
        ]
      : [browserSessions, sql``, sql`${browserSessions.secretHash} = ${caller.secretHash}`];
  return sql`WITH ${callerTable(caller)}
    SELECT json_object('id', ${table.id}, ${name} 'created_date', ${table.createdDate} || 'Z',
      'last_used_date', ${table.lastUsedDate} || 'Z', 'expires_date', ${table.expiresDate} || 'Z') AS body
    FROM ${table}, caller WHERE ${isSent}`;
}

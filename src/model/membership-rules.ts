import { sql } from "drizzle-orm";
import { levelOn } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { users } from "../db/schema/users.ts";
import { LEVEL, LEVEL_FOR } from "../values/permission.ts";
import type { Violation } from "../values/violation.ts";
import { isIdentifier, spellings } from "./matlab.ts";
import { foldEmail, type MemberChange, type Membership, named } from "./membership.ts";
import type { Precondition } from "./precondition.ts";

/** Every member that the body names exists. */
export function membersExist(
  { field, members, memberKey: key, unknown }: Membership,
  changes: readonly MemberChange[] = [],
): Precondition {
  return () => sql`SELECT json_object('kind', 'conflict', 'field', ${field},
      'message', ${unknown(sql`named.key`)}) AS violation
    FROM ${named(changes)}
    WHERE NOT EXISTS (SELECT 1 FROM ${members.table} WHERE ${key} = named.key)`;
}

/**
 * As `membersExist`, for an existing record. The body may contain a key that MATLAB made from the key of a
 * present member, if the level is the current one, so that a client can send back what it read. Such a key
 * changes nothing, because the member that it means is a guess. For a caller who may not see the members
 * there is no such key.
 */
function membersAreKnown(
  membership: Membership,
  id: string,
  changes: readonly MemberChange[],
): Precondition {
  if (!changes.some(({ key }) => isIdentifier(key))) return membersExist(membership, changes);
  const { kind, field, table, recordId, memberId, level, members, memberKey, unknown } = membership;
  return (caller) => {
    const present = sql`(SELECT ${memberKey} AS text, ${level} AS level FROM ${table}
      JOIN ${members.table} ON ${members.id} = ${memberId}
      WHERE ${recordId} = ${id} AND ${levelOn(caller, kind, sql`${id}`)} > 0)`;
    const misspelt = sql`'"' || named.key || '" is how MATLAB spells "' || present.text
      || '", whose entry can be changed under that name alone.'`;
    return sql`SELECT json_object('kind', 'conflict', 'field', ${field},
        'message', iif(present.text IS NULL, ${unknown(sql`named.key`)}, ${misspelt})) AS violation
      FROM ${named(changes)}
      LEFT JOIN ${spellings(present)} AS present ON present.spelling = named.key
      WHERE NOT EXISTS (SELECT 1 FROM ${members.table} WHERE ${memberKey} = named.key)
      AND present.level IS NOT named.level`;
  };
}

/** The preconditions for setting or removing members. */
export function rulesForMembers(
  membership: Membership,
  id: string,
  changes: readonly MemberChange[] = [],
): readonly Precondition[] {
  if (changes.length === 0) return [];
  const rules = [
    membersAreKnown(membership, id, changes),
    mayChangeMembers(membership, id, changes),
  ];
  return membership.members.table === users
    ? [...rules, keepsAnOwner(membership, id, named(changes))]
    : rules;
}

/**
 * Managers set and remove members and contributors. Only owners create, change or remove a manager or an
 * owner. An entry with the current level requires nothing, so that a client can send back what it read. For a
 * caller who may not see the members, every user counts as no member.
 */
function mayChangeMembers(
  membership: Membership,
  id: string,
  changes: readonly MemberChange[],
): Precondition {
  const { kind, table, recordId, memberId, level, members, memberKey: key } = membership;
  const manage = `manage_${kind}`;
  const own = `own_${kind}`;
  return (caller) => sql`SELECT DISTINCT
      json_object('kind', 'denied', 'permission', permission, 'id', ${id}) AS violation
    FROM (SELECT iif(max(named.level, current) >= ${LEVEL.manager}, ${own}, ${manage}) AS permission,
        iif(max(named.level, current) >= ${LEVEL.manager}, ${LEVEL_FOR.own}, ${LEVEL_FOR.manage}) AS needed
      FROM (SELECT named.key, named.level, coalesce((SELECT ${level} FROM ${table}
            JOIN ${members.table} ON ${members.id} = ${memberId}
            WHERE ${recordId} = ${id} AND ${key} = named.key
            AND ${levelOn(caller, kind, sql`${id}`)} > 0), 0) AS current
          FROM ${named(changes)}) AS named
      WHERE named.level <> current
      AND EXISTS (SELECT 1 FROM ${members.table} WHERE ${key} = named.key))
    WHERE ${levelOn(caller, kind, sql`${id}`)} < needed`;
}

/**
 * A record that has an owner keeps at least one. Owners through a group do not count, because the group can
 * lose its members, and neither do deactivated users. Only owners see this violation: other callers may not
 * make the change anyway.
 */
export function keepsAnOwner(
  membership: Membership,
  id: string,
  changed: Expression,
): Precondition {
  const { kind, table, recordId, memberId, level, field } = membership;
  const violation: Violation = {
    kind: "conflict",
    field,
    message: "The last owner cannot be removed or lowered: name another owner first.",
  };
  const owners = sql`SELECT 1 FROM ${table} JOIN ${users} ON ${users.id} = ${memberId}
    WHERE ${recordId} = ${id} AND ${level} = ${LEVEL.owner}`;
  const lowered = sql`(SELECT named.key FROM ${changed} WHERE named.level < ${LEVEL.owner})`;
  return (caller) => sql`SELECT ${JSON.stringify(violation)} AS violation
    WHERE ${levelOn(caller, kind, sql`${id}`)} >= ${LEVEL.owner}
    AND EXISTS (${owners} AND ${users.email} IN ${lowered})
    AND NOT EXISTS (${owners} AND ${users.isActive} AND ${users.email} NOT IN ${lowered})
    AND NOT EXISTS (SELECT 1 FROM ${changed} JOIN ${users} ON ${users.email} = named.key
      WHERE named.level = ${LEVEL.owner} AND ${users.isActive})`;
}

/** The owner of a new record that the operator creates is an active user. */
export const ownerIsKnown: Precondition = (caller) => {
  const violation: Violation = {
    kind: "conflict",
    field: "owner",
    message: "Name the owner by the email of an active user.",
  };
  return caller.kind === "operator"
    ? sql`SELECT ${JSON.stringify(violation)} AS violation WHERE NOT EXISTS (SELECT 1 FROM ${users}
        WHERE ${users.email} = ${foldEmail(caller.owner ?? "")} AND ${users.isActive})`
    : sql`SELECT NULL AS violation WHERE 0`;
};

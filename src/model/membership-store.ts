import { type SQL, sql } from "drizzle-orm";
import { type Caller, callerTable } from "../db/access.ts";
import { bareName, columnNames } from "../db/names.ts";
import { users } from "../db/schema/users.ts";
import { LEVEL } from "../values/permission.ts";
import { foldEmail, type MemberChange, type Membership, named } from "./membership.ts";

/** The statements that set and remove the named members. */
export function setMembers(
  { table, recordId, memberId, level, members, memberKey: key }: Membership,
  id: string,
  changes: readonly MemberChange[] = [],
): readonly SQL[] {
  if (changes.length === 0) return [];
  const matching = sql`${members.table} JOIN ${named(changes)} ON named.key = ${key}`;
  const columns = columnNames([recordId, memberId, level]);
  return [
    sql`DELETE FROM ${table} WHERE ${recordId} = ${id}
      AND ${memberId} IN (SELECT ${members.id} FROM ${matching} WHERE named.level = 0)`,
    sql`INSERT INTO ${table} (${columns}) SELECT ${id}, ${members.id}, named.level
      FROM ${matching} WHERE named.level > 0
      ON CONFLICT DO UPDATE SET ${bareName(level)} = excluded.${bareName(level)}`,
  ];
}

/** The statement that makes the creator of a record its owner. */
export function ownByMaker(
  { table, recordId, memberId, level }: Membership,
  caller: Caller,
  id: string,
): SQL {
  const maker =
    caller.kind === "operator"
      ? sql`SELECT ${users.id} AS id FROM ${users} WHERE ${users.email} = ${foldEmail(caller.owner ?? "")}`
      : sql`SELECT id FROM caller`;
  return sql`WITH ${callerTable(caller)} INSERT INTO ${table} (${columnNames([recordId, memberId, level])})
    SELECT ${id}, maker.id, ${LEVEL.owner} FROM (${maker}) AS maker WHERE true
    ON CONFLICT DO UPDATE SET ${bareName(level)} = excluded.${bareName(level)}`;
}

import { sql } from "../../db/sql.ts";
import { type Column, dataStorages, groups, projects, users } from "../../db/tables.ts";
import type { Fault } from "../../domain/fault.ts";
import { LEVEL } from "../../domain/permission.ts";
import { type Check, targetIsVisible, valueIsFree } from "../../record/checks.ts";
import {
  dataStorageUserLevels,
  groupUserLevels,
  type Membership,
  projectUserLevels,
} from "../../record/membership.ts";
import { user } from "./fields.ts";

/** What must hold for a profile to be changed: it is the caller's own. */
export function rulesForProfile(id: string): readonly Check[] {
  const denied: Fault = { kind: "denied", permission: "change_user", id };
  return [
    targetIsVisible(user, id, "view_user"),
    (viewer) =>
      viewer.kind === "operator"
        ? sql`SELECT NULL AS fault WHERE 0`
        : sql`SELECT ${JSON.stringify(denied)} AS fault
            WHERE NOT EXISTS (SELECT 1 FROM caller WHERE id = ${id})`,
  ];
}

/** What must hold for a user to be made. */
export function rulesForNewUser(email: string): readonly Check[] {
  return [valueIsFree("email", users.email, email, user.title)];
}

export function userExists(email: string): Check {
  const message = `No user has the email "${email}".`;
  const fault: Fault = { kind: "conflict", field: "email", message };
  return () => sql`SELECT ${JSON.stringify(fault)} AS fault
    WHERE NOT EXISTS (SELECT 1 FROM ${users} WHERE ${users.email} = ${email})`;
}

/** What must hold for a user to be deactivated: nothing is left without an owner. */
export function rulesForDeactivation(email: string): readonly Check[] {
  return [
    userExists(email),
    isNotLastOwner(email, projectUserLevels, projects.name),
    isNotLastOwner(email, dataStorageUserLevels, dataStorages.name),
    isNotLastOwner(email, groupUserLevels, groups.name),
  ];
}

/** Everything that the user owns has another owner who is active. */
function isNotLastOwner(
  email: string,
  { holder, table, holderId, ownId, memberId, level }: Membership,
  name: Column,
): Check {
  const owners = sql`${table} JOIN ${users} ON ${users.id} = ${memberId}
    WHERE ${level} = ${LEVEL.owner}`;
  return () => sql`SELECT json_object('kind', 'conflict', 'field', 'email', 'message',
      ${`The last owner of the ${holder} "`} || ${name} || '": name another owner first.') AS fault
    FROM ${name.table} WHERE ${ownId} IN (SELECT ${holderId} FROM ${owners}
      AND ${users.email} = ${email})
    AND ${ownId} NOT IN (SELECT ${holderId} FROM ${owners}
      AND ${users.email} <> ${email} AND ${users.isActive})`;
}

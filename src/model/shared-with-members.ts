import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import { levelOn, readableIds } from "../db/access.ts";
import { SHARED_TABLES } from "../db/shared-tables.ts";
import { booleanField } from "../query/field.ts";
import {
  LEVEL_FOR,
  type SharedKind,
  type SharedWithGroups,
  type Verb,
} from "../values/permission.ts";
import { type Access, projectIdsOf } from "./access.ts";
import type { About, WritableField } from "./field.ts";
import {
  groupsOf,
  type MemberChange,
  type Membership,
  memberChanges,
  membersField,
  usersOf,
} from "./membership.ts";
import { membersExist, ownerIsKnown, rulesForMembers } from "./membership-rules.ts";
import { ownByMaker, setMembers } from "./membership-store.ts";
import { holdsOn, targetIsVisible, violationWhere } from "./precondition.ts";
import { boolean as booleanValue } from "./schemas.ts";

// The access to projects, data storages, groups and more, on which users and groups have a level.

/**
 * The access by level. Any user with a token may create a record and becomes its owner, whatever the body
 * says of its members. A record that the operator creates gets the operator's `owner` (see `Operator`).
 */
export function sharedWithMembers(
  kind: SharedKind,
  {
    change = "change",
    read = {},
  }: {
    /** The permission that a change requires. */
    readonly change?: Verb;
    /** The parts of the read access that differ from those by level. */
    readonly read?: Partial<Access["read"]>;
  } = {},
): Access {
  const owners = usersOf(kind);
  const { ownId } = owners;
  return {
    read: {
      viewPermission: `view_${kind}`,
      visible: (caller) => sql`${ownId} IN ${readableIds(caller, kind)}`,
      readable: (caller) => sql`${levelOn(caller, kind, ownId)} > 0`,
      usable: (caller) => sql`${levelOn(caller, kind, ownId)} >= ${LEVEL_FOR.change}`,
      ...projectIdsOf(kind, ownId),
      ...read,
    },
    create: () => [ownerIsKnown],
    change: (model, id) => [targetIsVisible(model, id), holdsOn(change, kind, [id])],
    remove: (model, id) => [targetIsVisible(model, id), holdsOn("own", kind, [id])],
    created: (id, { caller }) => [ownByMaker(owners, caller, id)],
  };
}

/** The members of a record and their levels. Members that the body does not name stay unchanged. */
export function members(
  membership: Membership,
  about: About,
): WritableField<readonly MemberChange[]> {
  return {
    ...membersField(membership),
    ...about,
    input: "members",
    write: {
      schema: z._default(memberChanges(membership), []),
      preconditions: (changes, { id, isNew }) =>
        isNew ? [membersExist(membership, changes)] : rulesForMembers(membership, id, changes),
      after: (changes, { id }) => setMembers(membership, id, changes),
    },
  };
}

/** The users who have access to a record. */
export const usersWithAccess = (kind: SharedKind) =>
  members(usersOf(kind), {
    help: "The users with access, by email, each with can_change, is_manager and is_owner. Without a flag a user may read.",
  });

/** The groups that have access to a record. */
export const groupsWithAccess = (kind: SharedWithGroups) =>
  members(groupsOf(kind), {
    label: "Groups",
    help: "The groups with access, by name, each with can_change, is_manager and is_owner. Without a flag its members may read.",
  });

/** Whether the record is public. Only owners may change it. */
export function publicFlag(kind: SharedWithGroups, about: About): WritableField<boolean> {
  const { isPublic: column } = SHARED_TABLES[kind].records;
  return {
    ...booleanField(column),
    ...about,
    input: "flag",
    write: {
      schema: z._default(booleanValue, false),
      preconditions: (isPublic, target) =>
        target.isNew ? [] : [ownersChange(kind, target.id, sql`${column} <> ${isPublic ? 1 : 0}`)],
      cells: (isPublic) => [[column, isPublic ? 1 : 0]],
    },
  };
}

/** A change that meets a condition on the record's row requires the level of an owner. */
export function ownersChange(kind: SharedKind, id: string, isChange: SQL) {
  const { records } = SHARED_TABLES[kind];
  return violationWhere(
    { kind: "denied", permission: `own_${kind}`, id },
    (caller) => sql`EXISTS (SELECT 1 FROM ${records} WHERE ${records.id} = ${id} AND ${isChange})
      AND ${levelOn(caller, kind, sql`${id}`)} < ${LEVEL_FOR.own}`,
  );
}

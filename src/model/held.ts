import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import { levelOn, readableIds } from "../db/access.ts";
import { booleanField } from "../query/field.ts";
import { type Holder, LEVEL_FOR, type Verb } from "../values/permission.ts";
import type { Access } from "./access.ts";
import type { WritableField } from "./field.ts";
import { type MemberChange, type Membership, memberChanges, membersField } from "./membership.ts";
import { membersExist, ownerIsKnown, rulesForMembers } from "./membership-rules.ts";
import { ownByMaker, setMembers } from "./membership-store.ts";
import { holdsOn, targetIsVisible, violationWhere } from "./precondition.ts";
import { boolean as booleanValue } from "./schemas.ts";

// What users and groups hold at a level: projects, data storages and groups.

/**
 * Held by users and groups. Anyone with a token may create a record, and owns it, whatever the body says of
 * its members; an operator creates it for an owner (see `operatorFor`).
 */
export function held({
  owners,
  change = "change",
  read = {},
}: {
  /** The membership in which the creator of a record becomes its owner. */
  readonly owners: Membership;
  /** The permission that a change takes. */
  readonly change?: Verb;
  /** How reading differs from what follows from the levels. */
  readonly read?: Partial<Access["read"]>;
}): Access {
  const { holder, ownId } = owners;
  return {
    read: {
      viewPermission: `view_${holder}`,
      visible: (caller) => sql`${ownId} IN ${readableIds(caller, holder)}`,
      readable: (caller) => sql`${levelOn(caller, holder, ownId)} > 0`,
      ...read,
    },
    create: () => [ownerIsKnown],
    change: (model, id) => [targetIsVisible(model, id), holdsOn(change, holder, [id])],
    remove: (model, id) => [targetIsVisible(model, id), holdsOn("own", holder, [id])],
    created: (id, { caller }) => [ownByMaker(owners, caller, id)],
  };
}

/** The members of a record and their levels; those that a body does not name stay as they are. */
export function members(membership: Membership): WritableField<readonly MemberChange[]> {
  return {
    ...membersField(membership),
    write: {
      schema: z._default(memberChanges(membership), []),
      preconditions: (changes, { id, isNew }) =>
        isNew ? [membersExist(membership, changes)] : rulesForMembers(membership, id, changes),
      after: (changes, { id }) => setMembers(membership, id, changes),
    },
  };
}

/** Whether the record is public; owners alone change it. */
export function publicFlag(
  column: SQLiteColumn,
  holder: Holder,
  id: SQLiteColumn,
): WritableField<boolean> {
  return {
    ...booleanField(column),
    write: {
      schema: z._default(booleanValue, false),
      preconditions: (isPublic, target) =>
        target.isNew
          ? []
          : [ownersChange(holder, id, target.id, sql`${column} <> ${isPublic ? 1 : 0}`)],
      cells: (isPublic) => [[column, isPublic ? 1 : 0]],
    },
  };
}

/** Owners alone make a change that meets a condition on the record's row. */
export function ownersChange(holder: Holder, id: SQLiteColumn, record: string, isChange: SQL) {
  return violationWhere(
    { kind: "denied", permission: `own_${holder}`, id: record },
    (caller) => sql`EXISTS (SELECT 1 FROM ${id.table} WHERE ${id} = ${record} AND ${isChange})
      AND ${levelOn(caller, holder, sql`${record}`)} < ${LEVEL_FOR.own}`,
  );
}

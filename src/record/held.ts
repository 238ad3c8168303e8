import type { MemberChange, Membership } from "./membership.ts";
import { type Maker, membersExist, ownerIsKnown, rulesForMembers } from "./membership-rules.ts";
import { ownByMaker, setMembers } from "./membership-store.ts";
import type { RecordKind } from "./service.ts";

/** How records of one kind are held: by whom they are owned, and what an input changes of each membership. */
export interface Held<Input> {
  /** The membership in which the maker of a record becomes its owner. */
  readonly owners: Membership;
  readonly members: readonly {
    readonly membership: Membership;
    readonly changes: (input: Partial<Input>) => readonly MemberChange[] | undefined;
  }[];
}

/** Records of one kind that are held. */
export interface HeldKind<Input> extends RecordKind<Input> {
  /** The same for the operator, who makes them for the user with this email. */
  readonly ownedBy: (email: string) => RecordKind<Input>;
}

/**
 * What users and groups hold: to the rules and statements of the record itself it adds those of its
 * members. Anyone who is known may create one, and owns it, whatever the input says of them. Members
 * that an input does not name stay as they are, in a replacement too.
 */
export function heldKind<Input>(kind: RecordKind<Input>, held: Held<Input>): HeldKind<Input> {
  return { ...ownedKind(kind, held, {}), ownedBy: (owner) => ownedKind(kind, held, { owner }) };
}

function ownedKind<Input>(
  kind: RecordKind<Input>,
  { owners, members }: Held<Input>,
  maker: Maker,
): RecordKind<Input> {
  const { rules, store } = kind;
  const setAll = (id: string, input: Partial<Input>) =>
    members.flatMap(({ membership, changes }) => setMembers(membership, id, changes(input)));
  return {
    ...kind,
    rules: {
      create: (input) => [
        ownerIsKnown(maker),
        ...rules.create(input),
        ...members.map(({ membership, changes }) => membersExist(membership, changes(input))),
      ],
      change: (id, input) => [
        ...rules.change(id, input),
        ...members.flatMap(({ membership, changes }) =>
          rulesForMembers(membership, id, changes(input)),
        ),
      ],
      remove: rules.remove,
    },
    store: {
      insert: (id, input, now) => [...store.insert(id, input, now), ...setAll(id, input)],
      update: (id, input, now) => [...store.update(id, input, now), ...setAll(id, input)],
      remove: store.remove,
    },
    whenMade: (id, viewer) => [ownByMaker(owners, viewer, id, maker)],
  };
}

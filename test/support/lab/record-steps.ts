import fc from "fast-check";
import { RECORD_MODELS, recordModel } from "../module-records.ts";
import {
  LINK_NAMES,
  LINKS,
  type LinkName,
  type Model,
  type ModelRecord,
  type ModelSession,
  mayChange,
  pick,
  recordsOf,
} from "./model.ts";
import { onSession } from "./session-steps.ts";
import { aNumber, aText, command, type MakeStep, maybe, type Step } from "./step.ts";

// What is done to the records of sessions: data acquisitions, behaviors, manipulations and epochs.

const MODULES = RECORD_MODELS.filter(({ one }) => one !== "epoch");
const EPOCH = recordModel("epoch");

const pathOf = ({ path }: { readonly path: string }, id = "") =>
  `/api/private${path}/${id === "" ? "" : `${id}/`}`;

interface Fields {
  readonly notes?: string | undefined;
  readonly order?: number | null | undefined;
}

/** An absent field is as it was. */
const withFields = (record: ModelRecord, { notes, order }: Fields): ModelRecord => ({
  ...record,
  notes: notes ?? record.notes,
  order: order === undefined ? record.order : order,
});

const addRecord = (kind: number, index: number, fields: Fields): MakeStep =>
  onSession(index, (session, of, { model, user }) => {
    const added = pick(MODULES, kind);
    if (added === undefined) return undefined;
    const empty: ModelRecord = { model: added, session, notes: "", order: null };
    return {
      request: ["POST", pathOf(added), { session, ...added.required, ...fields }],
      allowed: mayChange(model, user, of),
      apply: ({ body }) => model.records.set(body[added.one].id, withFields(empty, fields)),
    };
  });

/** A step on one of the records that there are, of any kind or of these. */
const onRecord =
  (
    index: number,
    kinds: "epochs" | "all",
    make: (
      id: string,
      record: ModelRecord,
      lab: { readonly model: Model; readonly session: ModelSession; readonly user: number },
    ) => Step | undefined,
  ): MakeStep =>
  (model, _real, user) => {
    const records = [...model.records].filter(
      ([, { epoch }]) => kinds === "all" || epoch !== undefined,
    );
    const [id, record] = pick(records, index) ?? [];
    const session = model.sessions.get(record?.session ?? "");
    if (id === undefined || record === undefined || session === undefined) return undefined;
    return make(id, record, { model, session, user });
  };

const changeRecord = (index: number, fields: Fields): MakeStep =>
  onRecord(index, "all", (id, record, { model, session, user }) => ({
    request: ["PATCH", pathOf(record.model, id), fields],
    allowed: mayChange(model, user, session),
    apply: () => model.records.set(id, withFields(record, fields)),
  }));

/** What the body does not name goes back to its default, the links of an epoch too. */
const replaceRecord = (index: number, fields: Fields): MakeStep =>
  onRecord(index, "all", (id, record, { model, session, user }) => {
    const { epoch, ...rest } = record;
    const empty = { ...rest, notes: "", order: null, ...(epoch && { epoch: NO_EPOCH }) };
    const body = { session: record.session, ...record.model.required, ...fields };
    return {
      request: ["PUT", pathOf(record.model, id), body],
      allowed: mayChange(model, user, session),
      apply: () => model.records.set(id, withFields(empty, fields)),
    };
  });

/** A record stays in its session for good. */
const moveRecord = (index: number, to: number): MakeStep =>
  onRecord(index, "all", (id, record, { model, session, user }) => {
    const [other = ""] = pick([...model.sessions], to) ?? [];
    return {
      request: ["PATCH", pathOf(record.model, id), { session: other }],
      allowed: mayChange(model, user, session) && other === record.session,
      apply: () => {},
    };
  });

const isLinked = ({ records }: Model, id: string) =>
  [...records.values()].some(({ epoch }) =>
    LINK_NAMES.some((name) => epoch?.links[name].includes(id)),
  );

const deleteRecord = (index: number): MakeStep =>
  onRecord(index, "all", (id, record, { model, session, user }) => ({
    request: ["DELETE", pathOf(record.model, id)],
    allowed: mayChange(model, user, session) && !isLinked(model, id),
    apply: () => model.records.delete(id),
  }));

type LinkNumbers = Readonly<Record<LinkName, readonly number[] | undefined>>;

interface EpochGiven {
  readonly start?: number | null | undefined;
  readonly end?: number | null | undefined;
  readonly links: LinkNumbers;
}

const NO_EPOCH = {
  start: null,
  end: null,
  links: { dataacquisition: [], behaviors: [], manipulations: [] },
};

/** Speaks of a record of another session, or of none. */
const FOREIGN = 7;

/** Records of the session by their numbers. */
function linksOf(model: Model, session: string, { links }: EpochGiven) {
  return Object.fromEntries(
    LINK_NAMES.flatMap((name) => {
      const given = links[name];
      if (given === undefined) return [];
      const own = recordsOf(model, session, LINKS[name]).map(([id]) => id);
      const [foreign = crypto.randomUUID()] = [...model.records]
        .filter(([, record]) => record.session !== session && record.model.one === LINKS[name])
        .map(([id]) => id);
      const ids = given.flatMap((index) =>
        index === FOREIGN ? foreign : (pick(own, index) ?? []),
      );
      return [[name, [...new Set(ids)]]];
    }),
  ) as Partial<Record<LinkName, readonly string[]>>;
}

type Linked = ReturnType<typeof linksOf>;

/** Of this session, and no data acquisition in two epochs. */
function mayLink(model: Model, session: string, links: Linked, epochId?: string): boolean {
  const inSession = LINK_NAMES.flatMap((name) => links[name] ?? []).every(
    (id) => model.records.get(id)?.session === session,
  );
  const isFree = (id: string) =>
    [...model.records].every(
      ([of, { epoch }]) => of === epochId || !epoch?.links.dataacquisition.includes(id),
    );
  return inSession && (links.dataacquisition ?? []).every(isFree);
}

const endsAfterStart = ({ start, end }: { start: number | null; end: number | null }) =>
  start === null || end === null || start <= end;

const bounds = (
  { start, end }: EpochGiven,
  old: { readonly start: number | null; readonly end: number | null },
) => ({
  start: start === undefined ? old.start : start,
  end: end === undefined ? old.end : end,
});

const addEpoch = (index: number, given: EpochGiven): MakeStep =>
  onSession(index, (session, of, { model, user }) => {
    const { start, end } = given;
    const links = linksOf(model, session, given);
    const range = bounds(given, NO_EPOCH);
    return {
      request: ["POST", pathOf(EPOCH), { session, ...EPOCH.required, start, end, ...links }],
      allowed:
        mayChange(model, user, of) && mayLink(model, session, links) && endsAfterStart(range),
      apply: ({ body }) =>
        model.records.set(body.epoch.id, {
          model: EPOCH,
          session,
          notes: "",
          order: null,
          epoch: { ...range, links: { ...NO_EPOCH.links, ...links } },
        }),
    };
  });

const changeEpoch = (index: number, given: EpochGiven): MakeStep =>
  onRecord(index, "epochs", (id, record, { model, session, user }) => {
    const { epoch = NO_EPOCH } = record;
    const { start, end } = given;
    const links = linksOf(model, record.session, given);
    const range = bounds(given, epoch);
    return {
      request: ["PATCH", pathOf(EPOCH, id), { start, end, ...links }],
      allowed:
        mayChange(model, user, session) &&
        mayLink(model, record.session, links, id) &&
        endsAfterStart(range),
      apply: () =>
        model.records.set(id, {
          ...record,
          epoch: { ...range, links: { ...epoch.links, ...links } },
        }),
    };
  });

const fields = fc.record({
  notes: maybe(aText),
  order: maybe(fc.option(fc.nat(2))),
});

const bound = maybe(fc.option(fc.constantFrom(-1, 0, 2.5)));
const links = maybe(fc.array(fc.nat(FOREIGN), { maxLength: 2 }));

const epochGiven = fc.record({
  start: bound,
  end: bound,
  links: fc.record({ dataacquisition: links, behaviors: links, manipulations: links }),
});

/** What is there before the others begin: of each kind one, and an epoch of all of them. */
export const firstRecords: readonly MakeStep[] = [
  ...MODULES.map((_, kind) => addRecord(kind, 0, {})),
  addEpoch(0, { links: { dataacquisition: [0], behaviors: [0], manipulations: [0] } }),
];

export const recordCommands = [
  command("adds a record", addRecord, aNumber, aNumber, fields),
  command("adds a record", addRecord, aNumber, aNumber, fields),
  command("adds a record", addRecord, aNumber, aNumber, fields),
  command("adds an epoch", addEpoch, aNumber, epochGiven),
  command("changes a record", changeRecord, aNumber, fields),
  command("replaces a record", replaceRecord, aNumber, fields),
  command("moves a record", moveRecord, aNumber, aNumber),
  command("changes an epoch", changeEpoch, aNumber, epochGiven),
  command("deletes a record", deleteRecord, aNumber),
];

import { env } from "cloudflare:workers";
import fc from "fast-check";
import { session } from "../../src/models/session/session.ts";
import { sessionDataStorage } from "../../src/models/session-data-storage.ts";
import { vocabularyOf } from "../../src/query/read-model.ts";
import { foldCase } from "../../src/values/fold.ts";
import { LEVEL, type LevelName } from "../../src/values/permission.ts";
import {
  arbitraryInstant,
  arbitraryNumber,
  arbitraryText,
  type Model,
  type Plain,
  writeInstant,
} from "./query-model.ts";
import { type SessionRow, writeSessions } from "./session-rows.ts";

// Sessions as the contract has them (sections 2, 3, 5, 6 and 7), and data sets of them.

/** A user by number, the public portal, or one who sees everything and asks for what others may not see. */
export type ModelViewer = number | "public" | "everyone";

export const USERS = 3;

interface Hold {
  readonly level: LevelName;
  readonly byGroup: boolean;
}

/** A project or a data storage, and how it is shared with each of the users. */
interface ModelShared {
  readonly id: string;
  readonly name: string;
  readonly isPublic: boolean;
  readonly holds: readonly (Hold | undefined)[];
}

/** A session as it is written, its instants as the model counts them, its records as they are. */
type ModelSession = Omit<
  SessionRow,
  "projects" | "dataStorages" | "associations" | "dateTime" | "createdDate" | "updatedDate"
> & {
  readonly projects: readonly ModelShared[];
  readonly dataStorages: readonly ModelShared[];
  readonly associations: readonly string[];
  readonly dateTime: number | null;
  readonly createdDate: number;
  readonly updatedDate: number;
};

interface ModelAssociation {
  readonly id: string;
  readonly session: ModelSession;
  readonly dataStorage: ModelShared;
  readonly order: number;
}

export interface DataSet {
  readonly projects: readonly ModelShared[];
  readonly dataStorages: readonly ModelShared[];
  readonly sessions: readonly ModelSession[];
}

function mayRead({ isPublic, holds }: ModelShared, caller: ModelViewer): boolean {
  if (caller === "everyone") return true;
  return caller === "public" ? isPublic : holds[caller] !== undefined;
}

const seesSession = ({ projects }: ModelSession, caller: ModelViewer) =>
  projects.some((project) => mayRead(project, caller));

/** The private portal shows the ids of all of them, the public portal those that are public. */
const shownOf = (records: readonly ModelShared[], caller: ModelViewer) =>
  caller === "public" ? records.filter(({ isPublic }) => isPublic) : records;

const idsOf = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id);

function sharedValues(
  records: readonly ModelShared[],
  rest: string | undefined,
  caller: ModelViewer,
): readonly Plain[] {
  return rest === "name"
    ? records.filter((record) => mayRead(record, caller)).map(({ name }) => name)
    : idsOf(shownOf(records, caller));
}

/** Each project has a collection with its id and its name, of the sessions that have the project as their first one. */
const collectionsOf = ({ projects }: ModelSession) => projects.slice(0, 1);

function sessionValues(row: ModelSession, path: string, caller: ModelViewer): readonly Plain[] {
  const [field = "", rest] = path.split(".");
  switch (field) {
    case "id":
    case "name":
    case "description":
    case "tags":
    case "epochs":
    case "behaviors":
    case "manipulations":
      return [row[field]].flat();
    case "name_used_in_storage":
      return [row.nameUsedInStorage];
    case "dataacquisition":
      return row.dataAcquisitions;
    case "date_time":
      return [row.dateTime];
    case "created_date":
      return [row.createdDate];
    case "updated_date":
      return [row.updatedDate];
    case "projects":
      return sharedValues(row.projects, rest, caller);
    case "datastorage":
      return sharedValues(row.dataStorages, rest, caller);
    case "subjects":
      // The subjects have no rows, as those that were stored before this service had the model: no name is found.
      return rest === "name" || row.behaviors.length === 0 ? [] : row.subjects;
    case "collections":
      // Whoever may not read a collection finds nothing by it, not even by its id.
      return collectionsOf(row)
        .filter((record) => mayRead(record, caller))
        .map(({ id, name }) => (rest === "name" ? name : id));
    case "extra_fields":
      return [row.extraFields[rest ?? ""] ?? null];
    default:
      throw new Error(`the model of sessions does not know ${path}`);
  }
}

function showShared(
  records: readonly ModelShared[],
  caller: ModelViewer,
  isWhole: boolean,
): readonly unknown[] {
  const shown = shownOf(records, caller);
  if (!isWhole) return idsOf(shown);
  return shown.map((record) =>
    mayRead(record, caller) ? { id: record.id, name: record.name } : { id: record.id },
  );
}

function showSession(
  row: ModelSession,
  caller: ModelViewer,
  include: readonly string[],
): Record<string, unknown> {
  const records = (field: string, ids: readonly string[]) =>
    include.includes(field) ? ids.map((id) => ({ id, session: row.id })) : ids;
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    epochs: records("epochs", row.epochs),
    projects: showShared(row.projects, caller, include.includes("projects")),
    date_time: row.dateTime === null ? null : `${writeInstant(row.dateTime)}Z`,
    datastorage: showShared(row.dataStorages, caller, include.includes("datastorage")),
    extra_fields: row.extraFields,
    download_links: [],
    dataacquisition: records("dataacquisition", row.dataAcquisitions),
    behaviors: records("behaviors", row.behaviors),
    manipulations: records("manipulations", row.manipulations),
    name_used_in_storage: row.nameUsedInStorage,
    tags: row.tags,
  };
}

const SUBJECTS = [
  "0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0b01",
  "0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0b02",
  "0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0b03",
] as const;

const KEYS = ["depth", "note", "gt"];

export const sessionModel: Model<ModelSession, ModelViewer> = {
  listName: "sessions",
  vocabulary: vocabularyOf(session),
  keys: KEYS,
  isVisible: seesSession,
  valuesAt: sessionValues,
  searched: (row, caller) => [
    row.name,
    row.description,
    row.nameUsedInStorage,
    ...row.tags,
    ...Object.entries(row.extraFields).flatMap(([key, value]) => [key, String(value)]),
    ...[...row.projects, ...row.dataStorages]
      .filter((holder) => mayRead(holder, caller))
      .map(({ name }) => name),
  ],
  show: showSession,
  comparedOf: {
    projects: ["id", "name"],
    datastorage: ["id", "name"],
    epochs: ["id", "session"],
    dataacquisition: ["id", "session"],
    behaviors: ["id", "session"],
    manipulations: ["id", "session"],
  },
  defaultSort: ["name"],
};

export const associationsOf = ({ sessions }: DataSet): readonly ModelAssociation[] =>
  sessions.flatMap((row) =>
    row.dataStorages.map((dataStorage, order) => ({
      id: row.associations[order] ?? "",
      session: row,
      dataStorage,
      order,
    })),
  );

function associationValues(row: ModelAssociation, path: string): readonly Plain[] {
  switch (path.replace(".id", "")) {
    case "id":
      return [row.id];
    case "session":
      return [row.session.id];
    case "datastorage":
      return [row.dataStorage.id];
    case "order":
      return [row.order];
    default:
      throw new Error(`the model of associations does not know ${path}`);
  }
}

export const associationModel: Model<ModelAssociation, ModelViewer> = {
  listName: "sessiondatastorages",
  vocabulary: vocabularyOf(sessionDataStorage),
  keys: [],
  isVisible: (row, caller) => seesSession(row.session, caller),
  valuesAt: associationValues,
  show: (row) => ({
    id: row.id,
    session: row.session.id,
    datastorage: row.dataStorage.id,
    order: row.order,
  }),
  comparedOf: {},
  defaultSort: ["session", "order"],
};

const arbitraryHold = fc.option(
  fc.record({
    level: fc.constantFrom(...(Object.keys(LEVEL) as LevelName[])),
    byGroup: fc.boolean(),
  }),
  { nil: undefined, freq: 2 },
);

const arbitraryName = (most: number) =>
  arbitraryText(most)
    .map((text) => text.trim())
    .filter((text) => text !== "");

/** Records of the same kind have different names. */
const arbitraryShared = (minLength: number) =>
  fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      name: arbitraryName(5),
      isPublic: fc.boolean(),
      holds: fc.array(arbitraryHold, { minLength: USERS, maxLength: USERS }),
    }),
    { minLength, maxLength: 4, selector: ({ name }) => name },
  );

const arbitraryIds = fc.array(fc.uuid(), { maxLength: 2 });

const arbitraryExtraFields = fc.dictionary(
  fc.constantFrom(...KEYS),
  fc.oneof(arbitraryNumber, arbitraryNumber.map(String), arbitraryText()),
);

function arbitrarySession(
  projects: readonly ModelShared[],
  dataStorages: readonly ModelShared[],
): fc.Arbitrary<ModelSession> {
  return fc.record({
    id: fc.uuid(),
    name: arbitraryName(6),
    description: arbitraryText(6),
    projects: fc.shuffledSubarray([...projects], { minLength: 1 }),
    dateTime: fc.option(arbitraryInstant),
    dataStorages: fc.shuffledSubarray([...dataStorages]),
    // Without the bias to small values, which makes two sessions share an id now and then.
    associations: fc.array(fc.noBias(fc.uuid()), { minLength: 4, maxLength: 4 }),
    extraFields: arbitraryExtraFields.map((fields) => ({ ...fields })),
    nameUsedInStorage: arbitraryText(2),
    tags: fc.uniqueArray(arbitraryName(3), { maxLength: 3 }),
    createdDate: arbitraryInstant,
    updatedDate: arbitraryInstant,
    epochs: arbitraryIds,
    dataAcquisitions: arbitraryIds,
    behaviors: arbitraryIds,
    manipulations: arbitraryIds,
    subjects: fc.subarray([...SUBJECTS], { maxLength: 2 }),
  });
}

/** Data sets of this many sessions, with the projects and data storages that they lie in. */
export function arbitraryDataSet(minLength: number, maxLength: number): fc.Arbitrary<DataSet> {
  return fc.tuple(arbitraryShared(1), arbitraryShared(0)).chain(([projects, dataStorages]) =>
    fc.record({
      projects: fc.constant(projects),
      dataStorages: fc.constant(dataStorages),
      sessions: fc.uniqueArray(arbitrarySession(projects, dataStorages), {
        minLength,
        maxLength,
        size: "max",
        selector: ({ name }) => name,
      }),
    }),
  );
}

/** A user in the tables, and a group that has this user alone. */
interface Holding {
  readonly userId: string;
  readonly groupId: string;
}

/** Puts a data set in the place of all that is in the tables but users and groups. */
export async function writeDataSet(data: DataSet, users: readonly Holding[]): Promise<void> {
  await env.DB.batch([
    ...["sessions", "projects", "data_storages"].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
    ...data.projects.flatMap((record) => sharedRows("project", record, users)),
    ...data.dataStorages.flatMap((record) => sharedRows("data_storage", record, users)),
  ]);
  await writeSessions(
    data.sessions.map((row) => ({
      ...row,
      projects: idsOf(row.projects),
      dataStorages: idsOf(row.dataStorages),
      dateTime: row.dateTime === null ? null : writeInstant(row.dateTime),
      createdDate: writeInstant(row.createdDate),
      updatedDate: writeInstant(row.updatedDate),
    })),
  );
  const links = data.sessions.flatMap((row, index) =>
    collectionsOf(row).map(({ id }) => [id, row.id, index]),
  );
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO collections (id, name, name_folded, project_id)
       SELECT id, substr(name, 1, 100), substr(name_folded, 1, 100), id FROM projects`,
    ),
    env.DB.prepare(
      `INSERT INTO collection_sessions (collection_id, session_id, position)
       SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
    ).bind(JSON.stringify(links)),
  ]);
}

function sharedRows(
  kind: "project" | "data_storage",
  { id, name, isPublic, holds }: ModelShared,
  users: readonly Holding[],
): readonly D1PreparedStatement[] {
  const grants = users.flatMap((user, index) => {
    const hold = holds[index];
    if (hold === undefined) return [];
    const [by, memberId] = hold.byGroup ? ["group", user.groupId] : ["user", user.userId];
    const sql = `INSERT INTO ${kind}_${by}s (${kind}_id, ${by}_id, level) VALUES (?, ?, ?)`;
    return [env.DB.prepare(sql).bind(id, memberId, LEVEL[hold.level])];
  });
  return [
    env.DB.prepare(
      `INSERT INTO ${kind}s (id, name, name_folded, is_public) VALUES (?, ?, ?, ?)`,
    ).bind(id, name, foldCase(name), Number(isPublic)),
    ...grants,
  ];
}

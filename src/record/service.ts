import { runAs, type Viewer } from "../db/access.ts";
import type { Connection, Row } from "../db/connection.ts";
import { isTooBig, readWriteFailure } from "../db/constraint-error.ts";
import type { SQL } from "../db/sql.ts";
import { BadRequest, Forbidden, InvalidBody, NotFound, type Refusal } from "../domain/errors.ts";
import { type Fault, hiddenMessage, refusalOf } from "../domain/fault.ts";
import { toInstant } from "../domain/instant.ts";
import { compileDetail, compileList } from "../query/compile.ts";
import type { Query, Selection } from "../query/parse.ts";
import { type Resource, vocabularyOf } from "../query/resource.ts";
import { askCheck, type Check, guardAll } from "./checks.ts";
import { type Deed, writeDown } from "./history.ts";
import type { RecordStore } from "./store.ts";

// The verbs that all resources share.

/** One page: each object as JSON text, and the number of all that the query finds. */
export interface Page {
  readonly bodies: readonly string[];
  readonly count: number;
}

/** @throws Unauthenticated */
export async function listRecords(
  connection: Connection,
  viewer: Viewer,
  resource: Resource,
  query: Query,
): Promise<Page> {
  return pageOf(await readAs(connection, viewer, compileList(resource, viewer, query)));
}

/**
 * As `listRecords`, for a list that is asked for below one record: the checks say who may.
 *
 * @throws Unauthenticated, and what the checks find, which the public portal does not tell from a NotFound
 */
export async function listBelow(
  connection: Connection,
  viewer: Viewer,
  checks: readonly Check[],
  resource: Resource,
  query: Query,
): Promise<Page> {
  const statements = compileList(resource, viewer, query);
  const { faults, answers } = await findFaults(connection, viewer, checks, statements);
  const refusal = refusalOf(faults, undefined);
  if (refusal !== undefined) throw viewer.kind === "public" ? new NotFound() : refusal;
  return pageOf(answers);
}

/**
 * The page in the answers of `compileList`, of which there are one or two.
 *
 * @throws BadRequest when its objects are more than one answer holds
 */
export function pageOf([rows = [], counts = rows]: readonly (readonly Row[])[]): Page {
  const found = rows.filter((row) => row.place !== null);
  if (found.some((row) => row.body === null)) {
    throw new BadRequest(
      "The answer would be larger than 16 MiB: ask for fewer objects with limit, without include[], or leave long fields out with exclude[].",
    );
  }
  return { bodies: found.map(bodyOf), count: Number(counts[0]?.count ?? 0) };
}

/**
 * One object as JSON text.
 *
 * @throws Unauthenticated, NotFound, and Forbidden when it exists and the bearer may not see it; in the
 * public portal that is a NotFound too
 */
export async function readRecord(
  connection: Connection,
  viewer: Viewer,
  resource: Resource,
  id: string,
  selection?: Selection,
): Promise<string> {
  const [rows] = await readAs(connection, viewer, [compileDetail(resource, viewer, id, selection)]);
  const row = rows?.[0];
  if (row === undefined) throw new NotFound();
  if (row.body === null) throw hiddenRefusal(viewer, resource);
  return bodyOf(row);
}

/** One object with much in it, and that of its relations, can be more than the database puts together. */
async function readAs(
  connection: Connection,
  viewer: Viewer,
  statements: readonly SQL[],
): Promise<readonly (readonly Row[])[]> {
  try {
    return await runAs(connection, viewer, statements);
  } catch (error) {
    if (!isTooBig(error)) throw error;
    throw new BadRequest(
      "One object is too large to be read whole: ask for it without include[], leave fields out with exclude[], and change it without If-Match.",
    );
  }
}

function hiddenRefusal(viewer: Viewer, resource: Resource): Refusal {
  return viewer.kind === "public"
    ? new NotFound()
    : new Forbidden(hiddenMessage(resource.title, resource.viewPermission));
}

function bodyOf(row: Row): string {
  return String(row.body);
}

/**
 * Asks what speaks against a request, in one round trip, and with it whatever else the request asks.
 *
 * @throws Unauthenticated
 */
export async function findFaults(
  connection: Connection,
  viewer: Viewer,
  checks: readonly Check[],
  questions: readonly SQL[] = [],
): Promise<{ faults: readonly Fault[]; answers: readonly (readonly Row[])[] }> {
  const asked = checks.map((check) => askCheck(check, viewer));
  const rows = await readAs(connection, viewer, [...asked, ...questions]);
  // Each check builds its faults with json_object, in the shape of a Fault.
  const found = rows.slice(0, asked.length).flat();
  return {
    faults: found.map((row) => JSON.parse(String(row.fault)) as Fault),
    answers: rows.slice(asked.length),
  };
}

/** What a write does: what must hold when it is done, its statements, and what it answers with. */
export interface Write {
  readonly checks: readonly Check[];
  readonly statements: readonly SQL[];
  readonly answer: readonly SQL[];
  /** What this does to which records, for their history. Who writes down nothing says why. */
  readonly deeds: readonly Deed[];
}

/**
 * Writes everything, or nothing, and reads the answer back, in one round trip. The checks are made
 * again in the same transaction, so that what changed since they were asked cannot slip through.
 *
 * @returns the rows of each statement of the answer
 * @throws a Refusal when a check no longer holds or a constraint is hit by a race
 */
export async function writeRecord(
  connection: Connection,
  viewer: Viewer,
  write: Write,
): Promise<readonly (readonly Row[])[]> {
  try {
    return await runWrite(connection, viewer, write);
  } catch (error) {
    throw lostRace(error) ?? error;
  }
}

/** The batch of a write, whose errors are what the database says. */
async function runWrite(
  connection: Connection,
  viewer: Viewer,
  { checks, statements, answer, deeds }: Write,
): Promise<readonly (readonly Row[])[]> {
  const { keepAnswer } = connection;
  // A request's batches are guarded by what its route needs: the same checks.
  const guards = connection.guards.length > 0 ? [] : [guardAll(checks, viewer)];
  const now = toInstant(new Date());
  const { before, after } = writeDown(deeds, viewer, now);
  const [first] = answer;
  const batch = [
    ...guards,
    ...before,
    ...statements,
    ...after,
    ...(keepAnswer && first ? keepAnswer(first) : []),
    ...answer,
  ];
  const rows = await runAs(connection, viewer, batch);
  return rows.slice(rows.length - answer.length);
}

/** The refusal for a write that failed because another one came first. */
function lostRace(error: unknown): Refusal | undefined {
  if (isTooBig(error)) return new BadRequest("This is larger than the database can hold.");
  const failure = readWriteFailure(error);
  if (failure.kind === "fault") return refusalOf([failure.fault], undefined);
  if (failure.kind === "foreign-key") {
    return new BadRequest("Something that this refers to, or that refers to it, has just changed.");
  }
  if (failure.kind !== "unique") return undefined;
  const field = failure.columns.at(-1)?.split(".").at(-1) ?? "";
  return new InvalidBody(new Map([[field, ["A record with this value already exists."]]]));
}

/**
 * As `writeRecord`, answering with the one object that was written, as JSON text. Who has written away
 * their own right to see it is answered with its id. An object whose relations are more than the database
 * puts together is written in a second round trip, and answered without them: a write is never refused for
 * what the object is related to.
 */
export async function writeAndRead(
  connection: Connection,
  viewer: Viewer,
  write: Omit<Write, "answer">,
  resource: Resource,
  id: string,
): Promise<string> {
  const answeredWith = (selection?: Selection): Write => ({
    ...write,
    answer: [compileDetail(resource, viewer, id, selection)],
  });
  const [rows] = await runWrite(connection, viewer, answeredWith()).catch((error: unknown) => {
    if (!isTooBig(error)) throw lostRace(error) ?? error;
    return writeRecord(connection, viewer, answeredWith(withoutRelations(resource)));
  });
  const row = rows?.[0];
  if (row === undefined) throw new NotFound();
  return row.body === null ? JSON.stringify({ id }) : bodyOf(row);
}

function withoutRelations(resource: Resource): Selection {
  return { include: [], exclude: vocabularyOf(resource).includes };
}

/** What must hold for records of one kind to be written. */
export interface RecordRules<Input> {
  readonly create: (input: Partial<Input>) => readonly Check[];
  readonly change: (id: string, input: Partial<Input>) => readonly Check[];
  readonly remove: (id: string) => readonly Check[];
}

/** Records of one kind: how they are shown, what must hold for a write, and its statements. */
export interface RecordKind<Input> {
  readonly resource: Resource;
  readonly rules: RecordRules<Input>;
  readonly store: RecordStore<Input>;
  /** What else is written for a new record, on behalf of whoever makes it. */
  readonly whenMade?: (id: string, viewer: Viewer) => readonly SQL[];
  /** What happens to other records when one is removed. */
  readonly takesAlong?: (id: string) => readonly Deed[];
}

/** Creates a record. Answers with it, as JSON text. */
export function createRecord<Input>(
  connection: Connection,
  viewer: Viewer,
  { resource, rules, store, whenMade }: RecordKind<Input>,
  input: Input,
): Promise<string> {
  const id = crypto.randomUUID();
  const statements = [
    ...store.insert(id, input, toInstant(new Date())),
    ...(whenMade?.(id, viewer) ?? []),
  ];
  return writeAndRead(
    connection,
    viewer,
    { checks: rules.create(input), statements, deeds: [{ action: "create", resource, id }] },
    resource,
    id,
  );
}

/** Changes the fields that the input names. Answers with the whole record, as JSON text. */
export function changeRecord<Input>(
  connection: Connection,
  viewer: Viewer,
  { resource, rules, store }: RecordKind<Input>,
  id: string,
  input: Partial<Input>,
): Promise<string> {
  const statements = store.update(id, input, toInstant(new Date()));
  const checks = rules.change(id, input);
  const deeds: readonly Deed[] = [{ action: "change", resource, id }];
  return writeAndRead(connection, viewer, { checks, statements, deeds }, resource, id);
}

export async function removeRecord<Input>(
  connection: Connection,
  viewer: Viewer,
  { resource, rules, store, takesAlong }: RecordKind<Input>,
  id: string,
): Promise<void> {
  await writeRecord(connection, viewer, {
    checks: rules.remove(id),
    statements: store.remove(id),
    answer: [],
    deeds: [...(takesAlong?.(id) ?? []), { action: "delete", resource, id }],
  });
}

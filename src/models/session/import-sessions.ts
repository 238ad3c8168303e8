import * as z from "zod/mini";
import type { Caller } from "../../db/access.ts";
import type { Connection } from "../../db/connection.ts";
import { typedRows } from "../../db/typed-rows.ts";
import { askViolations, execute } from "../../model/execute.ts";
import { type InputDeclaration, type ParsedShape, parseInput } from "../../model/input.ts";
import { type Intent, Plan } from "../../model/plan.ts";
import { type Precondition, takenMessage } from "../../model/precondition.ts";
import { text, uuid } from "../../model/schemas.ts";
import {
  BadRequestError,
  type FieldErrors,
  ForbiddenError,
  NotFoundError,
} from "../../values/errors.ts";
import { toInstant } from "../../values/instant.ts";
import { isJsonObject } from "../../values/json.ts";
import { errorOf, type Violation } from "../../values/violation.ts";
import { session } from "./session.ts";
import {
  findTaken,
  type ImportedSession,
  insertSessions,
  listed,
  type SessionInput,
  TAKEN,
} from "./session-rows.ts";

/**
 * The fields of an imported session that only the operator writes, in addition to those that clients write.
 */
const ownShape = {
  id: z.optional(uuid),
  name_used_in_storage: z._default(text(200), ""),
};

/** The fields of a session that the operator imports. */
export const sessionImport = {
  shape: { ...session.input.shape, ...ownShape },
  readOnly: session.input.readOnly.filter((name) => !(name in ownShape)),
};

/** The most sessions of one import, because all of them are one transaction. */
export const MAX_SESSIONS = 10_000;

/**
 * The largest session, in bytes. A row of D1 has two megabytes, and stores the text twice: as it is and
 * folded.
 */
const MAX_BYTES = 600_000;

/** One session of a file: its position in the file for messages, and its body. */
export interface FileRow {
  readonly place: string;
  readonly body: unknown;
}

/** The errors of a file: for each invalid row its position, and the messages by field. */
export type RowFaults = ReadonlyMap<string, FieldErrors>;

export interface SessionFile {
  /** The project of all sessions. It comes before the projects that a session names itself. */
  readonly projectId: string;
  readonly rows: readonly FileRow[];
  /** The fields that a row may have: those of `sessionImport` for the operator, those of the API for anybody else. */
  readonly declaration: InputDeclaration;
  /** Receives the number of rows that are read so far. */
  readonly onRead?: (count: number) => void;
}

/** The sessions of a file, with the errors of all rows. They can be written when there is none. */
export interface CheckedSessions {
  readonly sessions: readonly ReadRow[];
  readonly faults: RowFaults;
  readonly preconditions: readonly Precondition[];
  readonly intent: Intent;
}

/**
 * Writes all sessions of a file, or none.
 *
 * @returns the errors of all rows; empty when the sessions are written
 * @throws an ApiError for the file as a whole
 */
export async function importSessions(
  connection: Connection,
  caller: Caller,
  file: SessionFile,
): Promise<RowFaults> {
  const checked = await checkSessions(connection, caller, file);
  if (checked.faults.size === 0) await writeSessions(connection, checked);
  return checked.faults;
}

/**
 * Reads the sessions of a file and checks each against the database, in one round trip. It writes nothing.
 *
 * @throws an ApiError for the file as a whole
 */
export async function checkSessions(
  connection: Connection,
  caller: Caller,
  { projectId, rows, declaration, onRead }: SessionFile,
): Promise<CheckedSessions> {
  if (rows.length > MAX_SESSIONS) {
    throw new BadRequestError(
      `The file has ${rows.length} sessions, and one import takes at most ${MAX_SESSIONS}: split it.`,
    );
  }
  const faults = new RowErrors();
  const sessions = readRows(rows, { projectId, declaration }, faults, onRead);
  noteRepeated(sessions, faults);
  const intent = { caller, now: toInstant(new Date()) };
  // The references of all rows together need the same preconditions as one session with all of these
  // references.
  const { preconditions } = session.writes.create(
    "",
    {
      projects: distinct([projectId], ...sessions.map(({ input }) => input.projects ?? [])),
      datastorage: distinct(...sessions.map(({ input }) => input.datastorage ?? [])),
    },
    intent,
  );
  const byName = findTaken(
    "name",
    sessions.flatMap(({ input }) => input.name ?? []),
  );
  const byId = findTaken(
    "id",
    sessions.map(({ id }) => id),
  );
  const { violations, answers } = await askViolations(connection, caller, preconditions, [
    ...byName,
    ...byId,
  ]);
  noteMissing(sessions, violations, projectId, faults);
  noteDenied(sessions, violations, projectId, faults);
  const values = answers.map((found) => typedRows(TAKEN, found).map(({ value }) => value));
  noteTaken(
    sessions,
    new Set(values.slice(0, byName.length).flat()),
    new Set(values.slice(byName.length).flat()),
    faults,
  );
  return { sessions, faults: faults.inOrderOf(rows), preconditions, intent };
}

/**
 * Writes sessions that were checked and have no errors, in one transaction: all of them or none.
 *
 * @throws an ApiError when something has changed since the check
 */
export async function writeSessions(
  connection: Connection,
  { sessions, preconditions, intent }: CheckedSessions,
): Promise<void> {
  // Without an error, every row has a complete input.
  const whole = sessions.map(({ id, input }) => toImported(id, input as ImportInput));
  const ids = whole.map(({ id }) => id);
  await execute(
    connection,
    intent,
    new Plan({
      preconditions,
      statements: insertSessions(whole, intent.now),
      audit: [{ action: "create", model: session, id: listed(ids) }],
      reply: { show: "nothing" },
    }),
  );
}

type ImportInput = SessionInput & Partial<ParsedShape<typeof ownShape>>;

/** A row with its valid fields. */
export interface ReadRow {
  readonly place: string;
  readonly id: string;
  readonly input: Partial<ImportInput>;
}

class RowErrors {
  readonly byPlace = new Map<string, Map<string, readonly string[]>>();

  add(place: string, field: string, ...messages: readonly string[]): void {
    const fields = this.byPlace.get(place) ?? new Map<string, readonly string[]>();
    fields.set(field, [...(fields.get(field) ?? []), ...messages]);
    this.byPlace.set(place, fields);
  }

  /**
   * The errors in the order of the rows, in which people correct them. They were found in the order of the
   * checks.
   */
  inOrderOf(rows: readonly FileRow[]): RowFaults {
    return new Map(
      rows.flatMap(({ place }) => {
        const fields = this.byPlace.get(place);
        return fields === undefined ? [] : [[place, fields]];
      }),
    );
  }
}

function readRows(
  rows: readonly FileRow[],
  { projectId, declaration }: Pick<SessionFile, "projectId" | "declaration">,
  faults: RowErrors,
  onRead: SessionFile["onRead"],
): readonly ReadRow[] {
  return rows.map(({ place, body }, index) => {
    const { input, faults: found } = parseInput(
      declaration,
      withProject(body, projectId),
      "create",
    );
    if (found instanceof Error) faults.add(place, "session", found.message);
    else for (const [field, messages] of found.toErrors()) faults.add(place, field, ...messages);
    if (new TextEncoder().encode(JSON.stringify(body)).byteLength > MAX_BYTES) {
      faults.add(place, "session", `The session is larger than ${MAX_BYTES} bytes.`);
    }
    onRead?.(index + 1);
    // Each field of parseInput's result has the type in the declaration.
    const parsed = input as Partial<ImportInput>;
    return { place, id: parsed.id ?? crypto.randomUUID(), input: parsed };
  });
}

function withProject(body: unknown, projectId: string): unknown {
  if (!isJsonObject(body)) return body;
  const { projects = [] } = body;
  return { ...body, projects: Array.isArray(projects) ? [projectId, ...projects] : projects };
}

function toImported(
  id: string,
  { name_used_in_storage: nameUsedInStorage = "", id: _, ...input }: ImportInput,
): ImportedSession {
  return { id, nameUsedInStorage, input };
}

function distinct(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}

/** Adds an error for each name or id that an earlier row already has. */
function noteRepeated(rows: readonly ReadRow[], faults: RowErrors): void {
  const names = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const { place, id, input } of rows) {
    for (const [field, value, seen] of [
      ["name", input.name, names] as const,
      ["id", id, ids] as const,
    ]) {
      const earlier = value === undefined ? undefined : seen.get(value);
      if (earlier !== undefined)
        faults.add(place, field, `This ${field} is that of ${earlier} too.`);
      else if (value !== undefined) seen.set(value, place);
    }
  }
}

/**
 * Adds an error to every row that names a project or a storage that does not exist.
 *
 * @throws NotFoundError when the project of all sessions does not exist
 */
function noteMissing(
  rows: readonly ReadRow[],
  found: readonly Violation[],
  projectId: string,
  faults: RowErrors,
): void {
  const missing = new Set<string>();
  for (const violation of found) {
    if (violation.kind === "missing") missing.add(violation.field + violation.id);
  }
  if (missing.has(`projects${projectId}`)) {
    throw new NotFoundError(`No project has the id ${projectId}.`);
  }
  for (const { place, input } of rows) {
    for (const field of ["projects", "datastorage"] as const) {
      for (const id of input[field] ?? []) {
        if (!missing.has(field + id)) continue;
        faults.add(place, field, `Invalid pk "${id}" - object does not exist.`);
      }
    }
  }
}

/**
 * Adds an error to every row that names a project or a storage on which the caller lacks a permission.
 *
 * @throws ForbiddenError when it is the project of all sessions
 */
function noteDenied(
  rows: readonly ReadRow[],
  found: readonly Violation[],
  projectId: string,
  faults: RowErrors,
): void {
  const denied = new Map<string, string>();
  for (const violation of found) {
    if (violation.kind !== "denied" || violation.id === null) continue;
    denied.set(violation.id, errorOf([violation], undefined)?.message ?? "");
  }
  const ofAll = denied.get(projectId);
  if (ofAll !== undefined) throw new ForbiddenError(ofAll);
  for (const { place, input } of rows) {
    for (const field of ["projects", "datastorage"] as const) {
      const messages = (input[field] ?? []).flatMap((id) => denied.get(id) ?? []);
      if (messages.length > 0) faults.add(place, field, ...messages);
    }
  }
}

/** Adds an error for each name or id of an existing session. */
function noteTaken(
  rows: readonly ReadRow[],
  takenNames: ReadonlySet<unknown>,
  takenIds: ReadonlySet<unknown>,
  faults: RowErrors,
): void {
  for (const { place, id, input } of rows) {
    if (input.name !== undefined && takenNames.has(input.name)) {
      faults.add(place, "name", takenMessage(session.title, "name"));
    }
    if (takenIds.has(id)) faults.add(place, "id", takenMessage(session.title, "id"));
  }
}

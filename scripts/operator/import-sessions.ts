import * as z from "zod/mini";
import { type Caller, runAs } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { typedRows } from "../../src/db/typed-rows.ts";
import { askViolations, execute } from "../../src/model/execute.ts";
import { type ParsedShape, parseInput } from "../../src/model/input.ts";
import { Plan } from "../../src/model/plan.ts";
import { takenMessage } from "../../src/model/precondition.ts";
import { text, uuid } from "../../src/model/schemas.ts";
import { session } from "../../src/models/session/session.ts";
import { BadRequestError, type FieldErrors, NotFoundError } from "../../src/values/errors.ts";
import { isJsonObject } from "../../src/values/json.ts";
import type { Violation } from "../../src/values/violation.ts";
import { intentOf } from "./records.ts";
import {
  findTaken,
  type ImportedSession,
  insertSessions,
  listed,
  type SessionInput,
  TAKEN,
} from "./session-rows.ts";

/**
 * The fields of an imported session that clients cannot write; it has them in addition to those that clients
 * write.
 */
const ownShape = {
  id: z.optional(uuid),
  name_used_in_storage: z._default(text(200), ""),
};

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
  /** Receives the number of rows that are read so far. */
  readonly onRead?: (count: number) => void;
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
  { projectId, rows, onRead }: SessionFile,
): Promise<RowFaults> {
  if (rows.length > MAX_SESSIONS) {
    throw new BadRequestError(
      `The file has ${rows.length} sessions, and one import takes at most ${MAX_SESSIONS}: split it.`,
    );
  }
  const faults = new RowErrors();
  const sessions = readRows(rows, projectId, faults, onRead);
  noteRepeated(sessions, faults);
  const intent = intentOf(caller);
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
  const { violations } = await askViolations(connection, caller, preconditions);
  noteMissing(sessions, violations, projectId, faults);
  await noteTaken(connection, caller, sessions, faults);
  if (faults.byPlace.size === 0) {
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
  return faults.inOrderOf(rows);
}

type ImportInput = SessionInput & ParsedShape<typeof ownShape>;

/** A row with its valid fields. */
interface ReadRow {
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
  projectId: string,
  faults: RowErrors,
  onRead: SessionFile["onRead"],
): readonly ReadRow[] {
  return rows.map(({ place, body }, index) => {
    const { input, faults: found } = parseInput(
      sessionImport,
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
  { name_used_in_storage: nameUsedInStorage, ...input }: ImportInput,
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

/** Adds an error for each name or id of an existing session. */
async function noteTaken(
  connection: Connection,
  caller: Caller,
  rows: readonly ReadRow[],
  faults: RowErrors,
): Promise<void> {
  const names = rows.flatMap(({ input }) => input.name ?? []);
  const byName = findTaken("name", names);
  const byId = findTaken(
    "id",
    rows.map(({ id }) => id),
  );
  const answers = await runAs(connection, caller, [...byName, ...byId]);
  const values = answers.map((rows) => typedRows(TAKEN, rows).map(({ value }) => value));
  const takenNames = new Set(values.slice(0, byName.length).flat());
  const takenIds = new Set(values.slice(byName.length).flat());
  for (const { place, id, input } of rows) {
    if (input.name !== undefined && takenNames.has(input.name)) {
      faults.add(place, "name", takenMessage(session.title, "name"));
    }
    if (takenIds.has(id)) faults.add(place, "id", takenMessage(session.title, "id"));
  }
}

import type { SQL } from "drizzle-orm";
import { type Caller, runAs } from "../db/access.ts";
import type { Connection, Row } from "../db/connection.ts";
import { isTooBig } from "../db/constraint-error.ts";
import { compileDetail, compileList, dearIncludes, type ListHead } from "../query/compile.ts";
import type { Position } from "../query/cursor.ts";
import type { Query, Selection } from "../query/parse.ts";
import { ownField, type ReadModel } from "../query/read-model.ts";
import { refusalOf } from "../query/rows.ts";
import {
  AnswerTooLargeError,
  type ApiError,
  BadRequestError,
  ForbiddenError,
  NotFoundError,
} from "../values/errors.ts";
import { hiddenMessage } from "../values/violation.ts";

/** One page of a list. */
export interface Page {
  /** Each object as JSON text. */
  readonly bodies: readonly string[];
  /** The number of all objects that match the query. */
  readonly count: number;
  /** Whether objects follow the page, and the position after which they do. */
  readonly hasMore: boolean;
  readonly position: Position | undefined;
  /** Set when there are more than `count`: a search counts no further. */
  readonly isAtLeast: boolean;
}

/**
 * The page of records that the caller may see and that match the query.
 *
 * @throws UnauthenticatedError when the token is not valid, AnswerTooLargeError when the page is too large, or
 * BadRequestError when it would read too many rows
 */
export async function listRecords(
  connection: Connection,
  caller: Caller,
  model: ReadModel,
  query: Query,
): Promise<Page> {
  const answers = await readAs(connection, caller, [compileList(model, caller, query)]);
  return pageOf(model, query, answers);
}

/**
 * The page from the rows of the statement of `compileList`.
 *
 * @throws AnswerTooLargeError when the objects exceed the size of one answer, or BadRequestError when the
 * statement refused to read as many rows as the query or its includes ask for
 */
export function pageOf(
  model: ReadModel,
  query: Query,
  [rows = []]: readonly (readonly Row[])[],
): Page {
  const [first, ...objects] = rows;
  if (first === undefined) throw new Error("A list has no first row.");
  const head = JSON.parse(String(first.text)) as ListHead;
  if (head.refused !== null) throw new BadRequestError(refusalOf(model, query, head.refused));
  if (head.included !== null) {
    throw new BadRequestError(tooMuchIncluded(model, query, head.included));
  }
  if (objects.some(({ text }) => text === null)) {
    throw new AnswerTooLargeError(
      "The answer would be larger than 16 MiB: ask for fewer objects with limit, without include[], or leave long fields out with exclude[].",
    );
  }
  const last = objects.at(-1)?.position;
  return {
    bodies: objects.map(({ text }) => String(text)),
    count: head.count,
    hasMore: head.hasMore === 1,
    position: last == null ? undefined : (JSON.parse(String(last)) as Position),
    isAtLeast: head.isAtLeast === 1,
  };
}

/** What to say when the included objects would read too many rows. */
function tooMuchIncluded(model: ReadModel, query: Query, rows: number): string {
  const names = dearIncludes(model, query).map((name) => `include[]=${name}`);
  const below =
    ownField(model, "links") && `page through the list below one ${model.title} (see its links)`;
  return (
    `${names.join(", ")}: would read about ${rows} rows, which is too many for one answer. ` +
    `Ask for fewer ${model.titles} with limit, or leave the include out` +
    `${below === undefined ? "." : ` and ${below}.`}`
  );
}

/**
 * One object as JSON text.
 *
 * @throws UnauthenticatedError; NotFoundError when it does not exist; ForbiddenError when the caller may not
 * see it, which in the public portal is a NotFoundError too
 */
export async function readRecord(
  connection: Connection,
  caller: Caller,
  model: ReadModel,
  id: string,
  selection?: Selection,
): Promise<string> {
  const { body } = await readRecordWith(connection, caller, model, id, [], selection);
  return body;
}

/**
 * One object as JSON text, and the rows of further statements, in one round trip.
 *
 * @throws as `readRecord` does
 */
export async function readRecordWith(
  connection: Connection,
  caller: Caller,
  model: ReadModel,
  id: string,
  statements: readonly SQL[],
  selection?: Selection,
): Promise<{ readonly body: string; readonly beside: readonly (readonly Row[])[] }> {
  const [rows, ...beside] = await readAs(connection, caller, [
    compileDetail(model, caller, id, selection),
    ...statements,
  ]);
  const row = rows?.[0];
  if (row === undefined) throw new NotFoundError();
  if (row.body === null) throw hiddenError(caller, model);
  return { body: String(row.body), beside };
}

/**
 * Runs statements that read. One object can exceed the size that the database can build, by itself or with
 * its relations.
 *
 * @throws UnauthenticatedError, and AnswerTooLargeError for such an object
 */
export async function readAs(
  connection: Connection,
  caller: Caller,
  statements: readonly SQL[],
): Promise<readonly (readonly Row[])[]> {
  try {
    return await runAs(connection, caller, statements);
  } catch (error) {
    if (!isTooBig(error)) throw error;
    throw new AnswerTooLargeError(
      "One object is too large to be read whole: ask for it without include[], leave fields out with exclude[], and change it without If-Match.",
    );
  }
}

function hiddenError(caller: Caller, model: ReadModel): ApiError {
  return caller.kind === "public"
    ? new NotFoundError()
    : new ForbiddenError(hiddenMessage(model.title, model.viewPermission));
}

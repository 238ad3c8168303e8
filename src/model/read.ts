import type { SQL } from "drizzle-orm";
import { type Caller, runAs } from "../db/access.ts";
import type { Connection, Row } from "../db/connection.ts";
import { isTooBig } from "../db/constraint-error.ts";
import { compileDetail, compileList } from "../query/compile.ts";
import type { Query, Selection } from "../query/parse.ts";
import type { ReadModel } from "../query/read-model.ts";
import { type ApiError, BadRequestError, ForbiddenError, NotFoundError } from "../values/errors.ts";
import { hiddenMessage } from "../values/violation.ts";

/** One page: each object as JSON text, and the number of all objects that match the query. */
export interface Page {
  readonly bodies: readonly string[];
  readonly count: number;
}

/**
 * The page of records that the caller may see and that match the query.
 *
 * @throws UnauthenticatedError when the token is not valid, BadRequestError when the page is too large
 */
export async function listRecords(
  connection: Connection,
  caller: Caller,
  model: ReadModel,
  query: Query,
): Promise<Page> {
  return pageOf(await readAs(connection, caller, compileList(model, caller, query)));
}

/**
 * The page from the rows of the one or two statements of `compileList`.
 *
 * @throws BadRequestError when the objects exceed the size of one answer
 */
export function pageOf([rows = [], counts = rows]: readonly (readonly Row[])[]): Page {
  const found = rows.filter((row) => row.place !== null);
  if (found.some((row) => row.body === null)) {
    throw new BadRequestError(
      "The answer would be larger than 16 MiB: ask for fewer objects with limit, without include[], or leave long fields out with exclude[].",
    );
  }
  return { bodies: found.map(({ body }) => String(body)), count: Number(counts[0]?.count ?? 0) };
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
 * @throws UnauthenticatedError, and BadRequestError for such an object
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
    throw new BadRequestError(
      "One object is too large to be read whole: ask for it without include[], leave fields out with exclude[], and change it without If-Match.",
    );
  }
}

function hiddenError(caller: Caller, model: ReadModel): ApiError {
  return caller.kind === "public"
    ? new NotFoundError()
    : new ForbiddenError(hiddenMessage(model.title, model.viewPermission));
}

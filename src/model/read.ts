import type { SQL } from "drizzle-orm";
import { runAs, type Viewer } from "../db/access.ts";
import type { Connection, Row } from "../db/connection.ts";
import { isTooBig } from "../db/constraint-error.ts";
import { BadRequest, Forbidden, NotFound, type Refusal } from "../domain/errors.ts";
import { hiddenMessage } from "../domain/fault.ts";
import { compileDetail, compileList } from "../query/compile.ts";
import type { Query, Selection } from "../query/parse.ts";
import type { Resource } from "../query/resource.ts";

/** One page: each object as JSON text, and the number of all that the query finds. */
export interface Page {
  readonly bodies: readonly string[];
  readonly count: number;
}

/** @throws Unauthenticated */
export async function listRecords(
  connection: Connection,
  caller: Viewer,
  model: Resource,
  query: Query,
): Promise<Page> {
  return pageOf(await readAs(connection, caller, compileList(model, caller, query)));
}

/**
 * The page in the rows of `compileList`, of which there are one or two sets.
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
  return { bodies: found.map(({ body }) => String(body)), count: Number(counts[0]?.count ?? 0) };
}

/**
 * One object as JSON text.
 *
 * @throws Unauthenticated, NotFound, and Forbidden when it exists and the caller may not see it; in the
 * public portal that is a NotFound too
 */
export async function readRecord(
  connection: Connection,
  caller: Viewer,
  model: Resource,
  id: string,
  selection?: Selection,
): Promise<string> {
  const [rows] = await readAs(connection, caller, [compileDetail(model, caller, id, selection)]);
  const row = rows?.[0];
  if (row === undefined) throw new NotFound();
  if (row.body === null) throw hiddenRefusal(caller, model);
  return String(row.body);
}

/**
 * Runs statements that read. One object with much in it, and that of its relations, can be more than the
 * database puts together.
 *
 * @throws Unauthenticated, and BadRequest for such an object
 */
export async function readAs(
  connection: Connection,
  caller: Viewer,
  statements: readonly SQL[],
): Promise<readonly (readonly Row[])[]> {
  try {
    return await runAs(connection, caller, statements);
  } catch (error) {
    if (!isTooBig(error)) throw error;
    throw new BadRequest(
      "One object is too large to be read whole: ask for it without include[], leave fields out with exclude[], and change it without If-Match.",
    );
  }
}

function hiddenRefusal(caller: Viewer, model: Resource): Refusal {
  return caller.kind === "public"
    ? new NotFound()
    : new Forbidden(hiddenMessage(model.title, model.viewPermission));
}
